import { wordsAt } from "../core/flow/reading.ts";
import type { OutcomeLevel } from "../core/flow/schema.ts";
import { type Source, sourceLanguage } from "../core/flow/source.ts";
import type { FlowId } from "../core/nouns/ids.ts";
import type { Language } from "../core/nouns/language.ts";

/** The words of one flow in one language (in English where a translation is missing). */
export type FlowWords = {
  /** A step's own text; undefined when it has none. */
  readonly ofStep: (step: string, name: "heading" | "text" | "note" | "none") => string | undefined;
  /** What is written on an answer's button. */
  readonly ofAnswer: (step: string, option: string) => string;
  readonly ofOutcome: (outcome: string) => string;
  readonly ofLevel: (level: OutcomeLevel) => string;
};

const placeholder = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Gives a flow's words, facts by their topic and answers by their step's name, both in brackets: a drawing has no date. */
export function flowWords(source: Source, flow: FlowId, language: Language): FlowWords {
  const raw = (key: string): string | undefined => {
    const found = wordsAt({ source }, language, key) ?? wordsAt({ source }, sourceLanguage, key);
    return typeof found === "string" ? found : undefined;
  };
  const said = (key: string): string | undefined =>
    raw(key)?.replaceAll(placeholder, (_all, name: string) =>
      name.startsWith("fact.")
        ? factWords(raw, name.slice("fact.".length))
        : `[${name.replace("answers.", "")}]`,
    );
  return {
    ofStep: (step, name) => said(`${flow}:${step}.${name}`),
    ofAnswer: (step, option) =>
      raw(`${flow}:${step}.options.${option}`) ?? raw(`answers:${option}.label`) ?? option,
    ofOutcome: (outcome) => said(`${flow}:outcomes.${outcome}`) ?? outcome,
    ofLevel: (level) => raw(`conversation:levels.${level}`) ?? level,
  };
}

function factWords(raw: (key: string) => string | undefined, fact: string): string {
  return `[${raw(`facts:${fact}.topic`) ?? fact}]`;
}
