import twilioSdk from "twilio";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientOf } from "./twilio/client.ts";
import { startTwilio, type Twilio } from "./twilio.ts";

const accountSid = `AC${"0".repeat(32)}`;
const authToken = "stand-in-auth-token";
const from = "whatsapp:+15550000001";
const to = "whatsapp:+93700000001";
const DAY = 86_400_000;

let clock = 0;
let twilio: Twilio;
let client: ReturnType<typeof clientOf>;

beforeEach(async () => {
  clock = Date.UTC(2026, 10, 22);
  twilio = await startTwilio({ accountSid, authToken, from, now: () => clock });
  client = clientOf(twilio.url, accountSid, authToken);
});
afterEach(() => twilio.close());

const QUICK_REPLY = {
  friendly_name: "quick reply 2",
  language: "en",
  variables: { "1": "Question", "2": "Yes", "3": "yes", "4": "No", "5": "no" },
  types: {
    "twilio/quick-reply": {
      body: "{{1}}",
      actions: [
        { type: "QUICK_REPLY", title: "{{2}}", id: "{{3}}" },
        { type: "QUICK_REPLY", title: "{{4}}", id: "{{5}}" },
      ],
    },
  },
};
const LIST = {
  language: "fa",
  types: {
    "twilio/list-picker": {
      body: "{{1}}",
      button: "{{2}}",
      items: [{ id: "{{3}}", item: "{{4}}", description: "{{5}}" }],
    },
  },
};

