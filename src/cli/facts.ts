import { formatIssues } from "../content/format-issues.ts";
import { type Content, loadContent } from "../content/load.ts";
import { textsIn } from "../content/text-keys.ts";
import { faqSchema } from "../core/flow/file-schemas.ts";
import type { Fact, Program } from "../core/flow/program.ts";
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
  /** Its English sentence with the value as it stands in the file: what has to be found on the page. */
  readonly statement: string;
  readonly say: string;
  /** Civil date: the day that the page spoke of. */
  readonly asOf: string;
  /** Civil date: when someone last looked at the page. */
  readonly checkedOn: string;
  /** Civil date: the first day on which it has to be looked at again. */
  readonly reviewBy: string;
  readonly page: string;
  /** Every text that states it. */
  readonly uses: readonly Use[];
  /** Flows in which it is stated. */
  readonly flows: readonly string[];
  /** Questions that name it as what they rest on: `flows/faq/<topic>.yaml <entry>`. */
  readonly entries: readonly string[];
  /** Kinds of date whose words state it. */
  readonly reminders: readonly string[];
  /** Red flags whose cards state it. */
  readonly redFlags: readonly string[];
  /** Languages that have a sentence of their own for it, which changes with it. */
  readonly languages: readonly Language[];
};

const factReference = /\{\{\s*fact\.([^}\s]+)\s*\}\}/g;

/** What `factsBy` tells of the content in a folder; throws CommandFailed with the list of issues when it can't be loaded. */
export function dueFacts(root: string, withinDays: number | undefined, now: Ms): readonly FactRow[] {
  const loaded = loadContent(root);
  if ("issues" in loaded) throw new CommandFailed(formatIssues(loaded.issues));
  return factsBy(loaded, withinDays, now);
}

/**
 * The facts by review day, earliest first; with `withinDays` only those whose day is no further off than that from
 * `now` (UTC).
 */
export function factsBy(content: Content, withinDays: number | undefined, now: Ms): readonly FactRow[] {
  const last = withinDays === undefined ? undefined : civil(now + withinDays * day);
  return rowsOf(content)
    .filter(({ reviewBy }) => last === undefined || reviewBy <= last)
    .toSorted((a, b) => (a.reviewBy + a.id < b.reviewBy + b.id ? -1 : 1));
}

/** The facts for people, a block each. */
export function factsText(facts: readonly FactRow[]): string {
  return facts.map((fact) => `${factLines(fact).join("\n")}\n`).join("\n");
}

function factLines(fact: FactRow): readonly string[] {
  const named: Readonly<Record<string, readonly string[]>> = {
    flows: fact.flows,
    reminders: fact.reminders,
    "red flags": fact.redFlags,
    languages: fact.languages,
  };
  return [
    `${fact.id}  review by ${fact.reviewBy}  ${fact.say}`,
    `  ${fact.label}: “${fact.statement}”`,
    `  as of ${fact.asOf}, checked on ${fact.checkedOn}`,
    `  ${fact.page}`,
    ...Object.entries(named).flatMap(([what, names]) =>
      names.length === 0 ? [] : [`  ${what}: ${names.join(", ")}`],
    ),
    ...fact.uses.map(({ text, languages }) => `  in ${text} (${languages.join(", ")})`),
    ...fact.entries.map((entry) => `  behind ${entry}`),
  ];
}

function rowsOf({ program, source, translator }: Content): readonly FactRow[] {
  const uses = usesByFact(source);
  const entries = entriesByFact(source);
  const words = source.locales.get(sourceLanguage)?.get("facts")?.data;
  return [...program.facts].map(([id, fact]) => ({
    id,
    label: String(valueAt(words, [id, "topic"]) ?? ""),
    statement: statementOf(translator, id, fact),
    say: fact.say,
    asOf: fact["as-of"],
    checkedOn: fact["checked-on"],
    reviewBy: fact["review-by"],
    page: program.sources.get(fact.source)?.url ?? "",
    uses: uses.get(id) ?? [],
    entries: entries.get(id) ?? [],
    ...dependentsOf(uses.get(id) ?? [], program),
    languages: [...source.locales].flatMap(([language, files]) =>
      valueAt(files.get("facts")?.data, [id, "statement"]) === undefined ? [] : [language],
    ),
  }));
}

function statementOf(translator: Content["translator"], id: string, { value = "" }: Fact): string {
  const values = typeof value === "object" ? value : { value };
  return translator.text(sourceLanguage, `facts:${id}.statement`, values, {});
}

/** What the texts that state a fact belong to. */
function dependentsOf(uses: readonly Use[], program: Program) {
  const texts = uses.map(({ text }) => text.split(".json "));
  const files = [...new Set(texts.map(([file = ""]) => file))];
  return {
    flows: files.filter((file) => program.flows.has(file)),
    reminders: [...program.reminders.values()]
      .filter(({ kind, words = kind }) => [kind, words].some((file) => files.includes(`reminders/${file}`)))
      .map(({ kind }) => kind),
    redFlags: texts.flatMap(([file, path = ""]) =>
      file === "red-flags" ? [path.slice(0, path.indexOf("."))] : [],
    ),
  };
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
