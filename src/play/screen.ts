import type { Language } from "../core/nouns/language.ts";
import { isRightToLeft } from "../core/render/bidi.ts";
import type { Drawn, DrawnButton, Entity } from "../web/playground/phone.ts";

/** What the terminal can do, and what the person would type for a button. */
export type ScreenOptions = {
  readonly language: Language;
  /** The number or letter of a button, by its id. */
  readonly markOf: (button: string) => string;
  /** Whether bold and italic may be shown. */
  readonly styled: boolean;
};

const rightToLeftMark = "\u200f";
const isolated = (text: string): string => `\u2068${text}\u2069`;

/**
 * A message as lines for a terminal. A line of a right-to-left language begins with a right-to-left mark, by which
 * terminals that know of direction choose it, and what stands beside it is isolated; nothing is put in another order.
 */
export function screenLines(drawn: Drawn, options: ScreenOptions): readonly string[] {
  const { language } = options;
  const rows = drawn.rows.map((row) => row.map((button) => buttonText(button, options)).join(" "));
  const list =
    drawn.list === undefined
      ? []
      : [`[${isolated(drawn.list.label)}]`, ...drawn.list.rows.map((row) => `  ${buttonText(row, options)}`)];
  return [...textLines(drawn, options.styled), ...rows, ...list].map((line) => directed(line, language));
}

/** A line in its language's direction. */
function directed(line: string, language: Language): string {
  return isRightToLeft(language) && line !== "" ? `${rightToLeftMark}${line}` : line;
}

function buttonText({ id, label }: DrawnButton, { markOf }: ScreenOptions): string {
  return `[${isolated(markOf(id))} ${isolated(label)}]`;
}

/** The text line by line, each in the style that it has on the phone. */
function textLines({ text, entities = [] }: Drawn, styled: boolean): readonly string[] {
  let from = 0;
  return text.split("\n").map((line) => {
    const at = from;
    from += line.length + 1;
    const style = styled ? entities.find((entity) => covers(entity, at, line.length)) : undefined;
    const code = codes[style?.type ?? ""];
    return code === undefined || line === "" ? line : `\u001b[${code}m${line}\u001b[0m`;
  });
}

const codes: Readonly<Record<string, number>> = { bold: 1, italic: 3 };

function covers({ offset, length }: Entity, at: number, lineLength: number): boolean {
  return offset <= at && at + lineLength <= offset + length;
}
