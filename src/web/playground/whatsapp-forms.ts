import { createHmac, randomBytes } from "node:crypto";
import type { WebhookRequest } from "../../app/ports-channel.ts";

export type Form = Readonly<Record<string, string>>;

export type TwilioAccount = {
  readonly accountSid: string;
  readonly authToken: string;
  /** The bot's own address, `whatsapp:+…`. */
  readonly from: string;
  readonly publicUrl: string;
};

/** A new id of the kind that Twilio gives: two letters and 32 hexadecimal digits. */
export function newSid(kind: "SM" | "AC"): string {
  return `${kind}${randomBytes(16).toString("hex")}`;
}

/**
 * A form as Twilio posts it to a URL of ours, signed. Source: twilio.com/docs/usage/security – base64 of the
 * HMAC-SHA1 over the URL (without its fragment) and each parameter's name and value, sorted by name.
 */
export function signedForm(authToken: string, url: string, form: Form): WebhookRequest {
  const target = new URL(url);
  target.hash = "";
  const names = Object.keys(form).sort();
  const signed = target.href + names.map((name) => `${name}${form[name] ?? ""}`).join("");
  return {
    path: target.pathname,
    query: target.search.slice(1),
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "x-twilio-signature": createHmac("sha1", authToken).update(signed).digest("base64"),
    },
    body: new URLSearchParams({ ...form }).toString(),
  };
}

/** The parameters of every message that a person sends. */
export function messageForm(account: TwilioAccount, person: string, sid: string, content: Form): Form {
  return {
    SmsMessageSid: sid,
    SmsSid: sid,
    SmsStatus: "received",
    MessageSid: sid,
    AccountSid: account.accountSid,
    From: person,
    To: account.from,
    WaId: person.replace(/\D/g, ""),
    ProfileName: "P",
    NumMedia: "0",
    NumSegments: "1",
    ApiVersion: "2010-04-01",
    MessageType: "text",
    Body: "",
    ...content,
  };
}

/** The parameters of a delivery report. */
export function statusForm(
  account: TwilioAccount,
  person: string,
  sid: string,
  status: string,
  code?: string,
): Form {
  return {
    ChannelPrefix: "whatsapp",
    MessageSid: sid,
    SmsSid: sid,
    MessageStatus: status,
    SmsStatus: status,
    AccountSid: account.accountSid,
    From: account.from,
    To: person,
    ApiVersion: "2010-04-01",
    ...(status === "read" ? { EventType: "READ" } : {}),
    ...(code === undefined ? {} : { EventType: "UNDELIVERED", ErrorCode: code }),
  };
}
