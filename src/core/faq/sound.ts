/**
 * Dari and Pashto in Latin letters ("darkhast chetor bedaham") have no fixed spelling: vowels vary, consonants
 * mostly do not. So both the Latin word and the word in Arabic script are brought to the same consonants.
 */
import { isArabicScript } from "./stem.ts";

/** Longest first; capitals stand for the sounds that need two Latin letters. */
const latinPairs: readonly (readonly [pattern: RegExp, sound: string])[] = [
  [/kh/g, "x"],
  [/gh/g, "q"],
  [/sh/g, "S"],
  [/ch/g, "C"],
  [/zh/g, "J"],
  [/ts/g, "s"],
  [/dz/g, "z"],
  [/ph/g, "f"],
  [/th/g, "t"],
  [/[aeiouywv]/g, ""],
  [/c/g, "k"],
];

const arabicSounds: Readonly<Record<string, string>> = {
  b: "ب",
  p: "پ",
  t: "تط",
  s: "ثسص",
  j: "ج",
  C: "چ",
  h: "حه",
  x: "خ",
  d: "د",
  z: "ذزضظ",
  r: "ر",
  J: "ژ",
  S: "ش",
  q: "غق",
  f: "ف",
  k: "ک",
  g: "گ",
  l: "ل",
  m: "م",
  n: "ن",
};
const soundOf: ReadonlyMap<string, string> = new Map(
  Object.entries(arabicSounds).flatMap(([sound, letters]) =>
    Array.from(letters, (letter): [string, string] => [letter, sound]),
  ),
);

const fromArabic = (word: string): string => Array.from(word, (letter) => soundOf.get(letter) ?? "").join("");
const fromLatin = (word: string): string =>
  latinPairs.reduce((rest, [pattern, sound]) => rest.replace(pattern, sound), word);

/** The consonants of a word in normal form; "" where fewer than two remain, which would match too much. */
export function sound(word: string): string {
  const consonants = isArabicScript(word) ? fromArabic(word) : fromLatin(word);
  // A final h is a spelled vowel in both scripts; a doubled consonant is one sound.
  const spoken = consonants.replace(/h$/, "").replace(/(.)\1/g, "$1");
  return spoken.length >= 2 ? spoken : "";
}
