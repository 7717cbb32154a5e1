import { advance } from "../core/conversation/advance.ts";
import { isForOnce } from "../core/conversation/taps.ts";
import type { ChannelId, ContactId } from "../core/nouns/ids.ts";
import type { Input } from "../core/nouns/input.ts";
import type { Ms } from "../core/nouns/time.ts";
import { guessLanguage } from "../core/text/guess-language.ts";
import type { Outbox } from "./deliver-outbox.ts";
import type { People, Person } from "./people.ts";
import type { PersonKey } from "./ports.ts";
import type { Changes, ContactRow, TurnRequest, TurnResult, Waits } from "./ports-store.ts";
import type { Parts } from "./runtime.ts";
import { changesOf, emptyChanges, type Prepared } from "./turn-changes.ts";

/** One input of one person, and what makes it happen once. */
export type TurnInput = {
  readonly channel: ChannelId;
  readonly who:
    | { readonly kind: "address"; readonly addresses: readonly [string, ...string[]] }
    | { readonly kind: "contact"; readonly id: ContactId };
  readonly input: Input;
  readonly languageHint: string | undefined;
  readonly opensWindow: boolean;
  /** When they wrote, where it was not just now. */
  readonly writtenAt?: Ms | undefined;
  /** The platform's id of the message whose button was tapped. */
  readonly tappedMessage?: string | undefined;
  readonly inbox: TurnRequest["inbox"];
  readonly fire: TurnRequest["fire"];
};

export type TurnParts = Parts & { readonly people: People; readonly outbox: Outbox };

/** What the store knows of the person whose turn it is. */
type Stored = { readonly row: ContactRow | undefined; readonly waits: Waits };

/** Decided, not yet committed: what to hand on once it is. */
type Decided = {
  readonly before: ContactRow | undefined;
  readonly person: Person;
  readonly prepared: readonly Prepared[];
  readonly changes: Changes;
};

/**
 * Takes one turn: reads the contact, advances the conversation, writes session, effects and messages in one
 * transaction, and only then hands the messages on to be sent. Resolves when it is durable; rejects when it can't be.
 */
export async function takeTurn(parts: TurnParts, turn: TurnInput): Promise<TurnResult["kind"]> {
  const now = parts.clock.now();
  const blinds = turn.who.kind === "address" ? parts.people.blinds(turn.channel, turn.who.addresses) : [];
  let decided: Decided | undefined;
  const forgetDecided = () => {
    if (decided !== undefined) parts.people.drop(decided.person.id);
  };
  try {
    const result = await parts.store.turn({
      who: turn.who.kind === "address" ? { kind: "address", blinds } : turn.who,
      inbox: turn.inbox,
      fire: turn.fire,
      now,
      decide: (row, waits) => {
        // Asked again: what was decided first was not written, and others may have written since.
        forgetDecided();
        decided = decide(parts, turn, { row, waits }, blinds, now);
        return decided?.changes;
      },
      keep: (row) => keepInput(parts, turn, row, blinds, now),
    });
    if (result.kind !== "done") forgetDecided();
    else if (decided !== undefined) handOnWhatIsOurs(parts, turn, result, decided, now);
    if (result.kind === "done" && result.released) parts.outbox.wake();
    report(parts, turn, result);
    return result.kind;
  } catch (error) {
    forgetDecided();
    throw error;
  }
}

/**
 * Hands on what is this process's to send now: older messages that it does not have go first, from the store, those that
 * were let go by this turn among them.
 */
function handOnWhatIsOurs(
  parts: TurnParts,
  turn: TurnInput,
  { behind, inLine, released }: Extract<TurnResult, { readonly kind: "done" }>,
  decided: Decided,
  now: Ms,
): void {
  const { outbox } = parts;
  const { person, prepared } = decided;
  const isOvertaking = inLine === true && (released || !outbox.holdsAnyOf(person.id));
  handOn(parts, turn, behind === true || isOvertaking ? { ...decided, prepared: [] } : decided, now);
  if (isOvertaking && prepared.length > 0) outbox.left(person.id);
}

