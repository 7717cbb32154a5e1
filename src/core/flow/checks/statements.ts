import { latinDigits } from "../../dates/digits.ts";
import { allTexts } from "../leaves.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type Source } from "../source.ts";
import type { Check } from "./check.ts";

/**
 * Facts are stated as they may be: each stands on a line of its own, as what is put there is whole sentences (that it
 * can't be confirmed, that it is in court); and what is past says when it was.
 */
export const statements: Check = ({ source, program }) => {
  const past = [...program.facts].filter(([, { say }]) => say === "hist").map(([id]) => id);
  return [...source.locales].flatMap(([language, files]) => [
    ...[...files.values()].flatMap((file) =>
      allTexts(file.data).flatMap(([path, text]) =>
        insideOf(text).map((id) =>
          issueAt(
            file,
            path,
            `the fact \`${id}\` stands inside a line`,
            "give `{{fact.…}}` a line of its own: whole sentences are put there",
          ),
        ),
      ),
    ),
    ...past.flatMap((id) => undated(source, language, id)),
  ]);
};

function insideOf(text: string): readonly string[] {
  if (!text.includes("{{fact.")) return [];
  return text
    .split("\n")
    .filter((line) => !/^\s*\{\{fact\.[^{}]+\}\}\s*$/.test(line))
    .flatMap((line) => [...line.matchAll(/\{\{fact\.([^{}]+)\}\}/g)].map(([, id = ""]) => id));
}

function undated(source: Source, language: string, id: string): readonly Issue[] {
  const text = wordsAt({ source }, language, `facts:${id}.statement`);
  const file = source.locales.get(language)?.get("facts");
  if (file === undefined || typeof text !== "string") return [];
  if (/\{\{value\}\}|(?:19|20)\d\d/.test(latinDigits(text))) return [];
  return [
    issueAt(
      file,
      [id, "statement"],
      `the fact \`${id}\` is of the past, but its sentence does not say of when`,
      "name the year, in the past tense",
    ),
  ];
}
