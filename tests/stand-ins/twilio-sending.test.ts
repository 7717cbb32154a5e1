import { createServer, type Server } from "node:http";
import twilioSdk from "twilio";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientOf } from "./twilio/client.ts";
import { startTwilio, type Twilio } from "./twilio.ts";
import { listening } from "./wire/host.ts";

const accountSid = `AC${"0".repeat(32)}`;
const authToken = "stand-in-auth-token";
const from = "whatsapp:+15550000001";
const to = "whatsapp:+93700000001";
const publicUrl = "https://bot.example.org";
const HOUR = 3_600_000;

let clock = 0;
let twilio: Twilio;
let client: ReturnType<typeof clientOf>;
let hook: Server;
let callbacks: { readonly path: string; readonly form: Record<string, string>; readonly signed: boolean }[] =
  [];

beforeEach(async () => {
  clock = Date.UTC(2026, 10, 22, 12);
  callbacks = [];
  hook = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      const form = Object.fromEntries(new URLSearchParams(body));
      const signature = String(request.headers["x-twilio-signature"]);
      const signed = twilioSdk.validateRequest(authToken, signature, `${publicUrl}${request.url}`, form);
      callbacks.push({ path: request.url ?? "", form, signed });
      response.end();
    });
  });
  const deliverTo = `http://127.0.0.1:${await listening(hook)}`;
  twilio = await startTwilio({
    accountSid,
    authToken,
    from,
    publicUrl,
    deliverTo,
    now: () => clock,
    seed: 11,
  });
  client = clientOf(twilio.url, accountSid, authToken);
});
afterEach(async () => {
  await twilio.close();
  hook.closeAllConnections();
  hook.close();
});

const statusCallback = `${publicUrl}/webhooks/whatsapp/status?o=7`;

async function refusalOf(call: Promise<unknown>): Promise<readonly unknown[]> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof twilioSdk.RestException))
    throw new Error("the call was not refused", { cause: error });
  return [error.status, error.code];
}

/** The codes of the failures that the callbacks told. */
function failures(): readonly unknown[] {
  return [...new Set(callbacks.map(({ form }) => form["ErrorCode"]).filter((code) => code !== undefined))];
}

describe("text", () => {
  it("inside the window arrives; its statuses are signed, repeated and out of order", async () => {
    const person = twilio.person(to);
    person.say("سلام");
    const sent = await client.messages.create({ to, from, body: "Welcome", statusCallback });
    expect(sent).toMatchObject({ status: "queued", errorCode: null, body: "Welcome" });
    await twilio.waitFor(twilio.idle, "all statuses");
    expect(person.messages()).toMatchObject([{ sid: sent.sid, body: "Welcome", buttons: [], rows: [] }]);
    expect(callbacks.every(({ signed, path }) => signed && path === "/webhooks/whatsapp/status?o=7")).toBe(
      true,
    );
    const told = callbacks.map(({ form }) => form["MessageStatus"]);
    expect(new Set(told)).toEqual(new Set(["queued", "sent", "delivered", "read"]));
    expect(told).not.toEqual(["queued", "sent", "delivered", "read"]);
    expect(await client.messages(sent.sid).fetch()).toMatchObject({ status: "read" });
  });

  it.each([
    ["24 h after the last message", to, () => twilio.person(to).say("x"), 24 * HOUR, "63016"],
    ["before any message", to, () => twilio.person(to), 0, "63016"],
    ["to an address that is not on WhatsApp", "whatsapp:+93700000009", () => undefined, 0, "63024"],
    [
      "after a block",
      to,
      () => {
        twilio.person(to).say("x");
        twilio.person(to).block();
      },
      0,
      "63014",
    ],
  ])("%s is taken with 201 and fails later", async (_when, address, before, later, code) => {
    before();
    clock += later;
    const sent = await client.messages.create({ to: address, from, body: "late", statusCallback });
    expect(sent.status).toBe("queued");
    await twilio.waitFor(twilio.idle, "all statuses");
    expect(failures()).toEqual([code]);
    expect(await client.messages(sent.sid).fetch()).toMatchObject({ errorCode: Number(code) });
    expect(twilio.person(to).messages()).toEqual([]);
  });

  it("a millisecond before the window closes still arrives", async () => {
    twilio.person(to).say("x");
    clock += 24 * HOUR - 1;
    await client.messages.create({ to, from, body: "in time" });
    expect(twilio.person(to).messages()).toHaveLength(1);
  });

  it.each([
    ["no To", { From: from, Body: "x" }, 21604],
    ["a bare phone number", { To: "+93700000001", From: from, Body: "x" }, 21211],
    ["no From", { To: to, Body: "x" }, 21603],
    ["somebody else's From", { To: to, From: "whatsapp:+15550000002", Body: "x" }, 63007],
    ["no body", { To: to, From: from }, 21619],
    ["1601 characters", { To: to, From: from, Body: "x".repeat(1601) }, 21617],
    ["a parameter that does not exist", { To: to, From: from, Body: "x", Buttons: "[]" }, 20001],
    ["a content that does not exist", { To: to, From: from, ContentSid: `HX${"0".repeat(32)}` }, 21655],
    ["body and content", { To: to, From: from, Body: "x", ContentSid: `HX${"0".repeat(32)}` }, 20001],
    ["variables without content", { To: to, From: from, Body: "x", ContentVariables: "{}" }, 21654],
    ["a callback that is no URL", { To: to, From: from, Body: "x", StatusCallback: "/status" }, 21609],
  ])("%s is refused at once", async (_what, form, code) => {
    const response = await fetch(`${twilio.url}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
      method: "POST",
      headers: { Authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}` },
      body: new URLSearchParams(Object.entries(form)),
    });
    expect(await response.json()).toMatchObject({
      code,
      status: 400,
      more_info: `https://www.twilio.com/docs/errors/${code}`,
    });
    expect(twilio.ledger.messages).toEqual([]);
  });

  it("goes to a business-scoped user id too", async () => {
    const userId = "whatsapp:US.AbC123";
    twilio.person(userId).say("hi");
    await client.messages.create({ to: userId, from, body: "x" });
    expect(twilio.person(userId).messages()).toHaveLength(1);
  });

  it("wants the account's own token, and knows its paths", async () => {
    expect(
      await refusalOf(clientOf(twilio.url, accountSid, "wrong").messages.create({ to, from, body: "x" })),
    ).toEqual([401, 20003]);
    expect(await refusalOf(client.messages(`SM${"f".repeat(32)}`).fetch())).toEqual([404, 20404]);
    expect(await refusalOf(client.calls.list())).toEqual([404, 20404]);
  });
});

