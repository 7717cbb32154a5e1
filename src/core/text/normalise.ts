import { quickNormaliser, type WriteNormal } from "./quick-normalise.ts";

/**
 * One normal form for everything people type, and for every word that it is compared with.
 *
 * The rules are those that paid when they were measured on messages in English, Dari, Pashto and Spanish;
 * both sides of every comparison must go through here.
 */

/** Words of lower-case ASCII or of letters that fold to themselves: in normal form unless a letter is drawn out. */
const plainLetters = "a-z0-9ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی";
const plain = new RegExp(`^[${plainLetters}]+(?: [${plainLetters}]+)*$`);
const plainDrawnOut = /([^0-9])\1\1/;
const drawnOut = /(\p{L})\1{2,}/gu;

/** Marks (harakat, accents, split off by NFKD), format characters (bidi, zero-width, joiners) and the tatweel. */
const invisible = /[\p{M}\p{Cf}\u0640]+/gu;
/** "don't" and "dont" are typed equally often; so an apostrophe inside a word joins. */
const innerApostrophe = /(?<=\p{L})['’‘`ʼ](?=\p{L})/gu;
/** "1,000", "1.000" (Spanish) and "۱٬۰۰۰" are one number; a first digit 1-9 leaves decimals such as 0.125 alone. */
const grouped = /(?<!\d[.,٬،]?)[1-9]\d{0,2}(?:[.,٬،]\d{3})+(?!\d)/g;
/** Form numbers: "i-131", "ds‑260", "p-1". */
const formDash = /(?<![\p{L}\p{N}])([a-z]{1,2})[-‐‑‒–—](?=\d)/gu;
const notWord = /[^\p{L}\p{N}]+/gu;

/**
 * Letters that people type for one another, by the letter they become. NFKD has already taken hamza and madda
 * off their seats. Pashto's own letters fall to what a Persian keyboard types in their place.
 */
const twins: Readonly<Record<string, string>> = {
  "0": "۰٠",
  "1": "۱١",
  "2": "۲٢",
  "3": "۳٣",
  "4": "۴٤",
  "5": "۵٥",
  "6": "۶٦",
  "7": "۷٧",
  "8": "۸٨",
  "9": "۹٩",
  ی: "يىېۍےئۑ",
  ک: "كڪڬ",
  گ: "ګڰ",
  ا: "ٱٲٳأإآ",
  ه: "ةۀہۂھەۃ",
  و: "ؤۇۆۋ",
  ت: "ټٹ",
  د: "ډڈ",
  ر: "ړڑ",
  ن: "ڼںڻ",
  ش: "ښ",
  ژ: "ږ",
  س: "څ",
  ز: "ځ",
};

const folded: ReadonlyMap<string, string> = new Map(
  Object.entries(twins).flatMap(([letter, variants]) =>
    Array.from(variants, (variant): [string, string] => [variant, letter]),
  ),
);
const foldable = new RegExp(`[${Array.from(folded.keys()).join("")}]`, "gu");
const fold = (letter: string): string => folded.get(letter) ?? letter;

/** Works for every string; the quick paths in {@link normalise} spare most messages the way through it. */
function normaliseAny(text: string): string {
  return (
    text
      .normalize("NFKD")
      .replace(invisible, "")
      .toLowerCase()
      // Lower case can bring back what was taken away (a few letters have a lower case of two code points).
      .normalize("NFKD")
      .replace(invisible, "")
      .replace(foldable, fold)
      .replace(innerApostrophe, "")
      .replace(grouped, (digits) => digits.replace(/\D/g, ""))
      .replace(formDash, "$1")
      .replace(notWord, " ")
      .replace(drawnOut, "$1")
      .trim()
  );
}

/**
 * Writes the UTF-16 units of the normal form into `units`; gives how many they are, or -1 where only {@link normalise}
 * knows it or the text is longer than there is room.
 */
export const writeNormal: WriteNormal = quickNormaliser(normaliseAny);

/** Longer texts are rare, and cost no more than their length either way. */
const longestQuick = 400;

function normaliseQuickly(text: string): string | undefined {
  if (text.length > longestQuick) return undefined;
  const units = new Uint16Array(text.length);
  const length = writeNormal(text, units);
  return length === -1 ? undefined : Reflect.apply(String.fromCharCode, undefined, units.subarray(0, length));
}

/**
 * The normal form of a text: lower-case words of letters and ASCII digits with one space between them.
 *
 * Takes any string (lone surrogates included) and never throws; normalising twice changes nothing.
 * Detect the language before calling this: Pashto's own letters do not survive it.
 */
export function normalise(text: string): string {
  if (plain.test(text) && !plainDrawnOut.test(text)) return text;
  return normaliseQuickly(text) ?? normaliseAny(text);
}

/** The words of a text in normal form, in order; none for a text without letters or digits. */
export function tokens(text: string): string[] {
  const normal = normalise(text);
  return normal === "" ? [] : normal.split(" ");
}
