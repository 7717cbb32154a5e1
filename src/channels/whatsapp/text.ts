import type { Part } from "../../core/nouns/message.ts";
import { maxBodyUnits } from "./capabilities.ts";

const between = "\n\n";
const somethingToSee = /[^\s\p{Cf}]/u;

/** Whether a person would see anything of this text. */
export function isVisible(text: string): boolean {
  return somethingToSee.test(text);
}

/** The parts of a message as WhatsApp's text, a blank line between them; "" when there is nothing to see. */
export function textOf(parts: readonly Part[]): string {
  return parts
    .filter(({ text }) => isVisible(text))
    .map(({ style, text }) =>
      clean(text)
        .split("\n")
        .map((line) => lineOf(line, markers[style]))
        .join("\n"),
    )
    .join(between);
}

/** What may not go over the wire or would break a line elsewhere: half surrogate pairs, control characters, other line ends. */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029/g, "\n")
    .replace(/(?![\n\t])\p{Cc}/gu, "");
}

/** Docs, whatsapp/message-features: `*bold*` and `_italic_`. */
const markers: Readonly<Record<Part["style"], string>> = { heading: "*", text: "", note: "_" };

/** Formatting does not reach over a line's end, and a line of up to half a message is never cut by a split. */
const maxStyledUnits = maxBodyUnits / 2;

/** A line that holds a link gets no markers: one next to a link becomes part of it. */
function lineOf(line: string, marker: string): string {
  const words = line.trim();
  if (marker === "" || !isVisible(words) || words.split(/\s+/).some(isLink)) return literal(line);
  const styled = `${marker}${literal(words)}${marker}`;
  return styled.length > maxStyledUnits ? literal(line) : line.replace(words, () => styled);
}

/**
 * WhatsApp has no escape for its formatting characters. They become their full-width forms, which look the same but
 * format nothing (Unicode's NFKC gives the originals back). Zero-width characters beside them would not do: whether
 * these count as white space differs from app to app.
 */
const wide: Readonly<Record<string, string>> = { "*": "＊", _: "＿", "~": "～", "`": "｀" };

/** A text that shows as it stands, whatever characters it has. Links and mail addresses stay usable: they are never formatted. */
export function literal(text: string): string {
  if (!/[*_~`]/.test(text)) return text;
  return text.replace(/\S+/g, (word) =>
    isLink(word) ? word : word.replace(/[*_~`]/g, (mark) => wide[mark] ?? mark),
  );
}

const link = /^[("'«\u2066-\u2068]*(?:https?:\/\/|www\.)./i;
const mail = /^[("'«\u2066-\u2068]*[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+[.,;:!?)"'»\u2069]*$/i;

function isLink(word: string): boolean {
  return link.test(word) || mail.test(word);
}
