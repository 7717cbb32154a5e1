import { latinDigits } from "./digits.ts";

/** A piece of a typed date. `joined` letters stand directly behind a digit, as in "3rd". */
export type DateToken =
  | { readonly kind: "digits"; readonly text: string }
  | { readonly kind: "letters"; readonly text: string; readonly joined: boolean }
  | { readonly kind: "mark"; readonly text: string };

/** Accents and harakat (split off by NFKD), bidi and zero-width characters, and the tatweel. */
const invisible = /[\p{M}\p{Cf}\u0640]+/gu;
/** "1.º", "1º", "3ª": NFKD would make letters of them. */
const ordinalSign = /\.?[ºª°]/g;
/** Letters with dots between them are one abbreviation: "ه.ش", "A.D". */
const piece = /(?<digits>\d+)|(?<letters>\p{L}+(?:\.\p{L}+)*)|\S/gu;

/**
 * The pieces of a typed date in order, digits as 0-9, white space left out. Takes any string.
 *
 * Numbers are never sent through `normalise`, which may join what is around them ("1.405" becomes 1405).
 */
export function dateTokens(text: string): DateToken[] {
  const plain = latinDigits(text).replace(ordinalSign, "").normalize("NFKD").replace(invisible, "");
  return Array.from(plain.matchAll(piece), (match): DateToken => {
    if (match.groups?.["digits"] !== undefined) return { kind: "digits", text: match[0] };
    if (match.groups?.["letters"] === undefined) return { kind: "mark", text: match[0] };
    return { kind: "letters", text: match[0], joined: /\d/.test(plain.charAt(match.index - 1)) };
  });
}
