/**
 * Dari and Pashto in Latin letters ("darkhast chetor bedaham") have no fixed spelling: vowels vary, consonants
 * mostly do not. So both the Latin word and the word in Arabic script are brought to the same consonants.
 */
import { isArabicScript } from "./stem.ts";

/** Capitals stand for the sounds that need two Latin letters; "" for what is not heard. */
const latinPairs: ReadonlyMap<string, string> = new Map(
  Object.entries({ kh: "x", gh: "q", sh: "S", ch: "C", zh: "J", ts: "s", dz: "z", ph: "f", th: "t" }),
);
const silent = "aeiouywv";

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

function fromArabic(word: string): string {
  let heard = "";
  for (const letter of word) heard += soundOf.get(letter) ?? "";
  return heard;
}

function fromLatin(word: string): string {
  let heard = "";
  for (let at = 0; at < word.length; at += 1) {
    const letter = word.charAt(at);
    const next = word.charAt(at + 1);
    // In "tsh" and "dzh" it is the last two that are one sound.
    const pair = latinPairs.get(letter + next);
    const isPair = pair !== undefined && !(word.charAt(at + 2) === "h" && (next === "s" || next === "z"));
    if (isPair) at += 1;
    heard += isPair ? pair : latinSound(letter);
  }
  return heard;
}

function latinSound(letter: string): string {
  if (silent.includes(letter)) return "";
  return letter === "c" ? "k" : letter;
}

/** A final h is a spelled vowel in both scripts; a doubled consonant is one sound. */
function simplified(consonants: string): string {
  const end = consonants.endsWith("h") ? consonants.length - 1 : consonants.length;
  let simple = "";
  let last = "";
  for (let at = 0; at < end; at += 1) {
    const one = consonants.charAt(at);
    if (one !== last) simple += one;
    last = one === last ? "" : one;
  }
  return simple;
}

/** The consonants of a word in normal form; "" where fewer than two remain, which would match too much. */
export function sound(word: string): string {
  const spoken = simplified(isArabicScript(word) ? fromArabic(word) : fromLatin(word));
  return spoken.length >= 2 ? spoken : "";
}
