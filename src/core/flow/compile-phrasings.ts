import type { Language } from "../nouns/language.ts";
import { normalise } from "../text/normalise.ts";
import { phrasingsSchema } from "./file-schemas.ts";
import type { FaqEntry } from "./program.ts";
import { type Reading, readFile, wordsAt } from "./reading.ts";
import { type Issue, issueAt, type SourceFile } from "./source.ts";

/** What people call an entry in one language: its title, its label where it has one, and how they ask for it. */
export type Asked = {
  readonly id: string;
  readonly language: Language;
  readonly title: string;
  readonly phrasings: readonly string[];
};

/** How people ask for each entry, and what they ask that no entry answers. */
export type AllAsked = {
  readonly asked: readonly Asked[];
  readonly outside: readonly Pick<Asked, "language" | "phrasings">[];
};

const folder = "phrasings/";
/** The file, and the name of its list, of what people ask that no entry answers. */
const outside = "outside";

/** Whether a words file (by name) helps to find entries or to write texts: it is each language's own, not a translation. */
export function isForLookUp(name: string): boolean {
  return name.startsWith(folder) || name === "concepts" || name === "glossary";
}

/**
 * Reads `locales/<language>/phrasings/<topic>.json` for entries by id. What belongs to no entry is an error; an entry
 * that nobody has written phrasings for, and a phrasing that stands with two entries, are warnings. The list `outside` of
 * `phrasings/outside.json` is what people ask that no entry answers: so that it is left alone.
 */
export function compilePhrasings(reading: Reading, entries: ReadonlyMap<string, FaqEntry>): AllAsked {
  const lists = reading.languages.map((language) => [language, listsOf(reading, language, entries)] as const);
  const asked = lists.flatMap(([language, own]) =>
    [...entries.values()].flatMap((entry) => askedIn(reading, language, entry, own.get(entry.id))),
  );
  warnOfDoubled(reading, entries, asked);
  return {
    asked,
    outside: lists.map(([language, own]) => ({ language, phrasings: own.get(outside) ?? [] })),
  };
}

type Lists = ReadonlyMap<string, readonly string[]>;

function listsOf(reading: Reading, language: Language, entries: ReadonlyMap<string, FaqEntry>): Lists {
  const files = [...(reading.source.locales.get(language) ?? [])].filter(([name]) => name.startsWith(folder));
  return new Map(
    files.flatMap(([name, file]) =>
      Object.entries(readFile(reading, file, phrasingsSchema) ?? {}).filter(([id]) => {
        const topic = id === outside ? outside : topicOf(entries.get(id));
        const isAtHome = `${folder}${topic}` === name;
        if (!isAtHome) reading.issues.push(astray(file, id));
        return isAtHome;
      }),
    ),
  );
}

/** The last part of an entry's topic file, `faq/<topic>`. */
function topicOf(entry: FaqEntry | undefined): string | undefined {
  return entry?.topic.slice("faq/".length);
}

function astray(file: SourceFile, id: string): Issue {
  const what = `flows/faq has no entry \`${id}\` in this topic`;
  return issueAt(file, [id], what, "remove it, or move it to the file that has the entry's topic");
}

function askedIn(
  reading: Reading,
  language: Language,
  entry: FaqEntry,
  list: readonly string[] | undefined,
): readonly Asked[] {
  const title = wordsAt(reading, language, `${entry.key}.title`);
  if (typeof title !== "string") return [];
  if (list === undefined || list.length === 0) warnOfMissing(reading, language, entry);
  const label = wordsAt(reading, language, `${entry.key}.label`);
  const named = typeof label === "string" ? [label] : [];
  return [{ id: entry.id, language, title, phrasings: [...named, ...(list ?? [])] }];
}

function warnOfMissing(reading: Reading, language: Language, entry: FaqEntry): void {
  const name = `${folder}${topicOf(entry)}`;
  reading.issues.push({
    level: "warning",
    file: `locales/${language}/${name}.json`,
    line: reading.source.locales.get(language)?.get(name)?.lineOf([entry.id]) ?? 1,
    what: `nobody has written how people ask for \`${entry.id}\``,
    mend: "write many phrasings that differ: they decide whether it is found",
  });
}

/** What stands with two entries finds neither for sure. */
function warnOfDoubled(
  reading: Reading,
  entries: ReadonlyMap<string, FaqEntry>,
  asked: readonly Asked[],
): void {
  const owners = ownersOf(asked);
  for (const { id, language, phrasings } of asked) {
    const file = reading.source.locales.get(language)?.get(`${folder}${topicOf(entries.get(id))}`);
    if (file === undefined) continue;
    for (const text of phrasings) {
      const owner = owners.get(normalise(text)) ?? id;
      if (owner !== id) reading.issues.push(doubled(file, id, text, owner));
    }
  }
}

/** The first entry of each title and phrasing, by its normal form. */
function ownersOf(asked: readonly Asked[]): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { id, title, phrasings } of asked) {
    for (const normal of [title, ...phrasings].map(normalise)) owners.set(normal, owners.get(normal) ?? id);
  }
  return owners;
}

function doubled(file: SourceFile, id: string, text: string, owner: string): Issue {
  const what = `“${text}” stands with \`${id}\` here and with \`${owner}\` elsewhere`;
  return issueAt(file, [id], what, "keep it where it fits better", "warning");
}
