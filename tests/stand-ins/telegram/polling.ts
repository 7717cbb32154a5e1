import type { Payload } from "../wire/shapes.ts";
import type { Timers } from "../wire/timers.ts";
import { done, type Outcome, refused } from "./outcome.ts";
import type { UpdateStore } from "./updates.ts";

/** Official server: a longer timeout is cut to this. */
const LONGEST_TIMEOUT_S = 50;

export interface Poller {
  /** Carries out getUpdates; the returned function tells that the client has gone. */
  readonly poll: (parameters: Payload, answer: (outcome: Outcome) => void) => () => void;
  /** Ends the poll that waits, as a new getUpdates or setWebhook does. */
  readonly interrupt: (by: "other getUpdates request" | "setWebhook request") => void;
  readonly waiting: () => boolean;
}

interface Waiting {
  readonly limit: number;
  readonly answer: (outcome: Outcome) => void;
  readonly cancel: () => void;
}

/** Gives long polling over `updates`: nothing is forgotten before a later offset confirms it. */
export function createPoller(updates: UpdateStore, timers: Timers): Poller {
  let waiting: Waiting | undefined;

  const finish = (outcome: Outcome) => {
    const ended = waiting;
    waiting = undefined;
    ended?.cancel();
    ended?.answer(outcome);
  };
  const interrupt: Poller["interrupt"] = (by) => {
    const note = by === "other getUpdates request" ? "; make sure that only one bot instance is running" : "";
    finish(refused(409, `Conflict: terminated by ${by}${note}`));
  };

  updates.onAdd(() => {
    if (waiting !== undefined) finish(done(firstOf(updates, waiting.limit)));
  });

  return {
    poll(parameters, answer) {
      interrupt("other getUpdates request");
      updates.allow(parameters["allowed_updates"]);
      updates.confirm(numberOr(parameters["offset"], 0));
      const limit = numberOr(parameters["limit"], 100);
      const timeout = Math.min(numberOr(parameters["timeout"], 0), LONGEST_TIMEOUT_S);
      if (updates.pending.size > 0 || timeout <= 0) {
        answer(done(firstOf(updates, limit)));
        return () => undefined;
      }
      const mine: Waiting = { limit, answer, cancel: timers.after(timeout * 1000, () => finish(done([]))) };
      waiting = mine;
      return () => {
        mine.cancel();
        if (waiting === mine) waiting = undefined;
      };
    },
    interrupt,
    waiting: () => waiting !== undefined,
  };
}

function firstOf(updates: UpdateStore, limit: number): readonly Payload[] {
  return [...updates.pending.values()].slice(0, limit).map((update) => update.content);
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === "number" ? value : otherwise;
}
