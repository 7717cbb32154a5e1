import { join } from "node:path";
import { type GetTextTranslation, type GetTextTranslations, po } from "gettext-parser";
import { Problem } from "../app/errors.ts";
import { type Issue, isJsonObject, type Json, type Source, sourceLanguage } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { formatIssues, refuseIssues } from "./format-issues.ts";
import { poString, reviewedBy } from "./po-export.ts";
import { linesByContext } from "./po-lines.ts";
import { readSource } from "./read-source.ts";
import { readStatus, statusPath, type TranslationStatus } from "./read-status.ts";
import { hashOfText } from "./stamp.ts";
import { type TranslationUnit, translationUnits } from "./translation-units.ts";
import { writeJson } from "./write-whole.ts";

/** What an import did: how many texts it changed, and how many are signed by a reader now. */
export type Imported = {
  readonly language: Language;
  readonly changed: number;
  readonly reviewed: number;
};

/** One entry of the file that belongs to a text of ours. */
type Brought = { readonly unit: TranslationUnit; readonly value: Json; readonly entry: GetTextTranslation };

/**
 * Takes a PO file's translations into `locales/<language>`, and into `status.json` who stands by them. All or nothing:
 * an unknown key, a placeholder that is lacking or too much, a key that stands twice, or a file that can't be read throws
 * a Problem ("content") with the lines of the PO file, and nothing is written. What has no translation is left as it is.
 */
export function importPo(root: string, text: string, path: string): Imported {
  const { source, issues } = readSource(root);
  refuseIssues(issues);
  const parsed = parse(text, path);
  const language = languageOf(parsed, source, path);
  const units = new Map(translationUnits(source, language).map((unit) => [unit.key, unit]));
  const lines = linesByContext(text);
  const found: Issue[] = doubled(lines, path);
  const brought = entriesOf(parsed).flatMap((entry) => {
    const at = { path, line: lines.get(entry.msgctxt ?? "")?.at(0) ?? 1 };
    const unit = units.get(entry.msgctxt ?? "");
    const wrong = unit === undefined ? unknown(entry, at) : broken(unit, entry, at);
    found.push(...wrong);
    const value = unit === undefined ? undefined : jsonOf(unit, entry);
    return unit === undefined || value === undefined ? [] : [{ unit, value, entry }];
  });
  refuseIssues(found);
  return write(root, language, source, brought);
}

type Place = { readonly path: string; readonly line: number };

function issue({ path, line }: Place, what: string, mend: string): Issue {
  return { level: "error", file: path, line, what, mend };
}

function refusal(at: Place, what: string, mend: string): Problem {
  return new Problem("content", formatIssues([issue(at, what, mend)]));
}

function parse(text: string, path: string): GetTextTranslations {
  try {
    return po.parse(text);
  } catch (error) {
    const line = /line\D*(\d+)/i.exec(String(error))?.[1] ?? "1";
    const what = "this is no PO file that can be read";
    throw refusal({ path, line: Number(line) }, what, "export it again and take your translations over");
  }
}

function languageOf({ headers = {} }: GetTextTranslations, source: Source, path: string): Language {
  const language = headers["Language"] ?? "";
  if (language !== sourceLanguage && source.locales.has(language)) return language;
  const what = `the header names the language \`${language}\`, and locales/ has no such translations`;
  throw refusal({ path, line: 1 }, what, "write it as the folder is called");
}

function entriesOf({ translations }: GetTextTranslations): readonly GetTextTranslation[] {
  return Object.entries(translations)
    .filter(([context]) => context !== "")
    .flatMap(([, entries]) => Object.values(entries));
}

function doubled(lines: ReadonlyMap<string, readonly number[]>, path: string): Issue[] {
  return [...lines].flatMap(([context, [, second]]) =>
    second === undefined
      ? []
      : [issue({ path, line: second }, `\`${context}\` stands here twice`, "keep one of the two")],
  );
}

function unknown({ msgctxt = "" }: GetTextTranslation, at: Place): readonly Issue[] {
  return [issue(at, `there is no text \`${msgctxt}\``, "export again: the texts have changed since")];
}

