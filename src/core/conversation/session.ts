import type { Place } from "../flow/program.ts";
import type { TopicId } from "../nouns/ids.ts";
import type { Language } from "../nouns/language.ts";
import type { Ms } from "../nouns/time.ts";
import type { Value } from "../nouns/value.ts";

/** A date that a person asked to be reminded of, or a recurring nudge. */
export type Reminder = {
  /** Grows by one for each reminder of this person; names it in buttons and refs. */
  readonly number: number;
  readonly kind: string;
  /** The civil date on the person's paper; for recurring kinds the day it was set. */
  readonly date: string;
  /** Whose date it is, in the person's own words ("me", "my son"); "" when not said. */
  readonly label: string;
  /** The civil date its next nudge is scheduled for; absent when none is. */
  readonly next?: string;
};

/** The inner state of a question that takes more than one message to answer. */
export type Asking =
  | { readonly kind: "confirm"; readonly date: string; readonly doubt: "none" | "placeholder" | "far" }
  | { readonly kind: "choose"; readonly dates: readonly string[] }
  | { readonly kind: "picked"; readonly options: readonly string[] }
  /** A phone or a receipt number was read, and is read back. */
  | { readonly kind: "number"; readonly number: string };

/** One value of this conversation: an answered question, or what a step set. In the order they came about. */
export type Answer = {
  readonly place: Place;
  readonly value: Value;
  /** Where a person was asked for it, and only there: the frames below the question then. "Back" can return to it. */
  readonly below?: readonly Place[];
  /** The outcomes that were gathered by this answer and after it, up to the next asked one. */
  readonly adds?: readonly string[];
  /** A round begins: what was answered in this flow before belongs to earlier rounds, and is not read any more. */
  readonly opens?: true;
};

/** Everything we know of a conversation, as plain JSON. Made by `advance` only; every field is always there. */
export type Session = {
  readonly v: 1;
  readonly language: Language;
  /** Whether the person chose the language (before that it is a guess). */
  readonly met: boolean;
  /** Counts turns: one for each input that was handled. */
  readonly turn: number;
  /** The hash of the content that it last ran on. */
  readonly content: string;
  /** Where the person is (IANA); null until they said. */
  readonly timeZone: string | null;
  /** Where the conversation is: the calling steps, and last the step that waits. Empty: at rest. */
  readonly frames: readonly Place[];
  /** What a waiting question is in the middle of. */
  readonly asking: Asking | null;
  readonly answers: readonly Answer[];
  /** Outcomes gathered for a result page, as `<flow>:<outcome>`. */
  readonly gathered: readonly string[];
  /** Ids of the buttons last shown, in order: a typed number picks one. */
  readonly offered: readonly string[];
  /** Messages in a row that were not understood. */
  readonly misses: number;
  readonly reminders: readonly Reminder[];
  readonly nextReminder: number;
  readonly subscriptions: readonly TopicId[];
  /** When waiting for this answer ends. */
  readonly waitUntil: Ms | null;
  readonly stopped: boolean;
};

/** A conversation that has not begun. */
export function newSession(language: Language, content: string): Session {
  return {
    v: 1,
    language,
    met: false,
    turn: 0,
    content,
    timeZone: null,
    frames: [],
    asking: null,
    answers: [],
    gathered: [],
    offered: [],
    misses: 0,
    reminders: [],
    nextReminder: 1,
    subscriptions: [],
    waitUntil: null,
    stopped: false,
  };
}
