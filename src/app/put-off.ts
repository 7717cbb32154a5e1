import type { Ms } from "../core/nouns/time.ts";
import type { Queue } from "./contact-queues.ts";

/** A timer that is given more goes off at once. Who is given back too soon is put off again. */
const longestTimer: Ms = 2 ** 31 - 1;

/** Contacts whose first message has to wait; each is given back when its moment has come. */
export class PutOff {
  readonly #due: (queue: Queue) => void;
  readonly #together = new Map<string, Queue[]>();

  /** `due` is given each whose moment has come; it may put them off again at once. */
  constructor(due: (queue: Queue) => void) {
    this.#due = due;
  }

  /** For so long, by itself. */
  alone(queue: Queue, wait: Ms): void {
    setTimeout(() => this.#due(queue), Math.min(wait, longestTimer)).unref();
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
    setTimeout(() => this.#release(all, reason), Math.min(wait, longestTimer)).unref();
  }

  /** Gives them back one by one; when one has to wait again, so do those behind it, without being asked. */
  #release(all: readonly Queue[], reason: string): void {
    this.#together.delete(reason);
    for (const [at, queue] of all.entries()) {
      this.#due(queue);
      const again = this.#together.get(reason);
      if (again === undefined) continue;
      again.push(...all.slice(at + 1));
      return;
    }
  }
}
