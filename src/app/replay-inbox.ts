import type { ChannelId } from "../core/nouns/ids.ts";
import { Problem } from "./errors.ts";
import { retryInput } from "./fire-due.ts";
import type { ContactRow, SetAside, TurnResult } from "./ports-store.ts";
import type { TurnParts } from "./take-turn.ts";

export type ReplayOrder = {
  /** Undefined: all that are set aside. */
  readonly id?: number;
  /** Also what might answer another question than the one it was written to. */
  readonly late: boolean;
};

/** What became of an input: `left` where it would come too late, `gone` where somebody else took it or its person is erased. */
export type Replayed = {
  readonly id: number;
  readonly channel: ChannelId;
  readonly result: "handled" | "failed-again" | "left" | "gone";
};

const results: Readonly<Record<TurnResult["kind"], Replayed["result"]>> = {
  done: "handled",
  duplicate: "gone",
  kept: "failed-again",
  "set-aside": "failed-again",
};

/**
 * Handles inputs that were set aside once more, the oldest first, one after another. Each gets one attempt, and is set aside
 * again where that fails. Throws Problem `not-found` where there is no such input.
 */
export async function replayInbox(parts: TurnParts, order: ReplayOrder): Promise<readonly Replayed[]> {
  const all = await parts.store.setAside();
  const wanted = order.id === undefined ? all : all.filter(({ id }) => id === order.id);
  if (order.id !== undefined && wanted.length === 0) {
    throw new Problem(
      "not-found",
      `no input ${order.id} is set aside: \`parwana inbox list\` shows those that are`,
    );
  }
  const replayed: Replayed[] = [];
  for (const one of wanted) {
    const { id, channel } = one;
    replayed.push({ id, channel, result: await replay(parts, one, order.late) });
  }
  return replayed;
}

async function replay(parts: TurnParts, aside: SetAside, late: boolean): Promise<Replayed["result"]> {
  const row = await parts.store.contact(aside.contact);
  if (row === undefined) return "gone";
  if (!late && comesTooLate(parts, aside, row)) return "left";
  const kept = await parts.store.takeBack(aside.id, parts.clock.now());
  if (kept === undefined) return "gone";
  const result = results[await retryInput(parts, kept, row, { retry: true, counted: true })];
  parts.log.info("set-aside input replayed", { channel: aside.channel, result });
  return result;
}

/** Whether the person went on without it, and is at a question now that its words might answer. */
function comesTooLate({ people }: TurnParts, { at }: SetAside, row: ContactRow): boolean {
  if (row.lastInbound === undefined || row.lastInbound <= at) return false;
  const session = people.look(row);
  return session?.frames.some((place) => !place.startsWith("menu:")) === true;
}
