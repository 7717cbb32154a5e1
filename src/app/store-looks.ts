import type { Lane } from "../core/nouns/message.ts";
import { type Ms, second } from "../core/nouns/time.ts";
import { lanes } from "./contact-queues.ts";

/** How often the store is asked for nudges and broadcasts that are queued there and not in memory. */
const every: Ms = second;
/**
 * Answers are in memory from their commit on, and whoever puts others into the store wakes the outbox; every so many
 * times the store is asked for answers all the same.
 */
const timesForAnswers = 10;
/** What nobody waits for: the store is asked for it by the clock. */
const unasked: readonly Lane[] = ["nudge", "bulk"];

export type LooksNeeds = {
  /** Looks into the store for due rows of these lanes. */
  readonly look: (wanted: readonly Lane[]) => Promise<void>;
  readonly failed: (error: unknown) => void;
  /** Told after each look. */
  readonly looked: () => void;
};

/** Sees to it that the store is looked into when there is reason to, once at a time. */
export class StoreLooks {
  readonly #needs: LooksNeeds;
  readonly #wanted = new Set<Lane>();
  #looking = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(needs: LooksNeeds) {
    this.#needs = needs;
  }

  /** Begins with a look at everything. */
  start(): void {
    let times = 0;
    this.#timer = setInterval(() => {
      times += 1;
      this.#want(times % timesForAnswers === 0 ? lanes : unasked);
    }, every);
    this.wake();
  }

  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
  }

  /** Something was put into the store: it is looked into now, and after the look that runs. */
  wake(): void {
    this.#want(lanes);
  }

  #want(wanted: readonly Lane[]): void {
    for (const lane of wanted) this.#wanted.add(lane);
    if (!this.#looking) void this.#look();
  }

  async #look(): Promise<void> {
    this.#looking = true;
    while (this.#wanted.size > 0 && !this.#stopped && (await this.#lookOnce()));
    this.#looking = false;
  }

  /** Whether it worked; what could not be looked for is wanted still, when the time for the next look has come. */
  async #lookOnce(): Promise<boolean> {
    const wanted = lanes.filter((lane) => this.#wanted.has(lane));
    this.#wanted.clear();
    try {
      await this.#needs.look(wanted);
      return true;
    } catch (error) {
      this.#needs.failed(error);
      for (const lane of wanted) this.#wanted.add(lane);
      return false;
    } finally {
      this.#needs.looked();
    }
  }
}
