import type { ConceptWords } from "./lexicon.ts";

/**
 * An entry's words in one language: its title, how people ask for it, and its answer or gist. A part is found through
 * the entry that it belongs to.
 */
export type FaqPhrasings = {
  readonly id: string;
  readonly partOf?: string | undefined;
  readonly language: string;
  readonly title: string;
  readonly phrasings: readonly string[];
  readonly text: string;
};

/** `concepts`: words that mean nearly the same, by language; `outside`: what people ask that no entry answers. */
export type FaqIndexOptions = {
  readonly concepts?: readonly ConceptWords[];
  readonly outside?: readonly { readonly language: string; readonly phrasings: readonly string[] }[];
};
