import { normalise } from "../../text/normalise.ts";
import { isForLookUp } from "../compile-phrasings.ts";
import { namedTexts } from "../leaves.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type Source, type SourceFile, sourceLanguage } from "../source.ts";
import type { Check } from "./check.ts";
import { type Glossary, glossaryOf } from "./glossary-file.ts";

/** A term of the glossary, with the normal forms of its English words and of what may stand for it. */
type Term = { readonly name: string; readonly english: readonly string[]; readonly forms: readonly string[] };
type Text = {
  readonly name: string;
  readonly file: SourceFile;
  readonly path: readonly string[];
  readonly text: string;
};

/** Translations use the glossary's words where the English uses its terms, and no text uses a forbidden word. */
export const glossary: Check = ({ source }) => {
  const english = glossaryOf(source, sourceLanguage).found;
  return [...source.locales.keys()].flatMap((language) => {
    const { found, issues } = glossaryOf(source, language);
    if (found === undefined) return issues;
    const terms = language === sourceLanguage || english === undefined ? [] : termsOf(english, found);
    const banned = Object.entries(found.forbidden).map(
      ([word, instead]) => [plain(word), word, instead] as const,
    );
    return textsOf(source, language).flatMap((text) => [
      ...banned.flatMap((ban) => forbiddenIn(text, ban)),
      ...missingIn(source, text, terms),
    ]);
  });
};

function termsOf(english: Glossary, own: Glossary): readonly Term[] {
  return Object.entries(own.terms).map(([name, forms]) => ({
    name,
    english: (english.terms[name] ?? [name]).map((form) => ` ${plain(form)} `),
    forms: forms.map((form) => ` ${plain(form)}`),
  }));
}

/** The normal form in which words are compared; parts of a compound count as words. */
function plain(text: string): string {
  return normalise(text.replaceAll("\u200c", " "));
}

/** A short name has room for one word only; people see the whole above the answer. */
const shortName = /(?:^|\.)(?:label|options)(?:\.|$)/;
/** What stands between quotation marks is shown as it stands on letters. */
const quoted = /"[^"]*"|“[^”]*”|«[^»]*»/g;

/** Without placeholders and addresses: names of facts and pages are not words. */
function spoken(text: string): string {
  const words = text
    .replaceAll(/\{\{[^{}]*\}\}/g, " ")
    .replaceAll(/(?:https?:\/\/)?(?:[\w-]+\.)+[a-z]{2,}(?:\/\S*)?/gi, " ");
  return ` ${plain(words)} `;
}

function forbiddenIn(
  { file, path, text }: Text,
  [normal, word, instead]: readonly [normal: string, word: string, instead: string],
): readonly Issue[] {
  if (!spoken(text).includes(` ${normal} `)) return [];
  return [issueAt(file, path, `\`${path.join(".")}\` says “${word}”, which is forbidden`, instead)];
}

function missingIn(
  source: Source,
  { name, file, path, text }: Text,
  terms: readonly Term[],
): readonly Issue[] {
  const original = wordsAt({ source }, sourceLanguage, `${name}:${path.join(".")}`);
  if (typeof original !== "string" || shortName.test(path.join("."))) return [];
  const own = spoken(text);
  return meantIn(spoken(original.replaceAll(quoted, " ")), terms)
    .filter(({ forms }) => !forms.some((form) => own.includes(form)))
    .map((term) =>
      issueAt(
        file,
        path,
        `\`${path.join(".")}\` lacks the glossary's word for “${term.name}”`,
        `use ${term.forms.map((form) => `“${form.trim()}”`).join(" or ")}`,
      ),
    );
}

/** The terms that an English text uses; a term inside a longer one ("parole" in "advance parole") is not meant. */
function meantIn(said: string, terms: readonly Term[]): readonly Term[] {
  let left = said;
  const forms = terms.flatMap((term) => term.english.map((form) => ({ term, form })));
  const meant = forms
    .toSorted((a, b) => b.form.length - a.form.length)
    .filter(({ form }) => {
      const isThere = left.includes(form);
      if (isThere) left = left.replaceAll(form, " … ");
      return isThere;
    });
  return [...new Set(meant.map(({ term }) => term))];
}

function textsOf(source: Source, language: string): readonly Text[] {
  return [...(source.locales.get(language) ?? [])].flatMap(([name, file]) =>
    isForLookUp(name) || name === "dates"
      ? []
      : namedTexts(file.data).map(([path, text]) => ({ name, file, path, text })),
  );
}
