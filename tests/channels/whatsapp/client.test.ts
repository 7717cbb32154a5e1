import { describe, expect, it } from "vitest";
import { openWhatsApp } from "../../../src/channels/whatsapp/channel.ts";
import type { Transport, TransportAnswer, TransportInit } from "../../../src/channels/whatsapp/network.ts";
import { keepingLog } from "../../logs.ts";
import { accountSid, authToken, from, keepingRecords, noon, outgoing, publicUrl } from "./given.ts";

type Call = { readonly url: string; readonly init: TransportInit };

function open(answer: Partial<TransportAnswer>, apiRoot?: string) {
  const calls: Call[] = [];
  const transport: Transport = async (url, init) => {
    calls.push({ url, init });
    return { status: 201, headers: {}, body: JSON.stringify({ sid: `SM${"1".repeat(32)}` }), ...answer };
  };
  const channel = openWhatsApp({
    id: "playground/whatsapp",
    accountSid,
    authToken,
    from,
    publicUrl,
    ...(apiRoot === undefined ? {} : { apiRoot }),
    transport,
    records: keepingRecords(),
    templates: [],
    log: keepingLog(),
    clock: { now: () => noon },
  });
  return { calls, channel };
}

describe("a call to Twilio", () => {
  it("is the SDK's, as it would leave", async () => {
    const { calls, channel } = open({});
    await channel.send(outgoing());
    const [call] = calls;
    expect(call?.url).toBe(`https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`);
    expect(call?.init.method).toBe("POST");
    expect(call?.init.headers).toMatchObject({
      Authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString("base64")}`,
      "Content-Type": "application/x-www-form-urlencoded",
    });
    expect([...new URLSearchParams(call?.init.body).keys()].toSorted()).toStrictEqual([
      "Body",
      "From",
      "StatusCallback",
      "To",
    ]);
  });

  it("goes below the root that replaces every host, its path kept", async () => {
    const { calls, channel } = open({}, "http://127.0.0.1:9/below/");
    await channel.send(outgoing());
    expect(calls[0]?.url).toBe(`http://127.0.0.1:9/below/2010-04-01/Accounts/${accountSid}/Messages.json`);
  });

  it.each<readonly [string, Partial<TransportAnswer>, object]>([
    [
      "a time to wait for",
      { status: 429, headers: { "retry-after": "12" } },
      { kind: "retry-later", afterMs: 12_000, scope: "channel" },
    ],
    [
      "a date to wait for",
      { status: 429, headers: { "retry-after": "Sun, 22 Nov 2026 12:00:00 GMT" } },
      { kind: "retry-later", afterMs: undefined },
    ],
    [
      "a pause of no time at all",
      { status: 429, headers: { "retry-after": "0" } },
      { kind: "retry-later", afterMs: undefined },
    ],
    ["a success that is no JSON", { body: "<html>" }, { kind: "unknown", reason: "unreadable-answer" }],
    ["an error that is no JSON", { status: 502, body: "<html>" }, { kind: "unknown", reason: "http-502" }],
    [
      "an error in the newer shape",
      { status: 400, body: JSON.stringify({ type: "x", title: "x", status: 400, code: 63016 }) },
      { kind: "window-closed" },
    ],
  ])("is understood when answered with %s", async (_name, answer, expected) => {
    expect(await open(answer).channel.send(outgoing())).toMatchObject(expected);
  });
});
