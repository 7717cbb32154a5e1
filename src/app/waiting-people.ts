import { carryOver } from "../core/conversation/carry-over.ts";
import type { Session } from "../core/conversation/session.ts";
import { type Fate, type FateKind, whereTo } from "../core/flow/moves.ts";
import type { Program } from "../core/flow/program.ts";
import type { ContactRow } from "./ports-store.ts";
import type { Parts } from "./runtime.ts";
import type { TurnParts } from "./take-turn.ts";

/** How many people are in the middle at one place, and where they go on in other content. Says nothing of who they are. */
export type WaitingRow = {
  /** A step's place; `reminders/<kind>` and `locales/<language>` for what people have of these. */
  readonly place: string;
  readonly people: number;
  /** `asked-again`: an answer that was given on the way is no possible one any more; `goesTo` is its question. */
  readonly becomes: FateKind | "asked-again";
  /** Empty: nowhere. */
  readonly goesTo: string;
};

/** People opened in one go: about ten milliseconds. */
const batch = 200;

/** Counts the people of the store by where they are, with what becomes of them in this content. Goes through all, in batches. */
export async function waitingPeople(
  { store, people, log }: Pick<Parts, "store" | "log"> & Pick<TurnParts, "people">,
  program: Program,
): Promise<readonly WaitingRow[]> {
  const counts = new Map<string, WaitingRow>();
  let unreadable = 0;
  for await (const row of everyContact(store)) {
    const session = people.look(row);
    if (session === undefined) unreadable += 1;
    else for (const one of rowsOf(program, session)) add(counts, one);
  }
  if (unreadable > 0) log.warn("people who could not be opened were not counted", { people: unreadable });
  return [...counts.values()].sort((a, b) => (a.place < b.place ? -1 : 1));
}

/** All contacts by their ids, with a pause after each batch in which other work gets its turn. */
async function* everyContact({ contactsAfter }: Parts["store"]): AsyncGenerator<ContactRow> {
  let rows = await contactsAfter(0, batch);
  for (let last = rows.at(-1); last !== undefined; last = rows.at(-1)) {
    yield* rows;
    await new Promise((resolve) => setImmediate(resolve));
    rows = await contactsAfter(last.id, batch);
  }
}

/** Those who would be stranded: where they are is no more, and nobody has said where they go on. */
export function stranded(rows: readonly WaitingRow[]): readonly WaitingRow[] {
  return rows.filter(({ becomes }) => becomes === "gone");
}

function add(counts: Map<string, WaitingRow>, row: WaitingRow): void {
  const key = `${row.place} ${row.becomes} ${row.goesTo}`;
  counts.set(key, { ...row, people: row.people + (counts.get(key)?.people ?? 0) });
}

function rowsOf(program: Program, session: Session): readonly WaitingRow[] {
  return [
    ...placesOf(program, session),
    ...reminderRows(program, session),
    ...languageRows(program, session),
  ];
}

function placesOf(program: Program, session: Session): readonly WaitingRow[] {
  const { frames } = session;
  const fates = frames.map((place, at): readonly [string, Fate] => [
    place,
    whereTo(program, place, at === frames.length - 1 ? "waits" : "calls"),
  ]);
  // At the menu nobody is in the middle of anything; whoever comes back to it finds it.
  const inside = fates.filter(([place]) => !place.startsWith("menu:"));
  const rows = inside.map(([place, { kind, to = "" }]) => ({ place, people: 1, becomes: kind, goesTo: to }));
  const stays = fates.every(([, { kind }]) => kind === "same" || kind === "renamed");
  const carried = stays ? carryOver(program, session) : undefined;
  if (carried?.told !== true) return rows;
  const last = rows.at(-1);
  const again = { becomes: "asked-again", goesTo: carried.session.frames.at(-1) ?? "" } as const;
  return last === undefined ? rows : [...rows.slice(0, -1), { ...last, ...again }];
}

function reminderRows({ reminders }: Program, session: Session): readonly WaitingRow[] {
  const kinds = new Set(session.reminders.map(({ kind }) => kind).filter((kind) => !reminders.has(kind)));
  return [...kinds].map((kind) => ({ place: `reminders/${kind}`, people: 1, becomes: "gone", goesTo: "" }));
}

function languageRows({ languages }: Program, { met, language }: Session): readonly WaitingRow[] {
  if (!met || languages.includes(language)) return [];
  return [{ place: `locales/${language}`, people: 1, becomes: "gone", goesTo: "" }];
}
