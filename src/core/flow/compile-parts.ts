import { buildFaqIndex, type FaqIndex, type FaqPhrasings } from "../faq/faq-index.ts";
import type { FaqEntry, Program } from "./program.ts";

/**
 * The indexes of the questions. Free text is looked up among whole entries first, where the ways to ask for a part
 * count for the entry it belongs to; then, inside that entry, among it and its parts. So near relatives ("what does a
 * work permit cost") don't make the entry they belong to doubtful. Each index is built when it is
 * first asked for.
 */
export function compileParts(
  asked: readonly FaqPhrasings[],
  entries: ReadonlyMap<string, FaqEntry>,
): Pick<Program["faq"], "index" | "inside"> {
  const wholeOf = (id: string) => entries.get(id)?.partOf;
  const wholes = new Set([...entries.values()].map(({ partOf }) => partOf));
  const inside = new Map<string, FaqIndex>();
  let index: FaqIndex | undefined;
  return {
    index: () => (index ??= buildFaqIndex(wholeEntries(asked, wholeOf))),
    inside: (entry) => {
      if (!wholes.has(entry)) return undefined;
      const built =
        inside.get(entry) ?? buildFaqIndex(asked.filter(({ id }) => id === entry || wholeOf(id) === entry));
      inside.set(entry, built);
      return built;
    },
  };
}

function wholeEntries(
  asked: readonly FaqPhrasings[],
  wholeOf: (id: string) => string | undefined,
): readonly FaqPhrasings[] {
  return asked
    .filter(({ id }) => wholeOf(id) === undefined)
    .map((whole) => {
      const own = asked.filter(({ id, language }) => language === whole.language && wholeOf(id) === whole.id);
      const phrasings = own.flatMap(({ title, phrasings }) => [title, ...phrasings]);
      return phrasings.length === 0 ? whole : { ...whole, phrasings: [...whole.phrasings, ...phrasings] };
    });
}
