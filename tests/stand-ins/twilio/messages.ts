import { type Answer, jsonAnswer } from "../wire/host.ts";
import type { Payload } from "../wire/shapes.ts";
import { badCall, errorAnswer, failureText, NOT_FOUND } from "./errors.ts";
import { pageOf } from "./paging.ts";

/** A Message resource as the stand-in keeps it. */
export interface MessageRecord {
  readonly sid: string;
  readonly direction: "inbound" | "outbound-api";
  readonly from: string;
  readonly to: string;
  readonly body: string;
  readonly media: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly sentAt: number | undefined;
  readonly status: string;
  readonly errorCode: number | undefined;
}

export type Messages = Map<string, MessageRecord>;

/** Gives the Message resource. */
export function messageObject(accountSid: string, message: MessageRecord): Payload {
  const { sid, errorCode } = message;
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${sid}`;
  return {
    account_sid: accountSid,
    api_version: "2010-04-01",
    body: message.body,
    date_created: rfc2822(message.createdAt),
    date_sent: message.sentAt === undefined ? null : rfc2822(message.sentAt),
    date_updated: rfc2822(message.sentAt ?? message.createdAt),
    direction: message.direction,
    error_code: errorCode ?? null,
    error_message: errorCode === undefined ? null : failureText(errorCode),
    from: message.from,
    messaging_service_sid: null,
    num_media: String(message.media),
    num_segments: "1",
    price: null,
    price_unit: null,
    sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/** GET Messages/{sid}.json. */
export function fetchMessage(messages: Messages, accountSid: string, sid: string): Answer {
  const message = messages.get(sid);
  return message === undefined ? errorAnswer(NOT_FOUND) : jsonAnswer(200, messageObject(accountSid, message));
}

/** DELETE Messages/{sid}.json. */
export function deleteMessage(messages: Messages, sid: string): Answer {
  return messages.delete(sid) ? { status: 204, type: "application/json", body: "" } : errorAnswer(NOT_FOUND);
}

/** POST Messages/{sid}.json: only an empty Body, which takes the words away. */
export function redactMessage(
  messages: Messages,
  accountSid: string,
  sid: string,
  form: URLSearchParams,
): Answer {
  const message = messages.get(sid);
  if (message === undefined) return errorAnswer(NOT_FOUND);
  if (form.get("Body") !== "") return errorAnswer(badCall(20001, "Body can only be made empty"));
  const redacted = { ...message, body: "" };
  messages.set(sid, redacted);
  return jsonAnswer(200, messageObject(accountSid, redacted));
}

const FILTERS = new Set([
  "To",
  "From",
  "DateSent",
  "DateSent<",
  "DateSent>",
  "PageSize",
  "Page",
  "PageToken",
]);

/** GET Messages.json, newest first: what was made until then (ms). */
export function listMessages(
  messages: Messages,
  accountSid: string,
  query: URLSearchParams,
  until: number,
): Answer {
  const stranger = [...query.keys()].find((name) => !FILTERS.has(name));
  if (stranger !== undefined) return errorAnswer(badCall(20001, `Unknown parameter '${stranger}'`));
  const found = [...messages.values()]
    .filter((message) => message.createdAt <= until && fits(message, query))
    .reverse();
  const page = pageOf(found, query);
  if (page === undefined) return errorAnswer(badCall(20001, "PageSize or Page is wrong"));
  const uri = (number: number) => {
    const again = new URLSearchParams(query);
    again.set("PageSize", String(page.size));
    again.set("Page", String(number));
    return `/2010-04-01/Accounts/${accountSid}/Messages.json?${again}`;
  };
  return jsonAnswer(200, {
    messages: page.items.map((message) => messageObject(accountSid, message)),
    page: page.number,
    page_size: page.size,
    start: page.number * page.size,
    end: page.number * page.size + Math.max(page.items.length - 1, 0),
    uri: uri(page.number),
    first_page_uri: uri(0),
    next_page_uri: page.more ? uri(page.number + 1) : null,
    previous_page_uri: page.number > 0 ? uri(page.number - 1) : null,
  });
}

function fits(message: MessageRecord, query: URLSearchParams): boolean {
  const sent = message.sentAt ?? message.createdAt;
  const is = (name: string, test: (value: string) => boolean) => {
    const value = query.get(name);
    return value === null || test(value);
  };
  return (
    is("To", (to) => message.to === to) &&
    is("From", (from) => message.from === from) &&
    is("DateSent", (day) => new Date(sent).toISOString().slice(0, 10) === day.slice(0, 10)) &&
    is("DateSent<", (before) => sent <= Date.parse(before)) &&
    is("DateSent>", (after) => sent >= Date.parse(after))
  );
}

function rfc2822(milliseconds: number): string {
  return new Date(milliseconds).toUTCString().replace("GMT", "+0000");
}
