import { isForLookUp } from "../compile-phrasings.ts";
import { namedTexts } from "../leaves.ts";
import { type Issue, issueAt, type SourceFile } from "../source.ts";
import type { Check } from "./check.ts";

/** Each place that is filled in stands between two braces on either side: a brace more or less, and people read the braces. */
export const braces: Check = ({ source }) =>
  [...source.locales.values()].flatMap((files) =>
    [...files].flatMap(([name, file]) =>
      isForLookUp(name) ? [] : namedTexts(file.data).flatMap(([path, text]) => strayIn(file, text, path)),
    ),
  );

function strayIn(file: SourceFile, text: string, path: readonly string[]): readonly Issue[] {
  const stray = /\{?\{?[^\s{}]*[{}]+/.exec(text.replaceAll(/\{\{[^{}]*\}\}/g, ""))?.[0];
  return stray === undefined
    ? []
    : [
        issueAt(
          file,
          path,
          `people would read the braces of \`${stray}\``,
          "write two on either side, like {{fact.parole-fee}}",
        ),
      ];
}
