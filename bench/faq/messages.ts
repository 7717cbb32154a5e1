import { readFileSync } from "node:fs";
import { z } from "zod";
import { compileContent } from "../../src/content/load.ts";
import { buildFaqIndex, type FaqIndex } from "../../src/core/faq/faq-index.ts";
import type { FaqIndexOptions, FaqPhrasings } from "../../src/core/faq/phrasings.ts";
import { compileConcepts } from "../../src/core/flow/compile-concepts.ts";
import { compilePhrasings } from "../../src/core/flow/compile-phrasings.ts";
import type { Program } from "../../src/core/flow/program.ts";
import { wordsAt } from "../../src/core/flow/reading.ts";
import { normalise } from "../../src/core/text/normalise.ts";
import { projectRoot } from "../../tests/project-root.ts";

/** A message, and what it should find: an entry, nothing (`oos`, out of scope) or a red flag (`rf`). */
export type Message = {
  readonly id: string;
  readonly lang: string;
  readonly kind: string;
  readonly expected: readonly string[];
  readonly text: string;
};
const message = z.object({
  id: z.string(),
  lang: z.string(),
  kind: z.string(),
  expected: z.array(z.string()),
  text: z.string(),
});

/** The messages of a file beside the benches, one a line. */
export function readMessages(name: string): readonly Message[] {
  const file = readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8");
  return file
    .trim()
    .split("\n")
    .map((line) => message.parse(JSON.parse(line)));
}

/** The shipped words by which entries are found. */
export type Words = {
  readonly program: Program;
  readonly entries: readonly FaqPhrasings[];
  readonly options: Required<FaqIndexOptions>;
};

/** Reads the content as it is shipped. */
export function shippedWords(): Words {
  const content = compileContent(projectRoot);
  if ("issues" in content) throw new Error(`the content has ${content.issues.length} issues`);
  const { program, source } = content;
  const reading = { source, languages: program.languages, issues: [] };
  const { asked, outside } = compilePhrasings(reading, program.faq.entries);
  const entries = asked.map((one) => {
    const entry = program.faq.entries.get(one.id);
    const short = wordsAt(reading, one.language, `${entry?.key}.short`);
    return { ...one, partOf: entry?.partOf, text: typeof short === "string" ? short : "" };
  });
  return { program, entries, options: { concepts: compileConcepts(reading), outside } };
}

/** An index that lacks some phrasings, and these as messages. */
export type Fold = { readonly index: FaqIndex; readonly held: readonly Message[] };

/**
 * Leaves out every phrasing whose place in its list falls to a fold, in all languages at once: most lists tell of the
 * same situations in the same order. What stands elsewhere too is not held out.
 */
export function foldOf({ entries, options }: Words, fold: number, folds: number): Fold {
  const isHeld = (_: string, place: number): boolean => place % folds === fold;
  const without = <T extends { readonly phrasings: readonly string[] }>(one: T): T => ({
    ...one,
    phrasings: one.phrasings.filter((text, place) => !isHeld(text, place)),
  });
  const kept = entries.map(without);
  const known = new Set(kept.flatMap(({ title, phrasings }) => [title, ...phrasings].map(normalise)));
  const all = [...entries, ...options.outside.map((one) => ({ ...one, id: "", partOf: undefined }))];
  const held = all.flatMap((one) =>
    one.phrasings.flatMap((text, place) =>
      isHeld(text, place) && !known.has(normalise(text)) ? [messageOf(one, text, place)] : [],
    ),
  );
  const index = buildFaqIndex(kept, { ...options, outside: options.outside.map(without) });
  return { index, held };
}

type Source = Pick<FaqPhrasings, "id" | "partOf" | "language">;

/** A phrasing as a message; without an id it lies outside. */
function messageOf({ id, partOf, language: lang }: Source, text: string, place: number): Message {
  const isOutside = id === "";
  return {
    id: `${id} ${lang} ${place}`,
    lang,
    kind: isOutside ? "oos" : "held",
    expected: isOutside ? [] : [partOf ?? id],
    text,
  };
}
