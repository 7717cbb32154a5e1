/** What mistyped and unknown words still share with those they were meant to be: pieces of three letters. */

const pieceLength = 3;

/** The pieces of a word in normal form, its edges included. */
export function piecesOf(word: string): string[] {
  const edged = ` ${word} `;
  if (edged.length <= pieceLength) return [edged];
  const pieces: string[] = [];
  for (let at = 0; at + pieceLength <= edged.length; at += 1) pieces.push(edged.slice(at, at + pieceLength));
  return pieces;
}

/** The pieces of all words of a text in normal form. */
export function piecesIn(normal: string): string[] {
  return normal === "" ? [] : normal.split(" ").flatMap(piecesOf);
}
