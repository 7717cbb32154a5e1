import { problemCode } from "./errors.ts";
import type { KeptInput } from "./ports-store.ts";
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
  if (row === undefined) return;
  const inbox = { channel: kept.channel, externalId: kept.externalId, retry: true };
  let turn: TurnInput;
  try {
    const key = parts.people.keyOf(row);
    const place = { table: "inbox", column: "input", row: kept.id };
    turn = JSON.parse(parts.vault.open(key, place, kept.input));
  } catch (problem) {
    // That counts as a try too: for ever unreadable, it would be looked at for ever.
    await parts.store.turn({
      who: { kind: "contact", id: kept.contact },
      inbox,
      fire: undefined,
      now: parts.clock.now(),
      decide: () => {
        throw problem;
      },
      keep: () => ({ changes: emptyChanges(false), contact: kept.contact, input: () => kept.input }),
    });
    return;
  }
  await takeTurn(parts, { ...turn, inbox });
}
