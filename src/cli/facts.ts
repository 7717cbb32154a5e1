import { formatIssues } from "../content/format-issues.ts";
import { type Content, loadContent } from "../content/load.ts";
import { textsIn } from "../content/text-keys.ts";
import { faqSchema } from "../core/flow/file-schemas.ts";
import { type Source, sourceLanguage, valueAt } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { day, type Ms } from "../core/nouns/time.ts";
import { CommandFailed } from "./command-failed.ts";

/** A text that states a fact, and in which languages it does. */
type Use = { readonly text: string; readonly languages: readonly Language[] };

/** A fact as those who keep it right need it. */
export type FactRow = {
  readonly id: string;
  readonly label: string;
  readonly say: string;
  /** Civil date: the first day on which it has to be looked at again. */
  readonly reviewBy: string;
  readonly page: string;
  readonly uses: readonly Use[];
  /** Questions that name it as what they rest on: `flows/faq/<topic>.yaml <entry>`. */
  readonly entries: readonly string[];
};

const factReference = /\{\{\s*fact\.([^}\s]+)\s*\}\}/g;

/**
 * The facts by review day, earliest first; with `withinDays` only those whose day is no further off than that from
 * `now` (UTC). Throws CommandFailed with the list of issues when the content can't be loaded.
 */
export function dueFacts(root: string, withinDays: number | undefined, now: Ms): readonly FactRow[] {
  const loaded = loadContent(root);
  if ("issues" in loaded) throw new CommandFailed(formatIssues(loaded.issues));
  const last = withinDays === undefined ? undefined : civil(now + withinDays * day);
  return rowsOf(loaded)
    .filter(({ reviewBy }) => last === undefined || reviewBy <= last)
    .toSorted((a, b) => (a.reviewBy + a.id < b.reviewBy + b.id ? -1 : 1));
}

/** The facts for people, a block each. */
export function factsText(facts: readonly FactRow[]): string {
  return facts.map((fact) => `${factLines(fact).join("\n")}\n`).join("\n");
}

function factLines({ id, label, say, reviewBy, page, uses, entries }: FactRow): readonly string[] {
  return [
    `${id}  review by ${reviewBy}  ${say}`,
    `  ${label}`,
    `  ${page}`,
    ...uses.map(({ text, languages }) => `  in ${text} (${languages.join(", ")})`),
    ...entries.map((entry) => `  behind ${entry}`),
  ];
}

function rowsOf({ program, source }: Content): readonly FactRow[] {
  const uses = usesByFact(source);
  const entries = entriesByFact(source);
  const words = source.locales.get(sourceLanguage)?.get("facts")?.data;
  return [...program.facts].map(([id, fact]) => ({
    id,
    label: String(valueAt(words, [id, "topic"]) ?? ""),
    say: fact.say,
    reviewBy: fact["review-by"],
    page: program.sources.get(fact.source)?.url ?? "",
    uses: uses.get(id) ?? [],
    entries: entries.get(id) ?? [],
  }));
}

/** Texts that refer to each fact: `locales/*` files' names and the keys in them. */
function usesByFact(source: Source): ReadonlyMap<string, readonly Use[]> {
  const found = [...source.locales].flatMap(([language, files]) =>
    [...files].flatMap(([name, { data }]) =>
      [...textsIn(data)].flatMap(([path, text]) =>
        factsIn(text).map((fact) => ({ fact, text: `${name}.json ${path}`, language })),
      ),
    ),
  );
  const uses = (ofFact: typeof found): readonly Use[] =>
    [...Map.groupBy(ofFact, ({ text }) => text)].map(([text, places]) => ({
      text,
      languages: places.map(({ language }) => language),
    }));
  return new Map([...Map.groupBy(found, ({ fact }) => fact)].map(([fact, ofFact]) => [fact, uses(ofFact)]));
}

function factsIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(factReference)].map(([, id = ""]) => id))];
}

function entriesByFact(source: Source): ReadonlyMap<string, readonly string[]> {
  const found = [...source.flows].flatMap(([name, { path, data }]) => {
    const read = name.startsWith("faq/") ? faqSchema.safeParse(data) : undefined;
    const entries = read?.data?.entries ?? [];
    return entries.flatMap(({ id, facts }) => facts.map((fact) => ({ fact, entry: `${path} ${id}` })));
  });
  const groups = Map.groupBy(found, ({ fact }) => fact);
  return new Map([...groups].map(([fact, ofFact]) => [fact, ofFact.map(({ entry }) => entry)]));
}

function civil(at: Ms): string {
  return new Date(at).toISOString().slice(0, 10);
}
