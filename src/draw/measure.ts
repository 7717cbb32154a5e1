/**
 * Widths are estimated, never taken from this machine's fonts: the same flow gives the same drawing everywhere. They are
 * those of a wide common font (DejaVu Sans), rounded up, so that text fits its box in narrower ones too.
 */
const em: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[\p{Mn}\p{Me}\p{Cf}]/u, 0],
  [/[ilj|!'.,:;ıا‌]/u, 0.33],
  [/[\s()[\]{}frtI\-–"“”‘’/]/u, 0.42],
  [/[mwMW@%—…]/u, 0.98],
  [/[A-Z]/, 0.74],
  [/\p{Script=Arabic}/u, 0.56],
  [/[\p{Script=Han}\p{Extended_Pictographic}]/u, 1.1],
];
const usual = 0.62;

/** The width of one line, in pixels, at a font size in pixels. */
export function widthOf(text: string, size: number): number {
  return Math.ceil(
    Array.from(text, (letter) => em.find(([like]) => like.test(letter))?.[1] ?? usual).reduce(
      (a, b) => a + b,
      0,
    ) * size,
  );
}

/** The lines of a text no wider than that, broken between words (inside one that is too wide by itself). */
export function wrapped(text: string, width: number, size: number): readonly string[] {
  return text.split("\n").flatMap((line) => wrappedLine(line.trim(), width, size));
}

function wrappedLine(line: string, width: number, size: number): readonly string[] {
  const lines: string[] = [];
  let open = "";
  for (const word of line.split(/\s+/).flatMap((one) => pieces(one, width, size))) {
    const longer = open === "" ? word : `${open} ${word}`;
    if (open === "" || widthOf(longer, size) <= width) open = longer;
    else {
      lines.push(open);
      open = word;
    }
  }
  return [...lines, open];
}

/** A word that is wider than a line, such as a link, in pieces that are not: after a slash or a dash where there is one. */
function pieces(word: string, width: number, size: number): readonly string[] {
  const cut: string[] = [];
  let rest = word;
  while (widthOf(rest, size) > width) {
    const fitting = longestFitting(rest, width, size);
    const soft = Math.max(fitting.lastIndexOf("/"), fitting.lastIndexOf("-")) + 1;
    const piece = soft > fitting.length / 2 ? fitting.slice(0, soft) : fitting;
    cut.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...cut, rest];
}

/** The beginning of a word that still fits a line; one letter at least, so that there is an end to it. */
function longestFitting(word: string, width: number, size: number): string {
  let fitting = "";
  for (const letter of word) {
    if (fitting !== "" && widthOf(fitting + letter, size) > width) break;
    fitting += letter;
  }
  return fitting;
}
