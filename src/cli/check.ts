import { formatIssues } from "../content/format-issues.ts";
import { type Content, loadContent } from "../content/load.ts";
import { textsIn } from "../content/text-keys.ts";
import { type Issue, sourceLanguage } from "../core/flow/source.ts";
import { show, table } from "./show.ts";
import { checkTranslations, type TranslationCounts } from "./translations.ts";

/** What a check found; there are counts only where the content could be loaded. */
export type CheckReport = {
  readonly ok: boolean;
  readonly issues: readonly Issue[];
  readonly counts: Counts | undefined;
  readonly translations: readonly TranslationCounts[];
};

type Counts = {
  readonly flows: number;
  readonly steps: number;
  readonly outcomes: number;
  readonly entries: number;
  readonly facts: number;
  readonly reminders: number;
  readonly languages: number;
  /** Texts in English. */
  readonly messages: number;
};

/** Checks the content below a folder. Never throws for what stands in the files. */
export function checkFolder(root: string): CheckReport {
  const loaded = loadContent(root);
  if ("issues" in loaded) return { ok: false, issues: loaded.issues, counts: undefined, translations: [] };
  const { issues: found, counts: translations } = checkTranslations(root, loaded.source);
  const issues = [...loaded.warnings, ...found];
  const ok = issues.every(({ level }) => level !== "error");
  return { ok, issues, counts: countsOf(loaded), translations };
}

/** The report for people: what is wrong, then the counts. */
export function checkText({ issues, counts, translations }: CheckReport): string {
  const blocks = [
    formatIssues(issues),
    counts === undefined ? "" : show(counts, false).trimEnd(),
    table(translations),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function countsOf({ program, source }: Content): Counts {
  const english = [...(source.locales.get(sourceLanguage)?.values() ?? [])];
  const flows = [...program.flows.values()];
  return {
    flows: flows.length,
    steps: program.steps.size,
    outcomes: flows.reduce((sum, { outcomes }) => sum + outcomes.size, 0),
    entries: program.faq.entries.size,
    facts: program.facts.size,
    reminders: program.reminders.size,
    languages: program.languages.length,
    messages: english.reduce((sum, { data }) => sum + textsIn(data).size, 0),
  };
}
