/**
 * Divides a text into pieces of at most `limit` UTF-16 units (at least 2). A piece ends after a paragraph, else after
 * a line, a sentence, a word, a grapheme: the first of these whose last boundary leaves the piece at least half full.
 * So a line of up to half the limit is never cut. White space at a cut is dropped; nothing else is. Gives no empty
 * piece.
 */
export function splitText(text: string, limit: number): readonly string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const at = cutAt(rest, limit);
    pieces.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...pieces, rest].filter((piece) => piece !== "");
}

/** The rules are Unicode's own, the same for every language here; the tag decides nothing but dictionaries. */
const segmenters = {
  sentence: new Intl.Segmenter("en", { granularity: "sentence" }),
  word: new Intl.Segmenter("en", { granularity: "word" }),
  grapheme: new Intl.Segmenter("en", { granularity: "grapheme" }),
};

function cutAt(text: string, limit: number): number {
  const candidates = [
    () => text.lastIndexOf("\n\n", limit),
    () => text.lastIndexOf("\n", limit),
    () => boundary(text, limit, segmenters.sentence),
    () => boundary(text, limit, segmenters.word),
  ];
  for (const candidate of candidates) {
    const at = candidate();
    if (at >= limit / 2) return at;
  }
  const grapheme = boundary(text, limit, segmenters.grapheme);
  return grapheme > 0 ? grapheme : codePointBoundary(text, limit);
}

/** Where the segment that holds the unit at `limit` begins; what comes much later cannot move that. */
function boundary(text: string, limit: number, segmenter: Intl.Segmenter): number {
  return segmenter.segment(text.slice(0, limit * 2)).containing(limit)?.index ?? 0;
}

/** For a grapheme longer than a piece (a letter under thousands of marks): only surrogate pairs stay whole. */
function codePointBoundary(text: string, limit: number): number {
  const unit = text.charCodeAt(limit);
  return unit >= 0xdc00 && unit <= 0xdfff ? limit - 1 : limit;
}
