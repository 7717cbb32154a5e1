/**
 * A quick way through the normaliser for what people mostly type. Every letter of the common alphabets is put through
 * the slow way once, between neighbours that show what it does there; what depends on its neighbours in any other
 * way is left to the slow way.
 */

/** What a UTF-16 unit becomes: another unit, or one of these. */
const leave = 0;
const space = 1;
const drop = 2;
/** Depends on its neighbours: a comma in a number, the dash of a form number. */
const depends = 3;
/** As above, but between two letters it goes: an apostrophe. */
const joins = 4;

/** Basic Latin, Latin-1, the Arabic letters and signs, and the punctuation and joiners that phones put in. */
const ranges: readonly (readonly [first: number, last: number])[] = [
  [0x09, 0x0a],
  [0x20, 0x7e],
  [0xa0, 0xff],
  [0x600, 0x6ff],
  [0x200b, 0x201f],
  [0x2026, 0x2026],
  [0x202a, 0x202e],
  [0x2066, 0x2069],
];

type Normalise = (text: string) => string;

/** Between two letters, two digits, letter and digit, digit and letter. */
const frames: readonly (readonly [before: string, after: string])[] = [
  ["b", "c"],
  ["1", "000"],
  ["i", "1"],
  ["1", "b"],
];

function meaningOf(unit: number, normalise: Normalise): number {
  const became = frames.map(([before, after]) => {
    const whole = normalise(before + String.fromCharCode(unit) + after);
    return whole.slice(before.length, whole.length - after.length);
  });
  const [betweenLetters = ""] = became;
  const always = became.every((one) => one === betweenLetters);
  if (!always) return betweenLetters === "" ? joins : depends;
  if (betweenLetters === "") return drop;
  if (betweenLetters === " ") return space;
  return betweenLetters.length === 1 ? betweenLetters.charCodeAt(0) : leave;
}

const isLetter = (unit: number): boolean => unit > 57;

/** What a unit that depends on its neighbours becomes here; `leave` where only the slow way knows. */
function inContext(meaning: number, before: number, after: number): number {
  if (before === space || after === space) return space;
  // No letter: a digit, and what has no unit of its own (a mark, another of those that depend).
  if (isLetter(before) && isLetter(after)) return meaning === joins ? drop : space;
  return leave;
}

type Meanings = Uint16Array<ArrayBuffer>;

function meaningsOf(normalise: Normalise): Meanings {
  const meanings = new Uint16Array(0x2070);
  for (const [first, last] of ranges) {
    for (let unit = first; unit <= last; unit += 1) meanings[unit] = meaningOf(unit, normalise);
  }
  return meanings;
}

/** The end of a text is as good as a space. */
const meaningAt = (meanings: Meanings, text: string, at: number): number =>
  at < text.length ? (meanings[text.charCodeAt(at)] ?? leave) : space;

/** What the unit at a place becomes after `before`; never one of those that depend. */
function resolved(meanings: Meanings, text: string, at: number, before: number): number {
  const meaning = meaningAt(meanings, text, at);
  if (meaning !== depends && meaning !== joins) return meaning;
  return inContext(meaning, before, meaningAt(meanings, text, at + 1));
}

/** Whether a letter comes a third time; digits may. */
const isDrawnOut = (meaning: number, last: number, beforeLast: number): boolean =>
  meaning === last && last === beforeLast && isLetter(meaning);

/** Writes the normal form and gives its length (a space at the end may be too much); -1 where it is not known. */
function write(meanings: Meanings, text: string, units: Uint16Array): number {
  let length = 0;
  let last = space;
  let beforeLast = space;
  for (let at = 0; at < text.length; at += 1) {
    const meaning = resolved(meanings, text, at, last);
    if (meaning === leave || isDrawnOut(meaning, last, beforeLast)) return -1;
    if (meaning === drop || (meaning === space && last === space)) continue;
    units[length] = meaning === space ? 32 : meaning;
    length += 1;
    beforeLast = last;
    last = meaning;
  }
  return length;
}

/** Writes the normal form of a text into `units`; gives its length, or -1 where it is not known or might not fit. */
export type WriteNormal = (text: string, units: Uint16Array) => number;

/**
 * Makes the quick way out of the slow one. It writes the same as the slow way gives, or gives -1 where it does not know
 * (letters of other alphabets, letters drawn out, numbers with separators). The first text puts every letter through the
 * slow way: a start needs none of it.
 */
export function quickNormaliser(normalise: Normalise): WriteNormal {
  let meanings: Meanings | undefined;
  return (text, units) => {
    if (text.length > units.length) return -1;
    meanings ??= meaningsOf(normalise);
    const length = write(meanings, text, units);
    return length > 0 && units[length - 1] === 32 ? length - 1 : length;
  };
}
