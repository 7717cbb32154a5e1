import twilio from "twilio";
import type {
  DeliveryStatus,
  Inbound,
  Received,
  SendOutcome,
  WebhookRequest,
} from "../../app/ports-channel.ts";
import type { ChannelId, OutboxId } from "../../core/nouns/ids.ts";
import { type Input, readableText } from "../../core/nouns/input.ts";
import { failureOfCode } from "./failures.ts";

/** Twilio posts what people write to the first, delivery reports to the second. */
const webhookPath = "/webhooks/whatsapp";
const statusPath = "/webhooks/whatsapp/status";

export type Door = {
  readonly channel: ChannelId;
  readonly accountSid: string;
  /** Whose signature is asked for; undefined where posts come from inside the process only (the playground). */
  readonly authToken: string | undefined;
  /** Where Twilio was told to post to: the signature covers it, whatever the request says of its host. */
  readonly publicUrl: string;
};

type Form = Readonly<Record<string, string | readonly string[]>>;

const ignored: Received = { kind: "ignored" };
const refused = (httpStatus: 400 | 403, reason: string): Received => ({
  kind: "refused",
  httpStatus,
  reason,
});

/** Gives the function that verifies and reads one webhook request of this channel. It never throws. */
export function createReceive(door: Door): (request: WebhookRequest) => Received {
  const root = door.publicUrl.replace(/\/+$/, "");
  return (request) => {
    const read = readers[request.path];
    // The path as it stands: the SDK also takes signatures of a URL that only comes down to the same.
    if (read === undefined || !Object.hasOwn(readers, request.path)) return refused(403, "path");
    const form = formOf(request);
    if (form === undefined) return refused(400, "no-form");
    if (!isSigned(door.authToken, root, request, form)) return refused(403, "signature");
    const isOurs = one(form, "AccountSid") === door.accountSid;
    return isOurs ? read(door.channel, form, request.query) : refused(403, "account");
  };
}

const readers: Readonly<Record<string, (channel: ChannelId, form: Form, query: string) => Received>> = {
  [webhookPath]: readMessage,
  [statusPath]: readStatus,
};

const formType = "application/x-www-form-urlencoded";

function formOf({ headers, body }: WebhookRequest): Form | undefined {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? formType;
  if (type !== formType || body === "") return undefined;
  const grouped = Map.groupBy(new URLSearchParams(body), ([name]) => name);
  return Object.fromEntries(
    Array.from(grouped, ([name, pairs]) => {
      const [only, ...more] = pairs.map(([, value]) => value);
      return [name, more.length === 0 && only !== undefined ? only : pairs.map(([, value]) => value)];
    }),
  );
}

/** The value of a parameter; the first where it came more than once, undefined where it is missing or empty. */
function one(form: Form, name: string): string | undefined {
  const value = Object.hasOwn(form, name) ? form[name] : undefined;
  const first = typeof value === "string" ? value : value?.[0];
  return first === "" ? undefined : first;
}

function isSigned(
  authToken: string | undefined,
  root: string,
  { path, query, headers }: WebhookRequest,
  form: Form,
): boolean {
  if (authToken === undefined) return true;
  const signature = headers["x-twilio-signature"];
  if (signature === undefined || signature === "") return false;
  const search = query.replace(/^\?/, "");
  // The SDK also takes a signature of what a URL comes down to, without tabs and the like; no real query has any.
  if (/[^!-~]/.test(search)) return false;
  const url = `${root}${path}${search === "" ? "" : `?${search}`}`;
  return URL.canParse(url) && twilio.validateRequest(authToken, signature, url, form);
}

// ---------------------------------------------------------------- messages

/** Reads the parameters of one message that a person sent; those that matter are enough. */
export function readMessage(channel: ChannelId, form: Form): Received {
  const externalId = one(form, "MessageSid");
  const addresses = addressesOf(form);
  if (externalId === undefined) return refused(400, "malformed");
  // A signed post of another kind of sender (SMS …) that shares the URL is not for us.
  if (addresses === undefined) return ignored;
  const inbound: Inbound = {
    channel,
    externalId,
    addresses,
    input: inputOf(form),
    languageHint: undefined,
    opensWindow: true,
    // Its buttons can't be taken away.
    tappedMessage: undefined,
    tapId: undefined,
  };
  return { kind: "inbound", inbound };
}

