import { searchFaq } from "../core/faq/search-faq.ts";
import { writtenLanguage } from "../core/faq/written-language.ts";
import type { Program } from "../core/flow/program.ts";
import type { Language } from "../core/nouns/language.ts";
import { matchRedFlag } from "../core/red-flags/match-red-flag.ts";
import { chosenLanguage, guessLanguage } from "../core/text/guess-language.ts";
import { maskIdentifiers } from "../core/text/mask.ts";

/** A question as somebody writes it; `locale`: the tag of the language they chose, if they did. */
export type AskedQuestion = { readonly id: string; readonly q: string; readonly locale?: string };

/**
 * What is done with a question. `entries`: the best first, at most three, whatever the decision; `flag`: the red flag
 * it raises, else null; `locale`: the language to answer in; `score`: how likely the best entry is right, 0 to 1.
 */
export type QuestionAnswer = {
  readonly id: string;
  readonly decision: "answer" | "suggest" | "abstain" | "red-flag";
  readonly entries: readonly string[];
  readonly flag: string | null;
  readonly locale: Language;
  readonly score: number;
};

const identifierFlag = "rf-identifier";
const decimals = 1e4;

/** Reads a question as the conversation does: red flags, then the look-up; commands are not looked at. Never throws. */
export function askQuestion(program: Program, { id, q, locale }: AskedQuestion): QuestionAnswer {
  const index = program.faq.index();
  const language =
    chosenLanguage(locale, program.languages) ??
    writtenLanguage(index.written, q)?.language ??
    guessLanguage(undefined, q, program.languages);
  const { text, found: identifiers } = maskIdentifiers(q);
  const raised = matchRedFlag(program.redFlags.matcher, text, language)?.id;
  const flag = raised ?? (identifiers.length > 0 ? identifierFlag : null);
  const { decision, entries, score } = searchFaq(index, text, language);
  return {
    id,
    decision: flag === null ? decision : "red-flag",
    entries,
    flag,
    locale: language,
    score: Math.round(score * decimals) / decimals,
  };
}
