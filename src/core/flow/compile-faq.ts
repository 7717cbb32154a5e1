import type { z } from "zod";
import type { Language } from "../nouns/language.ts";
import { aboutIn } from "./about.ts";
import { compileConcepts } from "./compile-concepts.ts";
import { compilePhrasings } from "./compile-phrasings.ts";
import { faqSchema } from "./file-schemas.ts";
import { type Asked, indexOf } from "./index-of.ts";
import type { FaqEntry, Program } from "./program.ts";
import { hasWords, needWords, type Reading, readFile, wordsAt } from "./reading.ts";
import { issueAt, type SourceFile, sourceLanguage } from "./source.ts";

type EntrySource = z.infer<typeof faqSchema>["entries"][number];

/**
 * Compiles the FAQ: entries, topics, and the index that free text is looked up in. Nothing where a file of it could not be
 * read: what is asked for its entries would seem wrong too.
 */
export function compileFaq(reading: Reading, facts: Program["facts"]): Program["faq"] | undefined {
  const files = [...reading.source.flows]
    .filter(([name]) => name.startsWith("faq/"))
    .map(([name, file]) => ({ name, file, sources: readFile(reading, file, faqSchema)?.entries }));
  if (files.some(({ sources }) => sources === undefined)) return undefined;
  const entries = new Map<string, FaqEntry>();
  const topics = new Map<string, readonly string[]>();
  for (const { name, file, sources = [] } of files) {
    needWords(reading, `${name}:topic`);
    topics.set(
      name.slice("faq/".length),
      sources.map(({ id }) => id),
    );
    for (const [at, source] of sources.entries()) {
      if (entries.has(source.id)) reading.issues.push(doubled(file, at, source.id));
      entries.set(source.id, compileEntry(reading, name, source, facts));
    }
  }
  const { asked: written, outside } = compilePhrasings(reading, entries);
  const phrasings = written.map((one) => ({
    ...one,
    partOf: entries.get(one.id)?.partOf,
    text: textAt(reading, one.language, `${entries.get(one.id)?.key}.short`),
  }));
  const read: Asked = [phrasings, { concepts: compileConcepts(reading), outside }];
  const asked = () => read;
  return { asked, index: indexOf(asked), entries, topics };
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
  { id, sources, related, offers, facts: stated, "part-of": whole }: EntrySource,
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
    partOf: whole,
    about: aboutIn(["short", "more"].map((side) => textAt(reading, sourceLanguage, `${key}.${side}`)).join()),
  };
}

function textAt(reading: Reading, language: Language, key: string): string {
  const text = wordsAt(reading, language, key);
  return typeof text === "string" ? text : "";
}
