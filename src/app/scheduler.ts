import { hour, type Ms, second } from "../core/nouns/time.ts";
import { problemCode } from "./errors.ts";
import { fireDue, retryKept } from "./fire-due.ts";
import { resumeBroadcasts } from "./send-broadcast.ts";
import type { TurnParts } from "./take-turn.ts";

const tickEvery: Ms = second;
const sweepEvery: Ms = hour;

/** Runs what time brings: due moments and failed inputs each second, what a restart interrupted, the hourly sweep. */
export class Scheduler {
  readonly #parts: TurnParts;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #lastSweep: Ms = 0;

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  /** Begins. */
  start(): void {
    this.#timer = setInterval(() => this.#tick(), tickEvery);
    void this.#guarded("broadcasts", () => resumeBroadcasts(this.#parts));
  }

  /** Ends; what is running is finished first. Idempotent. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#running;
  }

  #tick(): void {
    this.#running ??= this.#work().finally(() => (this.#running = undefined));
  }

  async #work(): Promise<void> {
    await this.#guarded("due moments", () => fireDue(this.#parts));
    await this.#guarded("failed inputs", () => retryKept(this.#parts));
    const now = this.#parts.clock.now();
    if (now - this.#lastSweep < sweepEvery) return;
    this.#lastSweep = now;
    await this.#guarded("the sweep", async () => {
      const removed = await this.#parts.store.sweep(now);
      if (Object.values(removed).some((count) => count > 0)) this.#parts.log.info("swept", removed);
    });
  }

  async #guarded(what: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#parts.log.error("scheduled work failed", { what, code: problemCode(error) });
    }
  }
}
