import { setTimeout as after } from "node:timers/promises";
import { medianOf } from "../report.ts";

/** Slower than its best by more than this, the machine is doing something else. */
const tolerance = 1.15;
const looks = 9;
const texts = 20_000;
const waitMs = 5_000;
/** For all runs together. */
const longestWaitMs = 20 * 60_000;
/** How often a run is made before it is taken as it is. */
const tries = 3;

const sample = JSON.stringify({
  id: 1,
  from: { id: 7_000_001, name: "P" },
  date: 1_767_000_000,
  text: "an answer",
});

/**
 * What this machine gives at the moment. One that is shared with others gives half as much in one minute as in the next, and
 * what is measured then says nothing of the program. So the same small piece of work is done before and after each run, and
 * a run beside which it took too long is made again: whether it is depends on nothing that the run came to.
 */
export class Host {
  #best = Number.POSITIVE_INFINITY;
  #again = 0;
  #uneven = 0;
  #waitedMs = 0;

  /** Gives what `run` gives, made again where the machine was slow beside it. */
  async evenly<T>(run: () => Promise<T>): Promise<T> {
    for (let left = tries; ; left--) {
      await this.#calm();
      const result = await run();
      if (this.#isCalm()) return result;
      if (left > 1) this.#again += 1;
      else {
        this.#uneven += 1;
        return result;
      }
    }
  }

  /** What became of the runs, in a sentence. */
  get told(): string {
    return `Before and after each run the machine does the same piece of work; where that took more than ${tolerance} × its best, the run was made again (${this.#again} times; ${this.#uneven} were taken as they were after ${tries}).`;
  }

  async #calm(): Promise<void> {
    for (; this.#waitedMs < longestWaitMs && !this.#isCalm(); this.#waitedMs += waitMs) await after(waitMs);
  }

  #isCalm(): boolean {
    const took = medianOf(Array.from({ length: looks }, workMs));
    this.#best = Math.min(this.#best, took);
    return took <= tolerance * this.#best;
  }
}

/** How long (ms) it takes to read and write some JSON. */
function workMs(): number {
  const from = performance.now();
  for (let at = 0; at < texts; at++) JSON.stringify({ ...JSON.parse(sample), at });
  return performance.now() - from;
}
