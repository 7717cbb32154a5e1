import { type Answer, type Exchange, jsonAnswer } from "../wire/host.ts";
import { hexadecimal, type Random } from "../wire/seeded.ts";
import { parseJson } from "../wire/shapes.ts";
import {
  createContent,
  deleteContent,
  fetchApproval,
  fetchContent,
  listContent,
  requestApproval,
} from "./content-routes.ts";
import type { ContentStore } from "./content-store.ts";
import { badCall, errorAnswer } from "./errors.ts";
import { inboundForm, type Sent } from "./inbound.ts";
import type { createLedger } from "./ledger.ts";
import { type AskedMessage, readMessage } from "./message-parameters.ts";
import {
  deleteMessage,
  fetchMessage,
  listMessages,
  type MessageRecord,
  type Messages,
  messageObject,
  redactMessage,
} from "./messages.ts";
import { choicesOf, type People, type PersonState, personAt } from "./people.ts";
import type { Route, RouteName } from "./routes.ts";
import type { Form } from "./signed-post.ts";
import { statusesOf } from "./statuses.ts";
import { laterFailure } from "./verdict.ts";

/** Everything that the platform knows, and whom it tells. */
export interface Platform {
  readonly accountSid: string;
  readonly from: string;
  readonly strict: boolean;
  /** How long (ms) a message is not in the list yet. */
  readonly listedAfterMs: number;
  readonly now: () => number;
  readonly random: Random;
  readonly people: People;
  readonly messages: Messages;
  readonly contents: ContentStore;
  readonly ledger: ReturnType<typeof createLedger>;
  readonly tellStatuses: (callback: string, message: MessageRecord, statuses: readonly string[]) => void;
  readonly tellInbound: (form: Form) => void;
}

type Handler = (
  platform: Platform,
  route: Route,
  exchange: Exchange,
  failLater: number | undefined,
) => Answer;

/** One handler a route. */
export const HANDLERS: Readonly<Record<RouteName, Handler>> = {
  "messages.create": (platform, _route, exchange, failLater) =>
    createMessage(platform, exchange.body, failLater),
  "messages.list": ({ messages, accountSid, now, listedAfterMs }, { query }) =>
    listMessages(messages, accountSid, query, now() - listedAfterMs),
  "messages.fetch": ({ messages, accountSid }, { sid }) => fetchMessage(messages, accountSid, sid),
  "messages.redact": ({ messages, accountSid }, { sid }, { body }) =>
    redactMessage(messages, accountSid, sid, new URLSearchParams(body)),
  "messages.delete": ({ messages }, { sid }) => deleteMessage(messages, sid),
  "content.create": ({ contents, accountSid }, _route, { body }) =>
    createContent(contents, accountSid, parseJson(body)?.value),
  "content.list": ({ contents, accountSid }, { query }) => listContent(contents, accountSid, query, false),
  "content.list-with-approvals": ({ contents, accountSid }, { query }) =>
    listContent(contents, accountSid, query, true),
  "content.fetch": ({ contents, accountSid }, { sid }) => fetchContent(contents, accountSid, sid),
  "content.delete": ({ contents }, { sid }) => deleteContent(contents, sid),
  "approval.request": ({ contents }, { sid }, { body }) =>
    requestApproval(contents, sid, parseJson(body)?.value),
  "approval.fetch": ({ contents, accountSid }, { sid }) => fetchApproval(contents, accountSid, sid),
};

/** POST Messages.json: 201 `queued` whatever becomes of it; that is told later, in status callbacks. */
function createMessage(platform: Platform, body: string, failLater: number | undefined): Answer {
  const form = new URLSearchParams(body);
  const asked = readMessage(form, platform.from, platform.contents, platform.strict);
  if ("code" in asked) return errorAnswer(asked);
  const person = platform.strict ? platform.people.get(asked.to) : personAt(platform.people, asked.to);
  if (person?.optedOut) return errorAnswer(badCall(21610, "Attempt to send to unsubscribed recipient"));
  const failure = failLater ?? (platform.strict ? laterFailure(asked, person, platform.now()) : undefined);
  const queued = queuedMessage(platform, asked);
  const statuses = statusesOf(failure, person?.readReceipts ?? true);
  const settled = {
    ...queued,
    status: statuses.at(-1) ?? "queued",
    sentAt: platform.now(),
    errorCode: failure,
  };
  platform.messages.set(settled.sid, settled);
  platform.ledger.add({
    sid: settled.sid,
    at: queued.createdAt,
    to: asked.to,
    form: Object.fromEntries(form),
    failure,
  });
  if (failure === undefined && person !== undefined) show(person, settled.sid, asked);
  if (asked.statusCallback !== undefined) platform.tellStatuses(asked.statusCallback, settled, statuses);
  return jsonAnswer(201, messageObject(platform.accountSid, queued));
}

function queuedMessage(platform: Platform, asked: AskedMessage): MessageRecord {
  return {
    sid: `${asked.media.length > 0 ? "MM" : "SM"}${hexadecimal(32, platform.random)}`,
    direction: "outbound-api",
    from: platform.from,
    to: asked.to,
    body: asked.body,
    media: asked.media.length,
    createdAt: platform.now(),
    sentAt: undefined,
    status: "queued",
    errorCode: undefined,
  };
}

function show(person: PersonState, sid: string, { body, media, template }: AskedMessage): void {
  person.seen.push({
    sid,
    from: "bot",
    body,
    ...choicesOf(template?.filled.content),
    media,
    contentSid: template?.record.sid,
    template: template?.record.approval?.status === "approved",
  });
}

/** Takes what a person sends: it opens the window, and goes to the bot's webhook. Gives its sid. */
export function arrive(platform: Platform, person: PersonState, sent: Sent): string {
  if (person.blocked) throw new Error("this person has blocked the business: unblock first");
  const sid = `${sent.kind === "media" ? "MM" : "SM"}${hexadecimal(32, platform.random)}`;
  const form = inboundForm(sent, person, sid, platform);
  const at = platform.now();
  person.lastInboundAt = at;
  person.seen.push({
    sid,
    from: "person",
    body: form["Body"] ?? "",
    ...choicesOf(undefined),
    media: sent.kind === "media" ? [sent.url] : [],
    contentSid: undefined,
    template: false,
  });
  platform.messages.set(sid, {
    sid,
    direction: "inbound",
    from: form["From"] ?? "",
    to: platform.from,
    body: form["Body"] ?? "",
    media: sent.kind === "media" ? 1 : 0,
    createdAt: at,
    sentAt: at,
    status: "received",
    errorCode: undefined,
  });
  platform.tellInbound(form);
  return sid;
}
