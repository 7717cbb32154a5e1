import { readFileSync, statSync } from "node:fs";
import { InvalidArgumentError } from "commander";
import type { Language } from "../core/nouns/language.ts";

/** Texts by language, as collected from repeated options. */
export type Texts = Readonly<Record<Language, string>>;

/** A text of more than this is no message. */
const largestFile = 64 * 1024;

/** Adds one `en=…` to those given before: the language is what stands before the first `=`. */
export function languageText(value: string, before: Texts = {}): Texts {
  const { language, rest } = divided(value, "en=The words");
  return added(before, language, rest);
}

/** Adds one `en=path` to those given before, with the file's text (UTF-8; white space around it does not count). */
export function languageFile(value: string, before: Texts = {}): Texts {
  const { language, rest } = divided(value, "en=message.txt");
  return added(before, language, fileText(rest).trim());
}

function divided(value: string, example: string): { readonly language: Language; readonly rest: string } {
  const at = value.indexOf("=");
  if (at < 1) throw new InvalidArgumentError(`Write the language, =, and what belongs to it: ${example}`);
  return { language: value.slice(0, at).trim(), rest: value.slice(at + 1) };
}

function added(before: Texts, language: Language, text: string): Texts {
  if (Object.hasOwn(before, language)) {
    throw new InvalidArgumentError(`\`${language}\` is given twice: keep one of the two.`);
  }
  return { ...before, [language]: text };
}

function fileText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size <= largestFile) {
      return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    }
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "no UTF-8";
    throw new InvalidArgumentError(
      `The file can't be read (${why}): check its path, and save it as UTF-8 text.`,
    );
  }
  throw new InvalidArgumentError("The file is too large for a message: shorten it.");
}

/** Reads `30d` or `30` as a number of days, 0 to 3650. */
export function dayCount(value: string): number {
  const [, digits] = /^(\d{1,4})d?$/.exec(value) ?? [];
  const days = Number(digits);
  if (digits === undefined || days > 3_650) {
    throw new InvalidArgumentError("Write a number of days: 30d; 0d for those that are due today.");
  }
  return days;
}

/** Reads a broadcast's number. */
export function broadcastNumber(value: string): number {
  return number(value, "Write the number that `parwana broadcast send` printed.");
}

/** Reads the number of an input that was set aside. */
export function inputNumber(value: string): number {
  return number(value, "Write the number that `parwana inbox list` shows.");
}

function number(value: string, mend: string): number {
  const id = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(id)) throw new InvalidArgumentError(mend);
  return id;
}
