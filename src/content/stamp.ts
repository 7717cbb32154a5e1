import { join } from "node:path";
import { Problem } from "../app/errors.ts";
import { shortHash } from "../core/flow/short-hash.ts";
import type { Json, Source } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { refuseIssues } from "./format-issues.ts";
import { readSource } from "./read-source.ts";
import { readStatus, statusPath, type TranslationStatus } from "./read-status.ts";
import { translatable } from "./text-keys.ts";
import { writeJson } from "./write-whole.ts";

/**
 * Writes a language's `status.json` anew: every English key (`<file>:<path>`; a list is one key) with the hash of the
 * English as it is now. A key whose English is unchanged keeps its entry; a new or changed one becomes a draft; one
 * that English no longer has is removed. Gives how many became drafts. Throws a Problem ("content") when the files
 * can't be read, and then writes nothing.
 */
export function stampTranslations(root: string, language: Language): number {
  const { hashes, status } = hashesAndStatus(root, language);
  const kept = (key: string, hash: string) =>
    status.get(key)?.sourceHash === hash ? status.get(key) : undefined;
  const entries = [...hashes].map(([key, hash]): readonly [string, TranslationStatus] => [
    key,
    kept(key, hash) ?? { sourceHash: hash, status: "draft", reviewer: null },
  ]);
  writeJson(join(root, statusPath(language)), Object.fromEntries(entries));
  return [...hashes].filter(([key, hash]) => kept(key, hash) === undefined).length;
}

/** Keys whose English is not the one that a language's translations were made from. Keys never stamped are not among them. */
export function staleKeys(
  source: Pick<Source, "locales">,
  status: ReadonlyMap<string, TranslationStatus>,
): readonly string[] {
  return [...sourceHashes(source)]
    .filter(([key, hash]) => (status.get(key)?.sourceHash ?? hash) !== hash)
    .map(([key]) => key);
}

/** The hash of every English text, by key, in the order of the keys. */
function sourceHashes(source: Pick<Source, "locales">): ReadonlyMap<string, string> {
  const texts = [...translatable(source.locales)].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(texts.map(([key, text]) => [key, hashOfText(text)]));
}

/** The hash by which a translation remembers the English text, or list of words, that it was made from. */
export function hashOfText(text: Json): string {
  return shortHash(typeof text === "string" ? text : JSON.stringify(text));
}

function hashesAndStatus(root: string, language: Language) {
  const { source, issues } = readSource(root);
  const { status, issues: ofStatus } = readStatus(root, language);
  refuseIssues([...issues, ...ofStatus]);
  if (!source.locales.has(language)) throw new Problem("not-found", `locales/ has no folder \`${language}\``);
  return { hashes: sourceHashes(source), status };
}
