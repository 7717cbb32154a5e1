import { maxQuickReplies, maxRows } from "./capabilities.ts";

/** A content record as it is created. Nothing personal is ever in one: whatever a person is told goes in variables. */
export type RecordSpec = {
  readonly name: string;
  /** WhatsApp's code of the language. */
  readonly language: string;
  /** Sample values, which WhatsApp's review asks for. */
  readonly variables: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, object>>;
};

export const quickReplyName = (buttons: number): string => `parwana_quick_reply_${buttons}`;
export const listName = (rows: number): string => `parwana_list_${rows}`;

/**
 * The records that carry buttons inside the reply window, where WhatsApp asks for no approval: quick replies with
 * 1–3 buttons, lists with 1–10 rows, all of it variables: 1 is the text, for a list 2 the button that opens it, then
 * title and id of each. Docs, content/twilio-list-picker and content/twilio-quick-reply: titles and ids may be
 * variables. They say no words, so that their language means nothing.
 */
export const genericRecords: readonly RecordSpec[] = [
  ...counts(maxQuickReplies).map(quickReplyRecord),
  ...counts(maxRows).map(listRecord),
];

function quickReplyRecord(buttons: number): RecordSpec {
  const actions = counts(buttons).map((count) => ({
    type: "QUICK_REPLY",
    title: variable(count * 2),
    id: variable(count * 2 + 1),
  }));
  return record(quickReplyName(buttons), 1 + buttons * 2, {
    "twilio/quick-reply": { body: variable(1), actions },
  });
}

function listRecord(rows: number): RecordSpec {
  const items = counts(rows).map((count) => ({ item: variable(count * 2 + 1), id: variable(count * 2 + 2) }));
  return record(listName(rows), 2 + rows * 2, {
    "twilio/list-picker": { body: variable(1), button: variable(2), items },
  });
}

function record(name: string, variables: number, types: RecordSpec["types"]): RecordSpec {
  const samples = Object.fromEntries(counts(variables).map((count) => [String(count), String(count)]));
  return { name, language: "en", variables: samples, types };
}

function variable(count: number): string {
  return `{{${count}}}`;
}

function counts(last: number): readonly number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
