import type { Ms } from "../core/nouns/time.ts";

/** How many answers may wait to be sent before new input is made to wait. */
const roomFor = 600;
/** How long an input waits at the gate before its platform is told to come again. */
const patience: Ms = 8_000;

type Waiting = { readonly open: (admitted: boolean) => void; readonly timer: NodeJS.Timeout };

/**
 * Holds intake back while too many answers wait to be sent: an answer that comes late is worth less than a
 * platform that repeats a little later. Whoever waits is let in in order, as answers leave.
 */
export class IntakeGate {
  readonly #backlog: () => number;
  readonly #waiting: Waiting[] = [];

  /** `backlog` gives the number of answers decided and not yet sent, as far as they count. */
  constructor(backlog: () => number) {
    this.#backlog = backlog;
  }

  /** Resolves true when the input may be taken in, false when it should be refused for now. */
  enter(): Promise<boolean> | true {
    if (this.#waiting.length === 0 && this.#backlog() < roomFor) return true;
    return new Promise((open) => {
      const entry: Waiting = { open, timer: setTimeout(() => this.#giveUp(entry), patience) };
      this.#waiting.push(entry);
      // Those who were let in may have made no answer (repeats), so that none leaves to open for the next.
      this.left();
    });
  }

  /** An answer has left: lets waiting inputs in, as many as there is room for. */
  left(): void {
    for (let room = roomFor - this.#backlog(); room > 0 && this.#waiting.length > 0; room--) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      clearTimeout(next.timer);
      next.open(true);
    }
  }

  #giveUp(entry: Waiting): void {
    const at = this.#waiting.indexOf(entry);
    if (at >= 0) this.#waiting.splice(at, 1);
    entry.open(false);
  }
}
