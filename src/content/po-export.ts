import { type GetTextTranslation, po } from "gettext-parser";
import { Problem } from "../app/errors.ts";
import { type Json, sourceLanguage, textsOf } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { refuseIssues } from "./format-issues.ts";
import { readSource } from "./read-source.ts";
import { readStatus, type TranslationStatus } from "./read-status.ts";
import { staleKeys } from "./stamp.ts";
import { type TranslationUnit, translationUnits } from "./translation-units.ts";
import { translatorNotes } from "./translator-notes.ts";

/** In a translator's comment: who stands by a translation. Anything else is a draft. */
export const reviewedBy = "reviewed by: ";
const draft = "draft";

/**
 * A language's texts as a PO file for translators' tools: the key as context, the English as the source, notes on length
 * and placeholders, the status as a comment; `fuzzy` where the English has changed since. Throws a Problem
 * ("content", "not-found") when the files can't be read or there is no such language.
 */
export function exportPo(root: string, language: Language): string {
  const { source, issues } = readSource(root);
  const { status, issues: ofStatus } = readStatus(root, language);
  refuseIssues([...issues, ...ofStatus]);
  if (language === sourceLanguage || !source.locales.has(language))
    throw new Problem("not-found", `locales/ has no translations \`${language}\``);
  const behind = new Set(staleKeys(source, status));
  const entries = translationUnits(source, language).map((unit) =>
    entryOf(unit, translatorNotes(source, unit), status.get(unit.englishKey), behind.has(unit.englishKey)),
  );
  return poText(language, entries);
}

/** A text, or a list with one word a line. */
export function poString(value: Json | undefined): string {
  return typeof value === "string" ? value : textsOf(value).join("\n");
}

function entryOf(
  { key, english, translated, reference }: TranslationUnit,
  notes: readonly string[],
  status: TranslationStatus | undefined,
  isBehind: boolean,
): GetTextTranslation {
  const reviewer = status?.status === "reviewed" ? status.reviewer : null;
  return {
    msgctxt: key,
    msgid: poString(english),
    msgstr: [poString(translated)],
    comments: {
      translator: reviewer === null ? draft : `${reviewedBy}${reviewer}`,
      extracted: notes.join("\n"),
      reference,
      flag: isBehind ? "fuzzy" : "",
      previous: "",
    },
  };
}

function poText(language: Language, entries: readonly GetTextTranslation[]): string {
  const headers = {
    "Project-Id-Version": "parwana",
    Language: language,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
  };
  const translations = Object.fromEntries(
    entries.map((entry) => [entry.msgctxt ?? "", { [entry.msgid]: entry }]),
  );
  return po.compile({ charset: "utf-8", headers, translations }, { foldLength: 0 }).toString("utf8");
}
