import type { Language } from "../../nouns/language.ts";
import { isRightToLeft } from "../../render/bidi.ts";
import { isForLookUp } from "../compile-phrasings.ts";
import { namedTexts } from "../leaves.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type Json, type SourceFile, sourceLanguage } from "../source.ts";
import type { Check } from "./check.ts";

/** Not sentences: what each language has of its own, and names. */
const exempt = new Set(["dates", "profile", "playground"]);

/**
 * People read their own language: in one that is written from right to left each line begins with a letter of it (an old
 * phone lays the whole line out by its first letter), and no sentence is the English one as it stands.
 */
export const nativeLines: Check = ({ source }) =>
  [...source.locales]
    .filter(([language]) => language !== sourceLanguage)
    .flatMap(([language, files]) =>
      [...files].flatMap(([name, file]) =>
        exempt.has(name) || isForLookUp(name)
          ? []
          : namedTexts(file.data).flatMap(([path, text]) => {
              const english = wordsAt({ source }, sourceLanguage, `${name}:${path.join(".")}`);
              return [...strangeLines(file, language, path, text), ...leftEnglish(file, path, text, english)];
            }),
      ),
    );

function strangeLines(
  file: SourceFile,
  language: Language,
  path: readonly string[],
  text: string,
): readonly Issue[] {
  if (!isRightToLeft(language)) return [];
  const strange = text.split("\n").find((line) => !beginsRight(line));
  return strange === undefined
    ? []
    : [
        issueAt(
          file,
          path,
          `a line of \`${path.join(".")}\` does not begin with a letter of its language: ${strange.trim().slice(0, 20)}…`,
          "put a word of the language first: the line is laid out by it",
        ),
      ];
}

/**
 * Whether the first letter is of a right-to-left script. A line without such letters (a name, a form's number, a link) has
 * nothing to lay out, and one that begins with what is filled in is not judged.
 */
function beginsRight(line: string): boolean {
  const right = /[\p{Script=Arabic}\p{Script=Hebrew}]/u;
  if (/^\s*\{\{/.test(line) || !right.test(line)) return true;
  return right.test(/\p{L}/u.exec(line)?.[0] ?? "");
}

/** So many words in a row are a sentence, not a name. */
const sentence = 5;

function leftEnglish(
  file: SourceFile,
  path: readonly string[],
  text: string,
  english: Json | undefined,
): readonly Issue[] {
  const words = text.replaceAll(/\{\{[^{}]*\}\}/g, " ").match(/\p{L}+/gu) ?? [];
  const latin = words.every((word) => /^\p{Script=Latin}+$/u.test(word));
  return text !== english || words.length < sentence || !latin
    ? []
    : [issueAt(file, path, `\`${path.join(".")}\` is still in English`, "translate it", "warning")];
}
