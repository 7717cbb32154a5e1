import { aboutNames } from "../about.ts";
import { allTexts } from "../leaves.ts";
import { nearest } from "../nearest.ts";
import type { Program } from "../program.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, sourceLanguage } from "../source.ts";
import { namesIn } from "../value-types.ts";
import type { Check } from "./check.ts";

/** The words of a step in which its flow's answers can stand. */
const speaking = new Set(["heading", "text", "note", "short", "more"]);

/**
 * Nothing in the words of flows, of the FAQ and of facts is left unfilled: they can hold facts, a step's own words its
 * flow's answers, and a fact's sentence all of the fact's figures.
 */
export const placeholders: Check = ({ source, program }) => [
  ...unfilledWords({ source, program }),
  ...unfilledStatements({ source, program }),
];

const unfilledWords: Check = ({ source, program }) =>
  [...(source.locales.get(sourceLanguage) ?? [])].flatMap(([name, file]): readonly Issue[] => {
    const isFlow = program.flows.has(name);
    if (!isFlow && !name.startsWith("faq/") && name !== "red-flags") return [];
    const answers = isFlow ? answersIn(program, name) : name.startsWith("faq/") ? aboutNames : [];
    return allTexts(file.data).flatMap(([path, text]) => {
      const allowed = path.length === 2 && speaking.has(path[1] ?? "") ? answers : [];
      return unfilled(text, allowed).map((one) =>
        issueAt(file, path, `nothing fills \`{{${one}}}\` here`, nearest(one, ["fact.…", ...allowed])),
      );
    });
  });

const unfilledStatements: Check = ({ source, program }) => {
  const file = source.locales.get(sourceLanguage)?.get("facts");
  if (file === undefined) return [];
  return [...program.facts].flatMap(([id, { value }]): readonly Issue[] => {
    const path = [id, "statement"];
    const text = wordsAt({ source }, sourceLanguage, `facts:${id}.statement`);
    if (typeof text !== "string") return [];
    const figures = typeof value === "object" ? Object.keys(value) : value === undefined ? [] : ["value"];
    return [
      ...unfilled(text, figures).map((one) =>
        issueAt(file, path, `nothing fills \`{{${one}}}\` here`, nearest(one, figures)),
      ),
      ...figures
        .filter((one) => !text.includes(`{{${one}}}`))
        .map((one) =>
          issueAt(file, path, `the figure \`${one}\` of \`${id}\` is not told`, `add \`{{${one}}}\``),
        ),
    ];
  });
};

function answersIn(program: Program, flow: string): readonly string[] {
  return namesIn(program, flow).map((name) => `answers.${name}`);
}

/** Placeholders that are neither facts nor among those allowed; which facts there are is looked at when compiling. */
function unfilled(text: string, allowed: readonly string[]): readonly string[] {
  return [...text.matchAll(/\{\{([^{}]*)\}\}/g)]
    .map(([, name = ""]) => name)
    .filter((name) => !name.startsWith("fact.") && !allowed.includes(name));
}
