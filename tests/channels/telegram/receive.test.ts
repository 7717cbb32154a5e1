import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Channel, Received, WebhookRequest } from "../../../src/app/ports-channel.ts";
import { openTelegram } from "../../../src/channels/telegram/channel.ts";
import type { Input } from "../../../src/core/nouns/input.ts";
import { keepingLog } from "../../logs.ts";
import { clock, emptyProfile, keepingTransport } from "./given.ts";

const secret = "S3cret_of-the-webhook";

function open(about: { readonly webhook?: boolean; readonly playground?: boolean } = {}): Channel {
  return openTelegram({
    id: about.playground === true ? "playground/telegram" : "telegram",
    token: "1000001:example",
    profile: emptyProfile,
    log: keepingLog(),
    clock,
    transport: keepingTransport().transport,
    ...(about.webhook === false ? {} : { webhook: { url: "https://bot.example/webhooks/telegram", secret } }),
  });
}

function request(body: string, given: { readonly secret?: string } = { secret }): WebhookRequest {
  const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": given.secret };
  return { path: "/webhooks/telegram", query: "", headers, body };
}

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/telegram/${name}.json`, import.meta.url), "utf8");
}

function inputOf(received: Received): Input | string {
  return received.kind === "inbound" ? received.inbound.input : received.kind;
}

describe("an update", () => {
  const channel = open();

  it.each<readonly [string, Input | string]>([
    ["text", { kind: "text", text: "salaam, what is parole?" }],
    ["text-without-language", { kind: "text", text: "hola" }],
    ["text-with-unknown-fields", { kind: "text", text: "hello" }],
    ["start", { kind: "start", payload: "" }],
    ["start-with-payload", { kind: "start", payload: "org_helpline-7" }],
    ["start-with-words", { kind: "start", payload: "" }],
    ["command", { kind: "text", text: "help" }],
    ["command-to-bot", { kind: "text", text: "menu" }],
    ["command-with-words", { kind: "text", text: "language es" }],
    ["slash-alone", { kind: "text", text: "/ or not" }],
    ["photo-with-caption", { kind: "media" }],
    ["unheard-of-content", { kind: "media" }],
    ["tap", { kind: "tap", button: "q1w2:yes" }],
    ["tap-on-inaccessible", { kind: "tap", button: "q1w2:no" }],
    ["tap-without-message", { kind: "tap", button: "q1w2:no" }],
    ["blocked", { kind: "blocked" }],
    ["unblocked", { kind: "unblocked" }],
    ["pinned", "ignored"],
    ["group-text", "ignored"],
    ["tap-on-game", "ignored"],
    ["added-to-group", "ignored"],
    ["edited-text", "ignored"],
    ["unheard-of-update", "ignored"],
    ["message-without-chat", "refused"],
  ])("%s is read as %j", (name, expected) => {
    expect(inputOf(channel.receive(request(fixture(name))))).toEqual(expected);
  });

  it("says who sent it, in which language, and what was tapped", () => {
    expect(channel.receive(request(fixture("tap")))).toEqual({
      kind: "inbound",
      inbound: {
        channel: "telegram",
        externalId: "700000115",
        addresses: ["4400001"],
        input: { kind: "tap", button: "q1w2:yes" },
        languageHint: "fa",
        opensWindow: true,
        tappedMessage: "12",
        tapId: "990000000000000001",
      },
    });
  });

  it.each([
    ["text", { addresses: ["4400001"], languageHint: "fa", tapId: undefined, opensWindow: true }],
    ["text-without-language", { languageHint: undefined }],
    [
      "tap-without-message",
      { addresses: ["4400001"], tappedMessage: undefined, tapId: "990000000000000003" },
    ],
    ["blocked", { addresses: ["4400001"], opensWindow: false }],
  ])("%s carries %j", (name, expected) => {
    expect(channel.receive(request(fixture(name)))).toMatchObject({ kind: "inbound", inbound: expected });
  });
});

describe("a request", () => {
  it.each([
    ["no secret", undefined],
    ["an empty secret", ""],
    ["another secret", "S3cret_of-the-webhooK"],
    ["a longer secret", `${secret}x`],
    ["a secret in other letters", "۱۲۳"],
  ])("with %s is refused with 401, whatever its body", (_, given) => {
    for (const body of [fixture("text"), "{", ""]) {
      const received = open().receive(request(body, given === undefined ? {} : { secret: given }));
      expect(received).toMatchObject({ kind: "refused", httpStatus: 401 });
    }
  });

  it.each(["", "{", "null", "[]", "17", '"text"', "{}", '{"update_id":"7"}', '{"update_id":7,"message":3}'])(
    "with the body %s is refused with 400",
    (body) => {
      expect(open().receive(request(body))).toMatchObject({ kind: "refused", httpStatus: 400 });
    },
  );

  it("is refused where the bot polls, and let in without a secret from the playground", () => {
    const plain = request(fixture("text"), {});
    expect(open({ webhook: false }).receive(plain)).toMatchObject({ kind: "refused", httpStatus: 403 });
    expect(open({ webhook: false, playground: true }).receive(plain)).toMatchObject({
      kind: "inbound",
      inbound: { channel: "playground/telegram" },
    });
  });

  it("never makes the channel throw", () => {
    const channel = open();
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (body) => {
        expect(["ignored", "refused"]).toContain(channel.receive(request(body)).kind);
      }),
    );
  });

  it("brings any text through as it was written, unless it is a command", () => {
    const channel = open();
    const text = fc.string({ unit: "binary", minLength: 1 }).filter((words) => !words.startsWith("/"));
    fc.assert(
      fc.property(text, (words) => {
        const update = { update_id: 1, message: { chat: { id: 5, type: "private" }, text: words } };
        expect(inputOf(channel.receive(request(JSON.stringify(update))))).toEqual({
          kind: "text",
          text: words,
        });
      }),
    );
  });
});
