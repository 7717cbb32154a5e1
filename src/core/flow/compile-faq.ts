import type { z } from "zod";
import { buildFaqIndex, type FaqIndex, type FaqPhrasings } from "../faq/faq-index.ts";
import { faqSchema } from "./file-schemas.ts";
import type { FaqEntry, Program } from "./program.ts";
import { hasWords, needWords, type Reading, readFile, wordsAt } from "./reading.ts";
import { issueAt, type SourceFile, textsOf } from "./source.ts";

type EntrySource = z.infer<typeof faqSchema>["entries"][number];

/** Compiles the FAQ: entries, topics, and the index that free text is looked up in. */
export function compileFaq(reading: Reading, facts: Program["facts"]): Program["faq"] {
  const entries = new Map<string, FaqEntry>();
  const topics = new Map<string, readonly string[]>();
  const phrasings: FaqPhrasings[] = [];
  for (const [name, file] of reading.source.flows) {
    if (!name.startsWith("faq/")) continue;
    const read = readFile(reading, file, faqSchema)?.entries ?? [];
    needWords(reading, `${name}:topic`);
    topics.set(
      name.slice("faq/".length),
      read.map(({ id }) => id),
    );
    for (const [at, source] of read.entries()) {
      if (entries.has(source.id)) reading.issues.push(doubled(file, at, source.id));
      const entry = compileEntry(reading, name, source, facts);
      entries.set(source.id, entry);
      phrasings.push(...phrasingsOf(reading, entry));
    }
  }
  let index: FaqIndex | undefined;
  return { index: () => (index ??= buildFaqIndex(phrasings)), entries, topics };
}

function doubled(file: SourceFile, at: number, id: string) {
  return issueAt(
    file,
    ["entries", at, "id"],
    `there is another entry \`${id}\``,
    "give each entry its own id",
  );
}

function compileEntry(
  reading: Reading,
  topic: string,
  { id, sources, related, offers, facts: stated }: EntrySource,
  facts: Program["facts"],
): FaqEntry {
  const key = `${topic}:${id}`;
  needWords(reading, `${key}.title`);
  needWords(reading, `${key}.short`);
  const checked = stated.map((fact) => facts.get(fact)?.["checked-on"]).filter((day) => day !== undefined);
  return {
    id,
    topic,
    key,
    labelKey: hasWords(reading, `${key}.label`) ? `${key}.label` : `${key}.title`,
    hasMore: hasWords(reading, `${key}.more`),
    sources,
    checkedOn: checked.sort().at(0),
    related,
    offers,
  };
}

function phrasingsOf(reading: Reading, { id, key }: FaqEntry): readonly FaqPhrasings[] {
  return reading.languages.flatMap((language) => {
    const title = wordsAt(reading, language, `${key}.title`);
    if (typeof title !== "string") return [];
    const text = wordsAt(reading, language, `${key}.short`);
    const label = wordsAt(reading, language, `${key}.label`);
    return [
      {
        id,
        language,
        title,
        phrasings: [
          ...(typeof label === "string" ? [label] : []),
          ...textsOf(wordsAt(reading, language, `${key}.phrasings`)),
        ],
        text: typeof text === "string" ? text : "",
      },
    ];
  });
}
