import type { Lane } from "./message.ts";

/** A value put into a sentence; each kind is written as the language writes it. */
export type Param =
  | string
  | number
  | { readonly kind: "date"; readonly date: string }
  | { readonly kind: "country"; readonly code: string }
  | { readonly kind: "money"; readonly amount: number }
  /** Another sentence, looked up in the same language. */
  | { readonly kind: "words"; readonly key: string; readonly params?: Params }
  | { readonly kind: "list"; readonly items: readonly Param[] }
  /** A text that is not in the locale files but the organisation's own, per language (with `en` as the last resort). */
  | { readonly kind: "own"; readonly texts: Readonly<Record<string, string>> };

export type Params = Readonly<Record<string, Param>>;

/** A sentence yet to be looked up: `<locale file>:<key path>`, e.g. `screening/start:danger.text`. */
export type Words = { readonly key: string; readonly params?: Params };

export type SayPart = { readonly style: "heading" | "text" | "note"; readonly words: Words };
export type SayButton = { readonly id: string; readonly words: Words };

/** A message before the words are chosen: what `render` turns into a `Message`. */
export type Say = {
  readonly parts: readonly SayPart[];
  readonly buttons: readonly SayButton[];
  readonly nav: readonly SayButton[];
  readonly lane: Lane;
};