/** Posts a record as it is: the SDK's types know other keys than the API. */
async function post(
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(`${twilio.url}${path}`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

async function createRecord(record: unknown): Promise<string> {
  const created = await post("/v1/Content", record);
  expect(created.status).toBe(201);
  const [newest] = (await client.content.v1.contents.list()).slice(-1);
  return newest?.sid ?? "";
}

async function failureOf(contentSid: string, variables: unknown): Promise<number | undefined> {
  await client.messages.create({ to, from, contentSid, contentVariables: JSON.stringify(variables) });
  return twilio.ledger.messages.at(-1)?.failure;
}

describe("content records", () => {
  it("are made, listed, read and deleted through the SDK", async () => {
    const sid = await createRecord(QUICK_REPLY);
    expect(await client.content.v1.contents(sid).fetch()).toMatchObject({
      friendlyName: "quick reply 2",
      types: QUICK_REPLY.types,
      variables: QUICK_REPLY.variables,
    });
    expect(await client.content.v1.contents(sid).remove()).toBe(true);
    expect(await client.content.v1.contents.list()).toEqual([]);
    await expect(client.content.v1.contents(sid).fetch()).rejects.toBeInstanceOf(twilioSdk.RestException);
  });

  const reply = (actions: readonly unknown[]) => ({ "twilio/quick-reply": { body: "x", actions } });
  const action = (title: string, id = "a") => ({ title, id });
  const rows = (items: readonly unknown[]) => ({ "twilio/list-picker": { body: "x", button: "b", items } });
  it.each([
    [
      "the SDK's own wrong key",
      { twilioQuickReply: { body: "x", actions: [action("a")] } },
      "unknown content type",
    ],
    ["no type", {}, "at least one content type"],
    ["four actions", reply([1, 2, 3, 4].map((n) => action(`${n}`, `${n}`))), "1 to 3, found 4"],
    ["a title of 21", reply([action("x".repeat(21))]), "longer than 20"],
    ["an id of 201", reply([action("a", "x".repeat(201))]), "longer than 200"],
    ["an unknown field", reply([{ ...action("a"), payload: "x" }]), 'unknown field "payload"'],
    ["no row", rows([]), "1 to 10, found 0"],
    ["a row of 25", rows([{ id: "a", item: "x".repeat(25) }]), "longer than 24"],
    ["a description of 73", rows([{ id: "a", item: "a", description: "x".repeat(73) }]), "longer than 72"],
    ["a row without id", rows([{ item: "a" }]), "id must be a non-empty string"],
    [
      "a body of 1025",
      { "twilio/quick-reply": { body: "x".repeat(1025), actions: [action("a")] } },
      "than 1024",
    ],
    ["a gap in the variables", { "twilio/text": { body: "{{1}} {{3}}" } }, "{{2}} is missing"],
  ])("refuse %s", async (_what, types, reason) => {
    const refused = await post("/v1/Content", { language: "en", types });
    expect(refused).toMatchObject({
      status: 400,
      body: { code: 20001, message: expect.stringContaining(reason) },
    });
  });

  it("refuse default values that fit no placeholder", async () => {
    const refused = await post("/v1/Content", { ...QUICK_REPLY, variables: { "9": "x" } });
    expect(refused).toMatchObject({ status: 400 });
  });
});

describe("content that is sent", () => {
  it("shows its buttons, filled in, and takes a tap on them", async () => {
    const person = twilio.person(to);
    person.say("x");
    const contentSid = await createRecord(QUICK_REPLY);
    const variables = { "1": "آماده؟", "2": "بلی", "3": "h1:yes", "4": "نخیر", "5": "h1:no" };
    expect(await failureOf(contentSid, variables)).toBeUndefined();
    expect(person.messages()).toMatchObject([
      {
        body: "آماده؟",
        contentSid,
        buttons: [
          { title: "بلی", id: "h1:yes" },
          { title: "نخیر", id: "h1:no" },
        ],
      },
    ]);
    expect(() => person.tap("latest", "maybe")).toThrow("there are: بلی [h1:yes], نخیر [h1:no]");
  });

  it("shows the rows of a list", async () => {
    const person = twilio.person(to);
    person.say("x");
    const contentSid = await createRecord(LIST);
    const variables = { "1": "Topics", "2": "Choose", "3": "fee", "4": "Fees", "5": "What it costs" };
    expect(await failureOf(contentSid, variables)).toBeUndefined();
    expect(person.messages()).toMatchObject([
      {
        listButton: "Choose",
        rows: [{ id: "fee", title: "Fees", description: "What it costs" }],
        buttons: [],
      },
    ]);
  });

  it.each([
    ["a line break", "one\ntwo", 63013],
    ["a tab", "one\ttwo", 63013],
    ["five spaces", "one     two", 63013],
    ["nothing", "", 63013],
    ["null", null, 63013],
    ["a body above 1024", "x".repeat(1025), 63021],
    ["four spaces", "one    two", undefined],
  ])("is taken, and then: %s", async (_what, value, failure) => {
    twilio.person(to).say("x");
    const contentSid = await createRecord(QUICK_REPLY);
    expect(await failureOf(contentSid, { "1": value })).toBe(failure);
    expect(twilio.person(to).messages()).toHaveLength(failure === undefined ? 1 : 0);
  });

  it.each([
    ["a title above 20", { "2": "x".repeat(21) }],
    ["two buttons of one title", { "4": "Yes" }],
    ["two buttons of one id", { "5": "yes" }],
  ])("fails with 63021 for %s", async (_what, variables) => {
    twilio.person(to).say("x");
    expect(await failureOf(await createRecord(QUICK_REPLY), variables)).toBe(63021);
  });

  it.each([["no JSON"], ['{"1": 5}'], ['{"9": "x"}'], ['["x"]']])(
    "is refused with the variables %s",
    async (text) => {
      twilio.person(to).say("x");
      const contentSid = await createRecord(QUICK_REPLY);
      const sending = client.messages.create({ to, from, contentSid, contentVariables: text });
      await expect(sending).rejects.toMatchObject({ code: 21656 });
    },
  );
});

describe("templates", () => {
  const TEXT = { language: "en", types: { "twilio/text": { body: "Message from {{1}}: reply to read." } } };

  async function submit(sid: string, category: string, name = "news"): Promise<number> {
    return (await post(`/v1/Content/${sid}/ApprovalRequests/whatsapp`, { name, category })).status;
  }

  it("go outside the window once approved, and not before", async () => {
    const person = twilio.person(to);
    const contentSid = await createRecord(TEXT);
    expect(await failureOf(contentSid, { "1": "Aid" })).toBe(63016);
    expect(await submit(contentSid, "UTILITY")).toBe(201);
    expect(await failureOf(contentSid, { "1": "Aid" })).toBe(63016);
    twilio.approve(contentSid);
    person.say("x");
    clock += 30 * DAY;
    expect(await failureOf(contentSid, { "1": "Aid" })).toBeUndefined();
    expect(person.messages()).toMatchObject([{ body: "Message from Aid: reply to read.", template: true }]);
    const approval = await client.content.v1.contents(contentSid).approvalFetch().fetch();
    expect(approval.whatsapp).toMatchObject({ status: "approved", category: "UTILITY", name: "news" });
  });

  it("of the marketing kind do not reach numbers of the United States", async () => {
    const american = "whatsapp:+15550000077";
    twilio.person(american);
    const contentSid = await createRecord(TEXT);
    await submit(contentSid, "MARKETING");
    twilio.approve(contentSid);
    await client.messages.create({ to: american, from, contentSid, contentVariables: '{"1":"Aid"}' });
    expect(twilio.ledger.messages.at(-1)?.failure).toBe(63049);
  });

  it("cannot be list pickers, and not take a rejected name again", async () => {
    expect(await submit(await createRecord(LIST), "UTILITY")).toBe(400);
    const first = await createRecord(TEXT);
    await submit(first, "UTILITY", "taken");
    twilio.reject(first);
    expect(await submit(await createRecord(TEXT), "UTILITY", "taken")).toBe(400);
    expect(await submit(await createRecord(TEXT), "PROMOTION")).toBe(400);
  });
});
