import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { type Step, stepsOf } from "../../src/channels/whatsapp/forms.ts";
import { readMessage } from "../../src/channels/whatsapp/receive.ts";
import { startTwilio } from "../stand-ins/twilio.ts";
import { failPoints } from "./fail-points.ts";
import { publicUrl } from "./place.ts";
import type { Delivery, Platform, Said } from "./platform.ts";

const account = {
  accountSid: `AC${"0".repeat(32)}`,
  authToken: "example-auth-token",
  from: "whatsapp:+15550000001",
} as const;

/** How many copies a crash may make, on average. */
export const copiesPromised = 0.05;

/**
 * How long Twilio takes to answer, ms: so long a message is with the person and nobody has heard of it. Few kills would fall into
 * what a call within one machine takes.
 */
const latencyMs = 10;

/** How long Twilio takes to list what it has taken, ms. */
const listedAfterMs = 250;

/** WhatsApp by Twilio, which keeps a list of what was sent and of what people wrote. */
export const whatsapp: Platform = {
  failPoints: [...failPoints, "between-steps"],
  patienceMs: 250,
  addressOf: (number) => `whatsapp:+${93_700_500_000 + number}`,
  textsOf: (message) => stepsOf(message, (name) => name).flatMap((step) => linesOf(textOf(step))),
  tellsWhatItTook: true,
  tooMany(copies) {
    const all = copies.reduce((sum, one) => sum + one, 0);
    return all > copiesPromised * copies.length ? `${all} copies after ${copies.length} crashes` : undefined;
  },
  async open(url) {
    const twilio = await startTwilio({
      ...account,
      publicUrl,
      deliverTo: url,
      strict: false,
      latencyMs,
      listedAfterMs,
    });
    let unlisted = 0;
    /** Notes what was typed, or the title of what was tapped, in the list: that is all that it tells. Gives the SID. */
    const listed = (address: string, said: Said) => {
      const words = "text" in said ? said.text : said.label;
      return words === undefined
        ? `SM${String(++unlisted).padStart(32, "0")}`
        : twilio.person(address).say(words);
    };
    return {
      environment: {
        TWILIO_ACCOUNT_SID: account.accountSid,
        TWILIO_AUTH_TOKEN: account.authToken,
        TWILIO_WHATSAPP_FROM: account.from,
        TWILIO_API_ROOT: twilio.url,
        // What is left to a delivery report, and to the list: meanwhile somebody is told nothing.
        CRASH_DOUBT_MS: "1500",
        CRASH_SETTLING_MS: "300",
      },
      deliver: (address, said) => deliveryOf(listed(address, said), address, said),
      takenAfter: (count) =>
        twilio.ledger.messages
          .slice(count)
          .map(({ at, to, form }) => ({ at, to, texts: linesOf(shownIn(form)) })),
      trouble(address, kind) {
        twilio.faults.push({ method: "messages.create", chat: address, times: 1, do: { kind } });
      },
      troubled: twilio.faults.played,
      waitFor: twilio.waitFor,
      close: twilio.close,
    };
  },
};

function deliveryOf(sid: string, address: string, said: Said): Delivery {
  const path = "/webhooks/whatsapp";
  const form = {
    MessageSid: sid,
    AccountSid: account.accountSid,
    From: address,
    To: account.from,
    NumMedia: "0",
    ...("text" in said
      ? { MessageType: "text", Body: said.text }
      : { MessageType: "interactive", Body: said.label ?? "", ButtonPayload: said.tap }),
  };
  const received = readMessage("whatsapp", form);
  if (received.kind !== "inbound") throw new Error("the message is none");
  return {
    inbound: received.inbound,
    path,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "x-twilio-signature": getExpectedTwilioSignature(account.authToken, publicUrl + path, form),
    },
    body: new URLSearchParams(form).toString(),
  };
}

function textOf(step: Step): string {
  return step.kind === "text" ? step.body : (step.variables["1"] ?? "");
}

/** The text of what was sent, without what there is to tap: buttons, or before the records are made the numbered menu. */
function shownIn(form: Readonly<Record<string, string>>): string {
  const variables = form["ContentVariables"];
  if (variables === undefined) return form["Body"]?.split("\n\n1. ")[0] ?? "";
  const values: Readonly<Record<string, string>> = JSON.parse(variables);
  return values["1"] ?? "";
}

/** A message is one text or two, as there are records or not: line by line it is always the same. */
function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