function decide(
  parts: TurnParts,
  turn: TurnInput,
  { row, waits }: Stored,
  blinds: readonly Uint8Array[],
  now: Ms,
): Decided | undefined {
  const person = personOf(parts, turn, row);
  if (person === undefined) return undefined;
  const renderer = parts.content.current;
  const advanced = advance(renderer.program, person.session, heardAs(parts, turn, row, waits, now), now);
  const at = {
    row,
    channel: row?.channel ?? turn.channel,
    now,
    wroteAt: wroteAt(turn, row, now),
    spent: turn.input.kind === "tap" && isForOnce(turn.input.button) ? turn.tappedMessage : undefined,
    blinds,
    nextId: parts.store.nextId,
  };
  const { changes, prepared, person: after } = changesOf({ ...parts, renderer }, person, advanced, at);
  if (changes.forget === undefined) parts.people.remember((row?.version ?? 0) + 1, after);
  return { before: row, person: after, prepared, changes };
}

/**
 * The input as the conversation takes it: of a first text after the reply window had closed it is told where messages wait for
 * it. Only then is the store asked.
 */
function heardAs(
  { channels }: TurnParts,
  { input, opensWindow }: TurnInput,
  row: ContactRow | undefined,
  waits: Waits,
  now: Ms,
): Input {
  if (row === undefined || input.kind !== "text" || !opensWindow) return input;
  const window = channels.get(row.channel)?.window;
  const isOpen = window === undefined || (row.lastInbound !== undefined && now - row.lastInbound < window);
  return isOpen || !waits(row.id, now) ? input : { ...input, awaited: true };
}

/** When the person last wrote, if this input opens the reply window. One that comes late does not take back what came before it. */
function wroteAt(
  { opensWindow, writtenAt }: TurnInput,
  row: ContactRow | undefined,
  now: Ms,
): Ms | undefined {
  if (!opensWindow) return undefined;
  return writtenAt === undefined ? now : Math.max(Math.min(writtenAt, now), row?.lastInbound ?? 0);
}

/** The stored person, or a new one where somebody writes for the first time; nobody when a timer outlived its person. */
function personOf(parts: TurnParts, turn: TurnInput, row: ContactRow | undefined): Person | undefined {
  if (turn.who.kind === "contact") return row === undefined ? undefined : parts.people.open(row);
  const { addresses } = turn.who;
  if (row !== undefined) return parts.people.at(parts.people.open(row), addresses);
  const { program } = parts.content.current;
  const text = turn.input.kind === "text" ? turn.input.text : "";
  return parts.people.create(
    parts.store.nextId(),
    addresses,
    guessLanguage(turn.languageHint, text, program.languages),
    program.hash,
  );
}

/** After a handler threw: the input, sealed under the person's key, to be tried again later. */
function keepInput(
  parts: TurnParts,
  turn: TurnInput,
  row: ContactRow | undefined,
  blinds: readonly Uint8Array[],
  now: Ms,
) {
  const kept = JSON.stringify(turn);
  const sealed = (key: PersonKey) => (inboxId: number) =>
    parts.vault.seal(key, { table: "inbox", column: "input", row: inboxId }, kept);
  const changes = { ...emptyChanges(false), counts: ["input failed"] };
  // Only the key: what threw may be that the rest of the person can't be opened.
  if (row !== undefined) return { changes, contact: row.id, input: sealed(parts.people.keyOf(row)) };
  const person = personOf(parts, turn, undefined);
  if (person === undefined) throw new Error("an input without a person can't be kept");
  changes.contact = parts.people.seal(person, {
    channel: turn.channel,
    state: "active",
    version: 0,
    lastSeen: now,
    lastInbound: wroteAt(turn, undefined, now),
    openKeyboard: undefined,
  });
  changes.blinds = [...blinds];
  return { changes, contact: person.id, input: sealed(person.key) };
}

function handOn(
  parts: TurnParts,
  turn: TurnInput,
  { before, person, prepared, changes }: Decided,
  now: Ms,
): void {
  if (changes.drop !== undefined) parts.outbox.drop(person.id);
  if (changes.forget !== undefined) {
    const forgotten = before?.id ?? person.id;
    parts.people.drop(forgotten, person.addresses);
    parts.outbox.drop(forgotten);
  }
  const [address] = person.addresses;
  if (address !== undefined && prepared.length > 0) {
    parts.outbox.offer({
      contact: person.id,
      channel: before?.channel ?? turn.channel,
      address,
      lastInbound: wroteAt(turn, before, now) ?? before?.lastInbound,
      openKeyboard: before?.openKeyboard,
      messages: prepared,
    });
  }
  if (changes.forget !== undefined) parts.outbox.wake();
}

function report(parts: TurnParts, turn: TurnInput, result: TurnResult): void {
  if (result.kind === "kept")
    parts.log.warn("input kept for another try", { channel: turn.channel, attempts: result.attempts });
  if (result.kind === "set-aside")
    parts.log.error("input set aside after failing too often", { channel: turn.channel });
}
