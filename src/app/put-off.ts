import type { Ms } from "../core/nouns/time.ts";
import type { Queue } from "./contact-queues.ts";

/** A timer that is given more goes off at once. Who is given back too soon is put off again. */
const longestTimer: Ms = 2 ** 31 - 1;

/** Contacts whose first message has to wait; each is given back when its moment has come. */
export class PutOff {
  readonly #due: (queues: readonly Queue[]) => void;
  readonly #together = new Map<string, Queue[]>();

  /** `due` is given those whose moment has come. */
  constructor(due: (queues: readonly Queue[]) => void) {
    this.#due = due;
  }

  /** For so long, by itself. */
  alone(queue: Queue, wait: Ms): void {
    setTimeout(() => this.#due([queue]), Math.min(wait, longestTimer)).unref();
  }

  /** With all others that wait for the same, under one timer: hundreds do while a broadcast is sent. */
  together(queue: Queue, reason: string, wait: Ms): void {
    const others = this.#together.get(reason);
    if (others !== undefined) {
      others.push(queue);
      return;
    }
    const all = [queue];
    this.#together.set(reason, all);
    setTimeout(
      () => {
        this.#together.delete(reason);
        this.#due(all);
      },
      Math.min(wait, longestTimer),
    ).unref();
  }
}
