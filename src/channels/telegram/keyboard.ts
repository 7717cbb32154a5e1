import type { Button, Message } from "../../core/nouns/message.ts";
import { maxButtonBytes, navPerRow, sharedRowLabelUnits } from "./capabilities.ts";

/** A button of an inline keyboard, as the Bot API takes it. */
export type InlineButton = { readonly text: string; readonly callback_data: string };
export type InlineRows = InlineButton[][];

/**
 * The inline keyboard of a message: answers one a row, two where both labels are short, then the ways out side by
 * side. Undefined when the message has no buttons.
 */
export function keyboardOf(message: Message): InlineRows | undefined {
  const rows = [...answerRows(message.buttons), ...navRows(message.nav)];
  return rows.length === 0 ? undefined : rows;
}

/** Why Telegram would refuse one of the buttons, or undefined. */
export function buttonFault(message: Message): string | undefined {
  for (const { id, label } of [...message.buttons, ...message.nav]) {
    if (id === "" || label.trim() === "") return "button-empty";
    if (Buffer.byteLength(id) > maxButtonBytes) return "button-too-long";
  }
  return undefined;
}

function answerRows(buttons: readonly Button[]): InlineRows {
  const rows: InlineRows = [];
  for (let at = 0; at < buttons.length; ) {
    const [first, second] = [buttons[at], buttons[at + 1]];
    if (first === undefined) break;
    const pair = second !== undefined && isShort(first) && isShort(second) ? [first, second] : [first];
    rows.push(pair.map(inline));
    at += pair.length;
  }
  return rows;
}

function navRows(nav: readonly Button[]): InlineRows {
  const rows: InlineRows = [];
  for (let at = 0; at < nav.length; at += navPerRow) rows.push(nav.slice(at, at + navPerRow).map(inline));
  return rows;
}

function isShort({ label }: Button): boolean {
  return label.length <= sharedRowLabelUnits;
}

function inline({ id, label }: Button): InlineButton {
  return { text: label.toWellFormed(), callback_data: id };
}
