/**
 * A paragraph's direction by its first strong character, isolates skipped (Unicode bidi rules P2 and P3); `auto`
 * where it has none. `dir="auto"` alone would look inside isolates, and turn a line that begins with an isolated code.
 */
export function directionOf(text) {
  const [strong] = withoutIsolates(text).match(/[\u200e\u200f\u061c\p{L}]/u) ?? [];
  if (strong === undefined) return "auto";
  return rightToLeft.test(strong) ? "rtl" : "ltr";
}

/**
 * The language that a text in Arabic letters is read out in: Pashto where it has a letter that only Pashto has, else
 * Dari; nothing for other texts, whose language the letters don't tell.
 */
export function languageOf(text) {
  if (directionOf(text) !== "rtl") return undefined;
  return onlyPashto.test(text) ? "ps" : "fa-AF";
}

const onlyPashto = /[\u067c\u0681\u0685\u0689\u0693\u0696\u069a\u06bc\u06d0\u06cd]/;

const rightToLeft = /[\u200f\u061c\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/;

function withoutIsolates(text) {
  let depth = 0;
  return Array.from(text, (character) => {
    if (/[\u2066-\u2068]/.test(character)) depth += 1;
    const isInside = depth > 0;
    if (character === "\u2069") depth = Math.max(0, depth - 1);
    return isInside ? "" : character;
  }).join("");
}