describe("the list of messages", () => {
  it("is filtered by person and time, in pages, newest first; words can be taken away", async () => {
    twilio.person(to).say("x");
    for (const body of ["one", "two", "three"]) {
      clock += 1000;
      await client.messages.create({ to, from, body });
    }
    const all = await client.messages.list({ to, pageSize: 2 });
    expect(all.map(({ body }) => body)).toEqual(["three", "two", "one"]);
    const late = await client.messages.list({ to, dateSentAfter: new Date(clock - 1000) });
    expect(late.map(({ body }) => body)).toEqual(["three", "two"]);
    const newest = client.messages(all[0]?.sid ?? "");
    expect(await newest.update({ body: "" })).toMatchObject({ body: "" });
    expect(await newest.remove()).toBe(true);
    expect(await client.messages.list({ to })).toHaveLength(2);
  });
});

describe("faults", () => {
  it.each([
    [{ kind: "429" }, [429, 20429]],
    [{ kind: "500" }, [500, 20500]],
    [{ kind: "refuse", code: 21610 }, [400, 21610]],
    [{ kind: "html-body" }, [502, undefined]],
  ] as const)("%j is heard, and nothing arrives", async (fault, heard) => {
    twilio.person(to).say("x");
    twilio.faults.push({ method: "messages.create", chat: to, times: 1, do: fault });
    expect(await refusalOf(client.messages.create({ to, from, body: "x" }))).toEqual(heard);
    expect(twilio.person(to).messages()).toEqual([]);
  });

  it.each([
    ["drop-before", 0],
    ["drop-after", 1],
  ] as const)("%s leaves no answer, and %i messages taken", async (kind, taken) => {
    twilio.person(to).say("x");
    twilio.faults.push({ times: 1, do: { kind } });
    const lost = client.messages.create({ to, from, body: "x" });
    await expect(lost).rejects.not.toBeInstanceOf(twilioSdk.RestException);
    expect(twilio.ledger.to(to)).toHaveLength(taken);
    expect(await client.messages.list({ to })).toHaveLength(taken);
  });

  it("a failure can be ordered to come later", async () => {
    twilio.person(to).say("x");
    twilio.faults.push({ method: "messages.create", times: 1, do: { kind: "fail-later", code: 63018 } });
    await client.messages.create({ to, from, body: "x", statusCallback });
    await twilio.waitFor(twilio.idle, "all statuses");
    expect(failures()).toEqual(["63018"]);
    expect(twilio.ledger.messages).toMatchObject([{ failure: 63018, copies: 1 }]);
  });

  it("a person on Twilio's own list is refused", async () => {
    const person = twilio.person(to);
    person.say("STOP");
    person.optOut();
    expect(await refusalOf(client.messages.create({ to, from, body: "x" }))).toEqual([400, 21610]);
  });
});
