import { randomBytes } from "node:crypto";
import type { Clock } from "../../app/ports.ts";
import { type Chats, createChats } from "./chats.ts";
import type { Call, Deed, Drawn, Phone, Posted } from "./phone.ts";
import { sessionNumber } from "./session-number.ts";
import { type Content, type Contents, createContents } from "./whatsapp-content.ts";
import { type Form, messageForm, newSid, signedForm, type TwilioAccount } from "./whatsapp-forms.ts";
import { createReports, type Reports } from "./whatsapp-reports.ts";

export type TwilioAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type WhatsAppPhone = Phone & {
  /** What the channel behind it is to be opened with. */
  readonly account: TwilioAccount & {
    readonly records: {
      readonly get: (name: string) => Promise<string | undefined>;
      readonly set: (name: string, sid: string) => Promise<void>;
    };
  };
  /** Takes the place of the network: plays Twilio. */
  readonly transport: (
    url: string,
    init: {
      readonly method: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string | undefined;
    },
  ) => Promise<TwilioAnswer>;
};

/** `+1 555` is no area code: a number that begins with it is nobody's. */
const botNumber = "whatsapp:+15550000000";
const publicUrl = "https://playground.invalid";
const webhookUrl = `${publicUrl}/webhooks/whatsapp`;

/** Opens a phone with WhatsApp on it, and the part of Twilio that its chats need. */
export function openWhatsAppPhone(clock: Clock): WhatsAppPhone {
  const chats = createChats();
  const contents = createContents();
  const account = {
    accountSid: newSid("AC"),
    authToken: randomBytes(16).toString("hex"),
    from: botNumber,
    publicUrl,
  };
  const reports = createReports(chats, account);
  const records = new Map<string, string>();

  return {
    account: {
      ...account,
      records: {
        get: async (name) => records.get(name),
        async set(name, sid) {
          records.set(name, sid);
        },
      },
    },
    addressOf,
    watch(session, see) {
      const stop = chats.watch(addressOf(session), see);
      reports.readAll(addressOf(session));
      return stop;
    },
    act: (session, deed) => doDeed(chats, account, addressOf(session), deed, clock),
    reached: (session, message, ok) =>
      void chats.change(addressOf(session), message, (shown) => ({
        ...shown,
        state: ok ? "read" : "failed",
      })),
    restart: (session) => chats.clear(addressOf(session)),
    answered: () => undefined,
    reportTo: reports.to,
    async transport(url, { method, headers, body = "" }) {
      const contentType = headers["Content-Type"] ?? headers["content-type"] ?? "";
      return answerCall(chats, contents, reports, { at: clock.now(), method, url, contentType, body });
    },
  };
}

/** Fifteen digits, the most that a number can have: two sessions do not meet on one. */
function addressOf(session: string): string {
  return `whatsapp:+1555${sessionNumber("whatsapp", session, 11)}`;
}

function answerCall(chats: Chats, contents: Contents, reports: Reports, call: Call): TwilioAnswer {
  const { hostname, pathname } = new URL(call.url);
  if (hostname.startsWith("content.")) {
    const { status, json } = contents.answer(call.method, pathname, parsed(call.body));
    return answered(status, json);
  }
  if (call.method !== "POST" || !pathname.endsWith("/Messages.json")) return notFound;
  return takeMessage(chats, contents, reports, call);
}

function takeMessage(chats: Chats, contents: Contents, reports: Reports, call: Call): TwilioAnswer {
  const form = new URLSearchParams(call.body);
  const to = form.get("To") ?? "";
  if (!to.startsWith("whatsapp:")) return refused(21211, "The 'To' number is not a valid phone number.");
  chats.note(to, call);
  const content = contentOf(contents, form);
  if (content === undefined) return refused(21619, "A text message body or media urls must be specified.");
  if (content.text.length > mostCharacters)
    return refused(21617, "The concatenated message body exceeds 1600.");
  const sid = newSid("SM");
  const message: Drawn = { id: sid, from: "bot", at: call.at, state: "sending", ...content };
  if (!chats.screen(to).blocked) chats.show(to, message);
  reports.follow(to, sid, form.get("StatusCallback"));
  return answered(201, {
    sid,
    status: "queued",
    to,
    from: form.get("From"),
    body: content.text,
    error_code: null,
  });
}

/** Twilio, messages resource. */
const mostCharacters = 1600;

function contentOf(contents: Contents, form: URLSearchParams): Content | undefined {
  const sid = form.get("ContentSid");
  if (sid !== null) return contents.resolve(sid, form.get("ContentVariables") ?? undefined);
  const text = form.get("Body") ?? "";
  return text === "" ? undefined : { text, rows: [] };
}

const notFound = answered(404, { code: 20404, message: "The requested resource was not found", status: 404 });

function refused(code: number, message: string): TwilioAnswer {
  return answered(400, { code, message, status: 400 });
}

function answered(status: number, json: object): TwilioAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(json) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

// ---------------------------------------------------------------- what a person does

function doDeed(
  chats: Chats,
  account: TwilioAccount,
  person: string,
  deed: Deed,
  clock: Clock,
): Posted | undefined {
  if (deed.kind === "block") {
    // WhatsApp tells no one that a person has blocked them: their messages just never arrive.
    chats.block(person, deed.blocked);
    return { request: undefined, shown: undefined };
  }
  const made = contentFor(chats, person, deed);
  if (made === undefined) return undefined;
  const sid = newSid("SM");
  chats.show(person, { id: sid, from: "person", at: clock.now(), rows: [], state: "sending", ...made.drawn });
  const form = messageForm(account, person, sid, made.form);
  return { request: signedForm(account.authToken, webhookUrl, form), shown: sid };
}

type Said = { readonly form: Form; readonly drawn: Pick<Drawn, "text" | "picture"> };

function contentFor(chats: Chats, person: string, deed: Exclude<Deed, { kind: "block" }>): Said | undefined {
  switch (deed.kind) {
    case "say":
      return { form: { Body: deed.text }, drawn: { text: deed.text } };
    case "media":
      return { form: pictureForm, drawn: { text: "", picture: true } };
    case "tap": {
      const tapped = chats.find(person, deed.message);
      return tapped === undefined ? undefined : tapFor(tapped, deed.button);
    }
  }
}

const pictureForm: Form = {
  MessageType: "image",
  NumMedia: "1",
  MediaUrl0: "https://api.twilio.com/2010-04-01/Accounts/playground/Messages/playground/Media/playground",
  MediaContentType0: "image/jpeg",
};

function tapFor(tapped: Drawn, id: string): Said | undefined {
  const about = { MessageType: "interactive", OriginalRepliedMessageSid: tapped.id };
  const row = tapped.list?.rows.find((one) => one.id === id);
  if (row !== undefined) {
    return {
      form: { ...about, Body: row.label, ListId: id, ListTitle: row.label },
      drawn: { text: row.label },
    };
  }
  const button = tapped.rows.flat().find((one) => one.id === id);
  if (button === undefined) return undefined;
  const { label } = button;
  return { form: { ...about, Body: label, ButtonText: label, ButtonPayload: id }, drawn: { text: label } };
}
