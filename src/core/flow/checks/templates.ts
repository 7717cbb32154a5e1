import { nearest } from "../nearest.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type SourceFile } from "../source.ts";
import type { Check } from "./check.ts";

/** What WhatsApp takes as a template's body, variables not yet filled in (UTF-16 units). */
const longestBody = 1_024;

/**
 * WhatsApp would take each template as it is worded in each language: it has just the variables that `templates.yaml` names,
 * none of them first or last, and no empty lines one after the other.
 */
export const templates: Check = ({ source, program }) =>
  Object.entries(program.templates).flatMap(([name, { variables }]) =>
    [...source.locales].flatMap(([language, files]) => {
      const file = files.get("templates");
      const text = wordsAt({ source }, language, `templates:${name}`);
      return file === undefined || typeof text !== "string" ? [] : wrongIn(file, name, text, variables);
    }),
  );

function wrongIn(
  file: SourceFile,
  name: string,
  text: string,
  variables: readonly string[],
): readonly Issue[] {
  const say = (what: string, mend: string) => issueAt(file, [name], what, mend);
  const used = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, variable = ""]) => variable);
  return [
    ...used
      .filter((one) => !variables.includes(one))
      .map((one) => say(`nothing fills \`{{${one}}}\` here`, nearest(one, variables))),
    ...variables
      .filter((one) => !used.includes(one))
      .map((one) =>
        say(
          `the template \`${name}\` lacks its variable {{${one}}}`,
          "write it, or remove it from flows/templates.yaml",
        ),
      ),
    ...(/^\s*\{\{|\}\}\s*$/.test(text)
      ? [
          say(
            "a template can't begin or end with a variable: WhatsApp refuses it",
            "write words before and after it",
          ),
        ]
      : []),
    ...(/\n\s*\n\s*\n/.test(text)
      ? [say("a template can't have two empty lines in a row: WhatsApp refuses it", "remove one")]
      : []),
    ...(text.length > longestBody
      ? [say(`the template \`${name}\` has ${text.length} characters; ${longestBody} fit`, "say it shorter")]
      : []),
  ];
}
