import { isObject, type Payload } from "../wire/shapes.ts";

export interface Button {
  readonly label: string;
  readonly data: string | undefined;
  readonly url: string | undefined;
}

/** Gives the buttons of an inline keyboard, row by row. */
export function buttonsOf(markup: Payload | undefined): readonly (readonly Button[])[] {
  return rowsOf(markup?.["inline_keyboard"]).map((row) => row.filter(isObject).map(toButton));
}

/** Gives the labels of a reply keyboard, row by row. */
export function replyLabelsOf(markup: Payload | undefined): readonly (readonly string[])[] {
  return rowsOf(markup?.["keyboard"]).map((row) =>
    row.map((button) => String(isObject(button) ? button["text"] : button)),
  );
}

function rowsOf(rows: unknown): readonly (readonly unknown[])[] {
  return Array.isArray(rows) ? rows.filter((row) => Array.isArray(row)) : [];
}

function toButton(button: Payload): Button {
  const { text, callback_data: data, url } = button;
  return {
    label: String(text),
    data: typeof data === "string" ? data : undefined,
    url: typeof url === "string" ? url : undefined,
  };
}
