import { closeSync, openSync, readSync } from "node:fs";
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
  const language = value.slice(0, Math.max(at, 0)).trim();
  if (language === "") {
    throw new InvalidArgumentError(`Write the language, =, and what belongs to it: ${example}`);
  }
  return { language, rest: value.slice(at + 1) };
}

function added(before: Texts, language: Language, text: string): Texts {
  if (Object.hasOwn(before, language)) {
    throw new InvalidArgumentError(`\`${language}\` is given twice: keep one of the two.`);
  }
  return { ...before, [language]: text };
}

function fileText(path: string): string {
  try {
    const bytes = beginningOf(path);
    if (bytes.length <= largestFile) return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    const why =
      error instanceof Error && "errno" in error && "code" in error ? String(error.code) : "no UTF-8";
    throw new InvalidArgumentError(
      `The file can't be read (${why}): check its path, and save it as UTF-8 text.`,
    );
  }
  throw new InvalidArgumentError("The file is too large for a message: shorten it.");
}

/** A file's bytes, as many as tell that it is too large: a device or a pipe does not say its size, and may have no end. */
function beginningOf(path: string): Buffer {
  const bytes = Buffer.alloc(largestFile + 1);
  const handle = openSync(path, "r");
  try {
    let length = 0;
    for (let more = 1; more > 0 && length < bytes.length; length += more) {
      more = readSync(handle, bytes, length, bytes.length - length, null);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(handle);
  }
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