/** `whatsapp:` and a phone number, or a country and the id that Meta gives a person with this business. */
const addressPattern = /^whatsapp:\S{1,160}$/;

/** People with a username may come without a phone number: either address may be the only one, or both may come. */
function addressesOf(form: Form): readonly [string, ...string[]] | undefined {
  const from = one(form, "From");
  if (from !== undefined && !addressPattern.test(from)) return undefined;
  const [first, second] = [from, one(form, "ExternalUserId")].filter(
    (address) => address !== undefined && addressPattern.test(address),
  );
  if (first === undefined) return undefined;
  return second === undefined || second === first ? [first] : [first, second];
}

/**
 * A tap brings our button's id: of a list, or of a quick reply. A title that comes without one is what the person
 * would have typed. Whatever has no text is something the person sent, kinds that do not exist yet included: better
 * one answer too many than silence.
 */
function inputOf(form: Form): Input {
  const button = one(form, "ListId") ?? one(form, "ButtonPayload");
  if (button !== undefined) return { kind: "tap", button };
  if (isMedia(form)) return { kind: "media" };
  const text = one(form, "ButtonText") ?? one(form, "ListTitle") ?? one(form, "Body");
  return text === undefined ? { kind: "media" } : { kind: "text", text: readableText(text) };
}

const mediaTypes: ReadonlySet<string> = new Set(
  "audio contacts document image location sticker video".split(" "),
);

/** Never fetched; what is written below a picture is not read, because it speaks of the picture. */
function isMedia(form: Form): boolean {
  return (
    Number(one(form, "NumMedia") ?? 0) > 0 ||
    one(form, "Latitude") !== undefined ||
    mediaTypes.has(one(form, "MessageType") ?? "")
  );
}

// ---------------------------------------------------------------- delivery reports

/** Twilio's statuses; those that are not here (`receiving` …) say nothing of a message of ours. */
const statuses: Readonly<Record<string, DeliveryStatus["status"]>> = {
  accepted: "queued",
  scheduled: "queued",
  queued: "queued",
  sending: "queued",
  sent: "sent",
  delivered: "delivered",
  read: "read",
  undelivered: "failed",
  failed: "failed",
  canceled: "failed",
};

function readStatus(channel: ChannelId, form: Form, query: string): Received {
  const providerId = one(form, "MessageSid");
  const given = one(form, "MessageStatus");
  if (providerId === undefined || given === undefined) return refused(400, "malformed");
  const status = Object.hasOwn(statuses, given) ? statuses[given] : undefined;
  if (status === undefined || (status !== "failed" && new URLSearchParams(query).has(moreFollows)))
    return ignored;
  const failure = status === "failed" ? failureIn(form, given) : undefined;
  return { kind: "status", status: { channel, providerId, outbox: outboxOf(query), status, failure } };
}

/** A failure may come without a code (canceled): then its status is all there is to tell. */
function failureIn(form: Form, status: string): SendOutcome {
  const code = one(form, "ErrorCode") ?? "";
  return /^[1-9]\d{0,5}$/.test(code) ? failureOfCode(Number(code)) : { kind: "refused", reason: status };
}

function outboxOf(query: string): OutboxId | undefined {
  const given = new URLSearchParams(query).get("o") ?? "";
  const id = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
  return Number.isSafeInteger(id) ? id : undefined;
}

/** In the query of a report on a message that more of the same outbox row follows. */
const moreFollows = "more";

/**
 * Where Twilio is to report on one outbox row's messages, without the fragment that asks it to try again. `isLast`: whether
 * it is the row's last message. That an earlier one has arrived says nothing of the row: it would end what still follows.
 */
export function statusUrl(publicUrl: string, id: OutboxId, isLast: boolean): string {
  return `${publicUrl.replace(/\/+$/, "")}${statusPath}?o=${id}${isLast ? "" : `&${moreFollows}=1`}`;
}