function broken(unit: TranslationUnit, entry: GetTextTranslation, at: Place): readonly Issue[] {
  const translated = entry.msgstr[0] ?? "";
  if (translated === "" || typeof unit.english !== "string") return [];
  const wanted = placeholdersIn(unit.english);
  const has = placeholdersIn(translated);
  const wrong = [
    ...wanted.filter((one) => !has.includes(one)).map((one) => `lacks ${one}`),
    ...has.filter((one) => !wanted.includes(one)).map((one) => `has ${one}, which English has not`),
  ];
  if (wrong.length === 0) return [];
  return [issue(at, `\`${unit.key}\` ${wrong.join(", ")}`, "use the placeholders of the English text")];
}

function placeholdersIn(text: string): readonly string[] {
  return [...new Set(text.match(/\{\{[^{}]*\}\}|\{\{|\}\}/g) ?? [])];
}

function jsonOf({ english }: TranslationUnit, { msgstr }: GetTextTranslation): Json | undefined {
  const text = msgstr[0] ?? "";
  if (typeof english === "string") return text === "" ? undefined : text;
  const words = text
    .split("\n")
    .map((word) => word.trim())
    .filter((word) => word !== "");
  return words.length === 0 ? undefined : words;
}

function write(root: string, language: Language, source: Source, brought: readonly Brought[]): Imported {
  const changed = brought.filter(({ unit, value }) => poString(unit.translated) !== poString(value));
  const files = Map.groupBy(changed, ({ unit }) => unit.key.slice(0, unit.key.indexOf(":")));
  const { status } = readStatus(root, language);
  for (const [name, entries] of files) {
    const before: Json = source.locales.get(language)?.get(name)?.data ?? {};
    const after = entries.reduce<Json>(
      (data, { unit, value }) => withValue(data, pathOf(unit), value),
      before,
    );
    writeJson(join(root, "locales", language, `${name}.json`), after);
  }
  const signed = brought
    .filter(({ unit, entry }) => unit.key === unit.englishKey && !isFuzzy(entry))
    .map((one) => [one.unit.key, statusOf(one)] as const);
  const all = new Map([...status, ...signed]);
  if (signed.some(([key, now]) => !isSame(status.get(key), now)))
    writeJson(
      join(root, statusPath(language)),
      Object.fromEntries([...all].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
  const reviewed = [...all.values()].filter((one) => one.status === "reviewed").length;
  return { language, changed: changed.length, reviewed };
}

/** What is still fuzzy keeps the status that it has. A translation remembers the English that the file showed: where English has changed since, it is behind. */
function statusOf({ unit, entry }: Brought): TranslationStatus {
  const isCurrent = poString(unit.english) === entry.msgid;
  const shown: Json = typeof unit.english === "string" ? entry.msgid : entry.msgid.split("\n");
  const sourceHash = hashOfText(isCurrent ? unit.english : shown);
  const reviewer = reviewerOf(entry);
  if (reviewer === undefined) return { sourceHash, status: "draft", reviewer: null };
  return { sourceHash, status: "reviewed", reviewer };
}

function reviewerOf({ comments }: GetTextTranslation): string | undefined {
  const line = comments?.translator?.split("\n").find((one) => one.startsWith(reviewedBy));
  const name = line?.slice(reviewedBy.length).trim();
  return name === "" ? undefined : name;
}

function isFuzzy({ comments }: GetTextTranslation): boolean {
  return comments?.flag?.split(/[,\s]+/).includes("fuzzy") === true;
}

function isSame(a: TranslationStatus | undefined, b: TranslationStatus): boolean {
  return a?.sourceHash === b.sourceHash && a.status === b.status && a.reviewer === b.reviewer;
}

function pathOf({ key }: TranslationUnit): readonly string[] {
  return key.slice(key.indexOf(":") + 1).split(".");
}

function withValue(data: Json, [key, ...rest]: readonly string[], value: Json): Json {
  if (key === undefined) return value;
  const before = isJsonObject(data) ? data : {};
  return { ...before, [key]: withValue(before[key] ?? {}, rest, value) };
}
