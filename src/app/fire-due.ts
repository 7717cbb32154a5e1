import { problemCode } from "./errors.ts";
import type { ContactRow, KeptInput, TurnResult } from "./ports-store.ts";
import { type TurnInput, type TurnParts, takeTurn } from "./take-turn.ts";
import { emptyChanges } from "./turn-changes.ts";

/** How many due moments are taken at once. */
const batch = 500;

/** Takes the turns of every scheduled moment that has come. Gives how many were taken. */
export async function fireDue(parts: TurnParts): Promise<number> {
  const due = await parts.store.dueFires(parts.clock.now(), batch);
  const taken = due.map(async ({ contact, ref, at }) => {
    const row = await parts.store.contact(contact);
    if (row === undefined) return;
    await takeTurn(parts, {
      channel: row.channel,
      who: { kind: "contact", id: contact },
      input: { kind: "due", ref },
      languageHint: undefined,
      opensWindow: false,
      inbox: undefined,
      fire: { ref, at },
    });
  });
  for (const result of await Promise.allSettled(taken)) {
    if (result.status === "rejected")
      parts.log.error("a scheduled moment could not be handled", { code: problemCode(result.reason) });
  }
  return due.length;
}

/** Tries again the inputs whose handling failed before and whose next try is due. Gives how many were tried. */
export async function retryKept(parts: TurnParts): Promise<number> {
  const kept = await parts.store.keptInputs(parts.clock.now(), batch);
  for (const input of kept) {
    try {
      await retry(parts, input);
    } catch (error) {
      parts.log.error("a failed input could not be tried again", { code: problemCode(error) });
    }
  }
  return kept.length;
}

async function retry(parts: TurnParts, kept: KeptInput): Promise<void> {
  const row = await parts.store.contact(kept.contact);
  if (row !== undefined) await retryInput(parts, kept, row, { retry: true });
}

/** How an input is handled once more: `counted`, where its attempt was written beforehand. */
type Retry = { readonly retry: true; readonly counted?: true };

/** Handles a kept input of this contact once more; gives what became of it. Rejects when the store can't be written to. */
export async function retryInput(
  parts: TurnParts,
  kept: KeptInput,
  row: ContactRow,
  how: Retry,
): Promise<TurnResult["kind"]> {
  const inbox = { channel: kept.channel, externalId: kept.externalId, ...how };
  let turn: TurnInput;
  try {
    const key = parts.people.keyOf(row);
    const place = { table: "inbox", column: "input", row: kept.id };
    turn = JSON.parse(parts.vault.open(key, place, kept.input));
  } catch (problem) {
    // That counts as a try too: for ever unreadable, it would be looked at for ever.
    const result = await parts.store.turn({
      who: { kind: "contact", id: kept.contact },
      inbox,
      fire: undefined,
      now: parts.clock.now(),
      decide: () => {
        throw problem;
      },
      keep: () => ({ changes: emptyChanges(false), contact: kept.contact, input: () => kept.input }),
    });
    return result.kind;
  }
  // What was taken back may be weeks old: the platform's window for answers is not open because of it.
  const opensWindow = turn.opensWindow && how.counted !== true;
  return takeTurn(parts, { ...turn, inbox, opensWindow });
}
