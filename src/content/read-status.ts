import { type Issue, isJsonObject, issueAt, type Json } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { readJsonFile } from "./read-source.ts";

/** Where a translation of one key stands. */
export type TranslationStatus = {
  /** Hash of the English text it was made from. */
  readonly sourceHash: string;
  readonly status: "draft" | "reviewed";
  /** Who signed it; null while it is a draft. */
  readonly reviewer: string | null;
};

/** By key (`<file>:<path>`); an entry that can't be read is an issue and left out. */
export type ReadStatus = {
  readonly status: ReadonlyMap<string, TranslationStatus>;
  readonly issues: readonly Issue[];
};

/** Where a language's status file stands, relative to the root. */
export function statusPath(language: Language): string {
  return `locales/${language}/status.json`;
}

/** Reads `locales/<language>/status.json`: how far each key's translation is. No file gives no entries. Never throws. */
export function readStatus(root: string, language: Language): ReadStatus {
  const issues: Issue[] = [];
  const status = new Map<string, TranslationStatus>();
  const file = readJsonFile(root, statusPath(language), issues);
  if (file === undefined) return { status, issues };
  if (!isJsonObject(file.data)) {
    issues.push(issueAt(file, [], "this is not an object of keys", stampAgain));
    return { status, issues };
  }
  for (const [key, value] of Object.entries(file.data)) {
    const entry = statusOf(value);
    if (entry === undefined)
      issues.push(issueAt(file, [key], `the status of \`${key}\` can't be read`, stampAgain));
    else status.set(key, entry);
  }
  return { status, issues };
}

const stampAgain =
  'each key has "sourceHash", "status" (draft or reviewed) and "reviewer" (a name, or null for a draft)';

function statusOf(value: Json): TranslationStatus | undefined {
  if (!isJsonObject(value)) return undefined;
  const { sourceHash, status, reviewer } = value;
  if (typeof sourceHash !== "string") return undefined;
  if (status === "draft" && reviewer === null) return { sourceHash, status, reviewer };
  if (status === "reviewed" && typeof reviewer === "string" && reviewer.trim() !== "")
    return { sourceHash, status, reviewer };
  return undefined;
}
