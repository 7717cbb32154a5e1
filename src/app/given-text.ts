import { withoutBidiControls } from "../core/render/bidi.ts";

/** Whether a person would see anything of a text that an organisation gave. */
export function isVisible(text: string): boolean {
  return /[^\s\p{Cf}\p{Cc}]/u.test(text);
}

/** A name that an organisation gave, as it is kept: one line, without what would turn or break the text it is put into. */
export function oneLine(text: string): string {
  return withoutBidiControls(text)
    .normalize("NFC")
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .trim();
}
