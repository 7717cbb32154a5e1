import { day, type Ms } from "../../core/nouns/time.ts";

/** How long what is over is kept, ms. */
export type Retention = {
  /** The ids of handled deliveries: the longest a platform may repeat one (Telegram: a day). */
  readonly handledInputs: Ms;
  readonly setAsideInputs: Ms;
  /** What became of a message; its text goes at once. */
  readonly finishedMessages: Ms;
  /** An erasure's receipt that could not be sent. */
  readonly loneMessages: Ms;
};

export const defaultRetention: Retention = {
  handledInputs: 7 * day,
  setAsideInputs: 30 * day,
  finishedMessages: 30 * day,
  loneMessages: day,
};

/** Ids are microseconds, so that a clock set back only slows them down. */
const perMs = 1000;

/** The smallest id that can have been given at `at` (ms): ids tell when a row was made. */
export function idAt(at: number): number {
  return at * perMs;
}

/** When (ms) the row with this id was made; later than that by the little that ids were ahead of the clock. */
export function madeAt(id: number): Ms {
  return Math.floor(id / perMs);
}
