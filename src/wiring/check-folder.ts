import { checkTranslations, type TranslationCounts } from "../content/check-translations.ts";
import { type Content, loadContent } from "../content/load.ts";
import { textsIn } from "../content/text-keys.ts";
import { checkTexts } from "../core/flow/checks/check-content.ts";
import { type FlowCounts, type Proved, prove } from "../core/flow/checks/prove.ts";
import type { Program } from "../core/flow/program.ts";
import { type Issue, sourceLanguage } from "../core/flow/source.ts";
import type { Ms } from "../core/nouns/time.ts";
import { checkRendering } from "./check-rendering.ts";

/** What a check found; there are counts only where the content could be loaded. */
export type CheckReport = {
  readonly ok: boolean;
  readonly issues: readonly Issue[];
  readonly counts: Counts | undefined;
  readonly flows: readonly FlowReport[];
  readonly translations: readonly TranslationCounts[];
  /** Facts that may not be stated any more until someone has looked them up again: nothing is wrong with the content. */
  readonly pastReview: readonly PastReview[];
};

/** A fact that somebody has to look up, and where it stands; `review-by` is the first day on which it is not stated. */
export type PastReview = {
  readonly id: string;
  readonly file: string;
  readonly line: number;
  readonly reviewBy: string;
  readonly page: string;
};

/** Ways can be more than a number holds: they are told as text. */
type FlowReport = Omit<FlowCounts, "paths"> & { readonly paths: string | null };

type Counts = {
  readonly flows: number;
  readonly steps: number;
  /** Classes of answers to all questions, conversations that a later step can tell apart, and ways through them. */
  readonly answers: number;
  readonly states: number;
  readonly paths: string;
  readonly outcomes: number;
  readonly entries: number;
  readonly facts: number;
  readonly reminders: number;
  readonly languages: number;
  /** Messages put into the form of each channel, in each language, with fresh and with expired facts. */
  readonly rendered: number;
  /** Texts in English. */
  readonly messages: number;
};

/**
 * Checks the content below a folder: what stands in the files, and what can come about in a conversation. `now` (ms) only
 * decides which facts are listed as past their review. Never throws for what stands in the files.
 */
export function checkFolder(root: string, now: Ms): CheckReport {
  const read = loadContent(root);
  // What is wrong with words does not keep the flows from being looked at.
  const loaded = "issues" in read ? read.compiled : read;
  if (loaded === undefined) return { ...nothing, issues: "issues" in read ? read.issues : [] };
  const { program, source, warnings } = loaded;
  const proved = prove(source, program, dayOf(program));
  const { issues: found, counts: translations } = checkTranslations(root, source);
  const { issues: drawn, rendered } = checkRendering(loaded, proved.exploration, dayOf(program));
  const issues = [...warnings, ...checkTexts(loaded), ...proved.issues, ...drawn, ...found];
  return {
    ok: issues.every(({ level }) => level !== "error"),
    issues,
    counts: countsOf(loaded, proved, rendered),
    flows: proved.flows.map((flow) => ({ ...flow, paths: flow.paths?.toString() ?? null })),
    translations,
    pastReview: pastReview(program, now).flatMap((id) => reviewOf(loaded, id)),
  };
}

const nothing: CheckReport = {
  ok: false,
  issues: [],
  counts: undefined,
  flows: [],
  translations: [],
  pastReview: [],
};

/** Noon of the last day on which a fact was checked: what is found depends on the content alone, not on the calendar. */
export function dayOf({ facts }: Program): Ms {
  const days = [...facts.values()].map((fact) => Date.parse(`${fact["checked-on"]}T12:00:00Z`));
  return Math.max(0, ...days);
}

/** Ids of the facts that may not be stated on the day of `now` (ms) any more. */
export function pastReview({ facts }: Program, now: Ms): readonly string[] {
  const today = new Date(now).toISOString().slice(0, 10);
  return [...facts]
    .filter(([, fact]) => fact.say === "check" && fact["review-by"] <= today)
    .map(([id]) => id);
}

function reviewOf({ program, source }: Content, id: string): readonly PastReview[] {
  const fact = program.facts.get(id);
  const file = source.flows.get("facts");
  if (fact === undefined || file === undefined) return [];
  const reviewBy = fact["review-by"];
  const page = program.sources.get(fact.source)?.url ?? "";
  return [{ id, file: file.path, line: file.lineOf(["facts", id, "review-by"]), reviewBy, page }];
}

function countsOf({ program, source }: Content, proved: Proved, rendered: number): Counts {
  const english = [...(source.locales.get(sourceLanguage)?.values() ?? [])];
  const flows = [...program.flows.values()];
  return {
    flows: flows.length,
    steps: program.steps.size,
    answers: proved.flows.reduce((sum, { answers }) => sum + answers, 0),
    states: proved.exploration.states.length,
    paths: proved.flows.reduce((sum, { paths }) => sum + (paths ?? 0n), 0n).toString(),
    outcomes: flows.reduce((sum, { outcomes }) => sum + outcomes.size, 0),
    entries: program.faq.entries.size,
    facts: program.facts.size,
    reminders: program.reminders.size,
    languages: program.languages.length,
    rendered,
    messages: english.reduce((sum, { data }) => sum + textsIn(data).size, 0),
  };
}
