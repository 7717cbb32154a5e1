import type { Language } from "../nouns/language.ts";

/** The code point of each numbering system's zero; its other digits follow in order. */
const zeros: Readonly<Record<string, number>> = { arabext: 0x06f0, arab: 0x0660 };

const foreign = /[\u06f0-\u06f9\u0660-\u0669\u066b\u066c]/g;
const numberingSystems = new Map<Language, string>();

function latin(character: string): string {
  if (character === "\u066b") return ".";
  if (character === "\u066c") return ",";
  // The last four bits of both blocks count from their zero.
  return String(character.charCodeAt(0) & 0xf);
}

/** The text with Persian and Arabic digits as 0-9, and the Arabic decimal (٫) and thousands (٬) signs as "." and ",". */
export function latinDigits(text: string): string {
  return text.replace(foreign, latin);
}

function numberingSystemOf(language: Language): string {
  const known = numberingSystems.get(language);
  if (known !== undefined) return known;
  const system = new Intl.NumberFormat(language).resolvedOptions().numberingSystem;
  numberingSystems.set(language, system);
  return system;
}

/**
 * The text with 0-9 written as the language writes them by default: ۰-۹ in Dari and Pashto, unchanged in English and Spanish.
 * Which language writes how is ICU's knowledge, so that a new language needs no line here. RangeError for a malformed tag.
 */
export function nativeDigits(text: string, language: Language): string {
  const zero = zeros[numberingSystemOf(language)];
  return zero === undefined
    ? text
    : text.replace(/[0-9]/g, (digit) => String.fromCharCode(zero + Number(digit)));
}
