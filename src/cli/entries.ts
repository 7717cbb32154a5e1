import { formatIssues } from "../content/format-issues.ts";
import { type Content, loadContent } from "../content/load.ts";
import { readStatus } from "../content/read-status.ts";
import { staleKeys } from "../content/stamp.ts";
import { textsIn } from "../content/text-keys.ts";
import type { FaqEntry } from "../core/flow/program.ts";
import { sourceLanguage, valueAt } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { CommandFailed } from "./command-failed.ts";

/** Where an entry's texts stand in a language, the least far of them; English is what the others are made from. */
export type EntryStatus = "source" | "missing" | "behind" | "draft" | "reviewed";

/** An entry as those who keep the content right need it. */
export type EntryRow = {
  readonly id: string;
  readonly topic: string;
  readonly partOf: string | undefined;
  readonly title: string;
  readonly languages: Readonly<Record<Language, EntryStatus>>;
  readonly sources: readonly { readonly name: string; readonly url: string }[];
  /** Civil date: the first review among its facts; undefined when it states none. */
  readonly reviewBy: string | undefined;
};

type StatusOf = (language: Language, key: string) => EntryStatus;

/** Every question with its languages, sources and review day; throws CommandFailed when the content can't be loaded. */
export function entryRows(root: string): readonly EntryRow[] {
  const loaded = loadContent(root);
  if ("issues" in loaded) throw new CommandFailed(formatIssues(loaded.issues));
  const statusOf = statusReader(root, loaded);
  return [...loaded.program.faq.entries.values()].map((entry) => rowOf(loaded, entry, statusOf));
}

function rowOf({ program, source, translator }: Content, entry: FaqEntry, statusOf: StatusOf): EntryRow {
  const english = source.locales.get(sourceLanguage)?.get(entry.topic)?.data;
  const keys = [...textsIn(valueAt(english, [entry.id]) ?? null).keys()].map(
    (side) => `${entry.key}.${side}`,
  );
  const facts = ["short", "more"].flatMap((side) => translator.factsIn(`${entry.key}.${side}`));
  const reviews = facts.flatMap((fact) => program.facts.get(fact)?.["review-by"] ?? []);
  return {
    id: entry.id,
    topic: entry.topic,
    partOf: entry.partOf,
    title: String(valueAt(english, [entry.id, "title"]) ?? ""),
    languages: Object.fromEntries(
      program.languages.map((language) => [language, leastFar(keys.map((key) => statusOf(language, key)))]),
    ),
    sources: entry.sources
      .flatMap((id) => program.sources.get(id) ?? [])
      .map(({ name, url }) => ({ name, url })),
    reviewBy: reviews.sort().at(0),
  };
}

const byFar = ["missing", "behind", "draft", "reviewed", "source"] as const satisfies readonly EntryStatus[];

function leastFar(statuses: readonly EntryStatus[]): EntryStatus {
  return byFar.find((one) => statuses.includes(one)) ?? "missing";
}

function statusReader(root: string, { program, source }: Content): StatusOf {
  const read = new Map(
    program.languages.map((language) => {
      const { status } = readStatus(root, language);
      return [language, { status, behind: new Set(staleKeys(source, status)) }] as const;
    }),
  );
  return (language, key) => {
    if (language === sourceLanguage) return "source";
    const own = read.get(language);
    if (own?.behind.has(key) === true) return "behind";
    return own?.status.get(key)?.status ?? "missing";
  };
}

/** The rows as the page `docs/content.md`, a table a topic. */
export function entriesPage(rows: readonly EntryRow[]): string {
  const languages = Object.keys(rows[0]?.languages ?? {});
  const topics = Map.groupBy(rows, ({ topic }) => topic);
  const tables = [...topics].map(([topic, entries]) => {
    const head = ["Entry", "Question", ...languages, "Sources", "Review by"];
    const lines = [head, head.map(() => "---"), ...entries.map((row) => cells(row, languages))];
    return [`## ${topic}`, "", ...lines.map((line) => `| ${line.join(" | ")} |`)].join("\n");
  });
  return `${[introduction(rows), ...tables].join("\n\n")}\n`;
}

function introduction(rows: readonly EntryRow[]): string {
  return `# The questions and where their answers come from

Made by \`npx parwana entries > docs/content.md\`; a test says when it is behind.

${rows.length} entries. A language is as far as the least far of an entry's texts: \`draft\` waits for a native reader, \`reviewed\`
has been signed by one, \`behind\` was made from English that has changed since. From the day under "Review by" on, the first of
the entry's facts has to be looked up again; a figure is then not shown any more.`;
}

function cells(
  { id, partOf, title, languages, sources, reviewBy }: EntryRow,
  order: readonly Language[],
): readonly string[] {
  const name = partOf === undefined ? `\`${id}\`` : `\`${id}\`, part of \`${partOf}\``;
  return [
    name,
    title.replaceAll("|", "\\|"),
    ...order.map((language) => languages[language] ?? "missing"),
    sources.map((source) => `[${source.name}](${source.url})`).join(", "),
    reviewBy ?? "–",
  ];
}
