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
  #led = false;

  constructor(parts: TurnParts) {
    this.#parts = parts;
  }

  /** Begins. Where several processes share the store, one does the work, and the next when it ends. */
  start(): void {
    this.#timer = setInterval(() => this.#tick(), tickEvery);
    this.#tick();
  }

  /** Goes on with the broadcasts that were being queued by a process that died. */
  resume(): void {
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
    let leads = false;
    await this.#guarded("the lead", async () => {
      leads = await this.#parts.store.together.leads();
    });
    if (leads) await this.#lead();
    this.#led = leads;
  }

  async #lead(): Promise<void> {
    if (!this.#led) this.resume();
    await this.#guarded("due moments", () => fireDue(this.#parts));
    await this.#guarded("failed inputs", () => retryKept(this.#parts));
    const now = this.#parts.clock.now();
    if (now - this.#lastSweep < sweepEvery) return;
    this.#lastSweep = now;
    if (this.#led) this.resume();
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
