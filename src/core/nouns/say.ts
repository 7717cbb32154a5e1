import type { Lane } from "./message.ts";
import type { Ms } from "./time.ts";

/** A value put into a sentence; each kind is written as the language writes it. */
export type Param =
  | string
  | number
  /** A civil date with its weekday, in both calendars. */
  | { readonly kind: "date"; readonly date: string }
  /** The same short, in one calendar, for a button. */
  | { readonly kind: "short-date"; readonly date: string }
  /** As short as it can be, for a row of a list that holds other words too. */
  | { readonly kind: "row-date"; readonly date: string }
  | { readonly kind: "country"; readonly code: string }
  | { readonly kind: "money"; readonly amount: number }
  /** Another sentence, looked up in the same language. */
  | { readonly kind: "words"; readonly key: string; readonly params?: Params }
  /** What the installation says of itself: who hosts it, how old its facts are. Looked up when it is worded. */
  | { readonly kind: "about"; readonly name: string }
  | { readonly kind: "list"; readonly items: readonly Param[] }
  /** Each on a line of its own, after what stands before them. */
  | { readonly kind: "lines"; readonly items: readonly Param[] }
  /** A text that is not in the locale files but the organisation's own, per language (with `en` as the last resort). */
  | { readonly kind: "own"; readonly texts: Readonly<Record<string, string>> };

export type Params = Readonly<Record<string, Param>>;

/**
 * A sentence yet to be looked up: `<locale file>:<key path>`, e.g. `screening/start:danger.text`;
 * or an organisation's own text, per language.
 */
export type Words =
  | { readonly key: string; readonly params?: Params }
  | { readonly own: Readonly<Record<string, string>> };

export type SayPart = { readonly style: "heading" | "text" | "note"; readonly words: Words };
/**
 * Where the label is too long for a row of a list, the parameter `spare` is shortened or left out (it stands last), then `cut`
 * (the person's own words) is shortened.
 */
export type SayButton = {
  readonly id: string;
  readonly words: Words;
  readonly cut?: string;
  readonly spare?: string;
};

/** A message before the words are chosen: what `render` turns into a `Message`. */
export type Say = {
  readonly parts: readonly SayPart[];
  readonly buttons: readonly SayButton[];
  readonly nav: readonly SayButton[];
  readonly lane: Lane;
  /**
   * What becomes of the question that waits: this puts it (and stands for what was put before), or says something after which
   * it waits no more. Absent: it goes on waiting where it was put.
   */
  readonly question?: "put" | "over";
  /** From when on it is no longer worth sending; absent: the lane's own limit. */
  readonly notAfter?: Ms;
  /** Set where it is the nudge of a reminder: its words count days, so that later it has to be said anew. */
  readonly nudge?: Nudge;
};

/** Which reminder a nudge is of, and until when (ms) it is kept where it has to wait for the person to write. */
export type Nudge = { readonly reminder: number; readonly keptUntil: Ms };
