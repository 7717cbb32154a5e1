import twilio from "twilio";
import { describe, expect, test } from "vitest";
import type { WebhookRequest } from "../../src/app/ports-channel.ts";
import { createReceive } from "../../src/channels/whatsapp/receive.ts";
import type { Deed, PhoneEvent } from "../../src/web/playground/phone.ts";
import { openWhatsAppPhone } from "../../src/web/playground/whatsapp-phone.ts";

const session = "session-number-one";

function open() {
  const phone = openWhatsAppPhone({ now: () => 1_790_000_000_000 });
  const { accountSid, authToken, publicUrl, from } = phone.account;
  const to = phone.addressOf(session);
  const read = createReceive({ channel: "playground/whatsapp", accountSid, authToken, publicUrl });
  const send = async (form: Record<string, string>) => {
    const url = `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages.json`;
    const headers = { "Content-Type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams({ To: to, From: from, ...form }).toString();
    const answer = await phone.transport(url, { method: "POST", headers, body });
    return { status: answer.status, json: JSON.parse(answer.body) };
  };
  const content = async (method: string, path: string, data?: object) => {
    const body = data === undefined ? undefined : JSON.stringify(data);
    const headers = { "Content-Type": "application/json" };
    const answer = await phone.transport(`https://content.twilio.com${path}`, { method, headers, body });
    return { status: answer.status, json: JSON.parse(answer.body) };
  };
  const screen = () => {
    let last: PhoneEvent | undefined;
    phone.watch(session, (event) => {
      last = event;
    })();
    return last?.kind === "screen" ? last.screen : undefined;
  };
  const act = (deed: Deed) => {
    const request = phone.act(session, deed)?.request;
    return request === undefined ? undefined : read(request);
  };
  return { phone, to, read, send, content, screen, act };
}

const quickReply = {
  friendly_name: "reply",
  language: "en",
  variables: { "1": "x", "2": "t", "3": "i" },
  types: {
    "twilio/quick-reply": { body: "{{1}}", actions: [{ type: "QUICK_REPLY", title: "{{2}}", id: "{{3}}" }] },
  },
};
const picker = {
  friendly_name: "list",
  language: "en",
  types: {
    "twilio/list-picker": { body: "{{1}}", button: "{{2}}", items: [{ item: "{{3}}", id: "{{4}}" }] },
  },
};
const variables = (...values: string[]) =>
  JSON.stringify(Object.fromEntries(values.map((value, index) => [String(index + 1), value])));

describe("what is sent to a phone", () => {
  test("is taken with a SID and shown", async () => {
    const { send, screen } = open();
    const { status, json } = await send({ Body: "*Hello*\nسلام" });
    expect([status, json.status, json.sid]).toEqual([
      201,
      "queued",
      expect.stringMatching(/^SM[0-9a-f]{32}$/),
    ]);
    expect(screen()?.messages).toMatchObject([
      { id: json.sid, from: "bot", text: "*Hello*\nسلام", rows: [] },
    ]);
    expect(new URLSearchParams(screen()?.calls[0]?.body).get("Body")).toBe("*Hello*\nسلام");
  });

  test("shows a record with its variables: quick replies as buttons, a list as a list", async () => {
    const { send, content, screen } = open();
    const reply = await content("POST", "/v1/Content", quickReply);
    const list = await content("POST", "/v1/Content", picker);
    expect([reply.status, list.status]).toEqual([201, 201]);
    await send({ ContentSid: reply.json.sid, ContentVariables: variables("Sure?", "Yes", "q:yes") });
    await send({ ContentSid: list.json.sid, ContentVariables: variables("Which?", "Choose", "One", "q:1") });
    expect(screen()?.messages).toMatchObject([
      { text: "Sure?", rows: [[{ id: "q:yes", label: "Yes" }]] },
      { text: "Which?", rows: [], list: { label: "Choose", rows: [{ id: "q:1", label: "One" }] } },
    ]);
  });

  test("keeps the records and approves them", async () => {
    const { content } = open();
    const { json } = await content("POST", "/v1/Content", quickReply);
    const listed = await content("GET", "/v1/Content?PageSize=500");
    expect(listed.json.contents).toMatchObject([
      { sid: json.sid, friendly_name: "reply", types: quickReply.types },
    ]);
    expect((await content("GET", `/v1/Content/${json.sid}`)).json).toMatchObject({ sid: json.sid });
    const approval = await content("GET", `/v1/Content/${json.sid}/ApprovalRequests`);
    expect(approval.json.whatsapp.status).toBe("approved");
    expect((await content("GET", "/v1/Content/HX0")).status).toBe(404);
  });

  test.each([
    [{ Body: "" }, 21619],
    [{ ContentSid: "HX0", ContentVariables: "{}" }, 21619],
    [{ Body: "x".repeat(1601) }, 21617],
    [{ To: "+15550001", Body: "x" }, 21211],
  ])("is refused as Twilio does", async (form, code) => {
    const { send, screen } = open();
    expect(await send(form)).toMatchObject({ status: 400, json: { code } });
    expect(screen()?.messages).toEqual([]);
  });

  test("is reported on, signed, up to its reading", async () => {
    const { phone, read, send } = open();
    phone.watch(session, () => undefined);
    const reports = new Promise<unknown[]>((resolve) => {
      const got: unknown[] = [];
      phone.reportTo((request) => {
        got.push(read(request));
        if (got.length === 3) resolve(got);
      });
    });
    const callback = `${phone.account.publicUrl}/webhooks/whatsapp/status?o=42#rc=3&rp=5xx,ct,rt`;
    const { json } = await send({ Body: "hello", StatusCallback: callback });
    const about = { providerId: json.sid, outbox: 42, channel: "playground/whatsapp" };
    expect(await reports).toMatchObject(
      ["sent", "delivered", "read"].map((status) => ({ kind: "status", status: { ...about, status } })),
    );
  });

  test("never arrives while the person blocks the bot", async () => {
    const { phone, read, send, act, screen } = open();
    expect(act({ kind: "block", blocked: true })).toBeUndefined();
    const report = new Promise<unknown>((resolve) => phone.reportTo((request) => resolve(read(request))));
    const { status } = await send({
      Body: "x",
      StatusCallback: `${phone.account.publicUrl}/webhooks/whatsapp/status?o=1`,
    });
    expect([status, screen()?.messages]).toEqual([201, []]);
    expect(await report).toMatchObject({
      status: { status: "failed", failure: { kind: "contact-stopped" } },
    });
  });
});

describe("what a person does", () => {
  test.each<[Deed, object]>([
    [
      { kind: "say", text: "سلام & +100%", language: "fa-AF" },
      { kind: "text", text: "سلام & +100%" },
    ],
    [{ kind: "media" }, { kind: "media" }],
  ])("%j is a post that the channel reads", (deed, input) => {
    const { to, act } = open();
    expect(act(deed)).toMatchObject({
      kind: "inbound",
      inbound: { addresses: [to], input, opensWindow: true },
    });
  });

  test("a tap on a button or a row brings its id and shows its title", async () => {
    const { send, content, act, screen } = open();
    const reply = await content("POST", "/v1/Content", quickReply);
    const list = await content("POST", "/v1/Content", picker);
    const first = await send({
      ContentSid: reply.json.sid,
      ContentVariables: variables("?", "Yes", "q:yes"),
    });
    const second = await send({
      ContentSid: list.json.sid,
      ContentVariables: variables("?", "Choose", "One", "q:1"),
    });
    const tap = (message: string, button: string) =>
      act({ kind: "tap", message, button, language: undefined });
    expect(tap(first.json.sid, "q:yes")).toMatchObject({
      inbound: { input: { kind: "tap", button: "q:yes" } },
    });
    expect(tap(second.json.sid, "q:1")).toMatchObject({ inbound: { input: { kind: "tap", button: "q:1" } } });
    expect(tap(second.json.sid, "q:2")).toBeUndefined();
    expect(
      screen()
        ?.messages.slice(2)
        .map(({ from, text }) => [from, text]),
    ).toEqual([
      ["person", "Yes"],
      ["person", "One"],
    ]);
  });

  test("is signed as Twilio signs, by Twilio's own judgement", () => {
    const { phone } = open();
    const request: WebhookRequest | undefined = phone.act(session, {
      kind: "say",
      text: "سلام 1+1=2 %20",
      language: undefined,
    })?.request;
    const { authToken, publicUrl } = phone.account;
    const form = Object.fromEntries(new URLSearchParams(request?.body));
    const signature = request?.headers["x-twilio-signature"] ?? "";
    const url = `${publicUrl}${request?.path}`;
    expect(twilio.validateRequest(authToken, signature, url, form)).toBe(true);
    expect(twilio.validateRequest(authToken, signature, url, { ...form, Body: "other" })).toBe(false);
  });
});
