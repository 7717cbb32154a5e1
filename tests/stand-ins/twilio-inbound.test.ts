import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import twilioSdk from "twilio";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientOf } from "./twilio/client.ts";
import { startTwilio, type Twilio } from "./twilio.ts";
import { listening } from "./wire/host.ts";

const accountSid = `AC${"0".repeat(32)}`;
const authToken = "stand-in-auth-token";
const from = "whatsapp:+15550000001";
const to = "whatsapp:+93700000001";
const userId = "whatsapp:AF.AbC123";
const webhookUrl = "https://bot.example.org/webhooks/whatsapp";

let twilio: Twilio;
let hook: Server;
let posts: { readonly headers: IncomingHttpHeaders; readonly form: Record<string, string> }[] = [];
let answers: number[] = [];

beforeEach(async () => {
  posts = [];
  answers = [];
  hook = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      posts.push({ headers: request.headers, form: Object.fromEntries(new URLSearchParams(body)) });
      response.writeHead(answers.shift() ?? 200, { "Content-Type": "text/xml" }).end("<Response/>");
    });
  });
  twilio = await startTwilio({
    accountSid,
    authToken,
    from,
    publicUrl: "https://bot.example.org",
    deliverTo: `http://127.0.0.1:${await listening(hook)}`,
    webhookUrl,
  });
});
afterEach(async () => {
  await twilio.close();
  hook.closeAllConnections();
  hook.close();
});

async function formOf(act: () => string): Promise<Record<string, string>> {
  const sid = act();
  await twilio.waitFor(twilio.idle, "the webhook");
  return posts.find(({ form }) => form["MessageSid"] === sid)?.form ?? {};
}

describe("what a webhook is told", () => {
  it("text: signed over the public URL without its fragment", async () => {
    twilio.setWebhook(`${webhookUrl}#rc=3&rp=5xx,ct,rt`);
    const form = await formOf(() => twilio.person(to, { userId, name: "Somebody else" }).say("سلام"));
    expect(form).toMatchObject({
      AccountSid: accountSid,
      From: to,
      To: from,
      WaId: "93700000001",
      ExternalUserId: userId,
      ProfileName: "Somebody else",
      Body: "سلام",
      MessageType: "text",
      NumMedia: "0",
    });
    const signature = String(posts[0]?.headers["x-twilio-signature"]);
    expect(twilioSdk.validateRequest(authToken, signature, webhookUrl, form)).toBe(true);
    expect(twilioSdk.validateRequest(authToken, signature, `${webhookUrl}/`, form)).toBe(false);
  });

  it("a person without a phone number: no WaId", async () => {
    const form = await formOf(() => twilio.person(userId).say("x"));
    expect(form).toMatchObject({ From: userId, ExternalUserId: userId });
    expect(form).not.toHaveProperty("WaId");
  });

  it("media and places", async () => {
    const person = twilio.person(to);
    expect(await formOf(() => person.sendMedia("https://media.example/1", "image/jpeg"))).toMatchObject({
      MessageType: "image",
      NumMedia: "1",
      MediaUrl0: "https://media.example/1",
      MediaContentType0: "image/jpeg",
      Body: "",
    });
    expect(await formOf(() => person.sendLocation(34.5, 69.2, "Kabul"))).toMatchObject({
      MessageType: "location",
      Latitude: "34.5",
      Longitude: "69.2",
      Label: "Kabul",
    });
  });

  it("taps: the id of the choice, and the message that it was on", async () => {
    const client = clientOf(twilio.url, accountSid, authToken);
    const person = twilio.person(to);
    person.say("x");
    const create = async (types: unknown) => {
      await fetch(`${twilio.url}/v1/Content`, {
        method: "POST",
        headers: {
          Authorization: `Basic ${btoa(`${accountSid}:${authToken}`)}`,
          "Content-Type": "application/json",
        },
        body: JSON.stringify({ language: "en", types }),
      });
      const sid = (await client.content.v1.contents.list()).at(-1)?.sid ?? "";
      return (await client.messages.create({ to, from, contentSid: sid })).sid;
    };
    const asked = await create({
      "twilio/quick-reply": { body: "Q", actions: [{ title: "Yes", id: "h:yes" }] },
    });
    const listed = await create({
      "twilio/list-picker": {
        body: "L",
        button: "Open",
        items: [{ id: "h:a", item: "A", description: "first" }],
      },
    });
    expect(await formOf(() => person.tap(asked, "Yes"))).toMatchObject({
      MessageType: "interactive",
      ButtonText: "Yes",
      ButtonPayload: "h:yes",
      Body: "Yes",
      OriginalRepliedMessageSid: asked,
      OriginalRepliedMessageSender: from,
    });
    expect(await formOf(() => person.tap("latest", "h:a"))).toMatchObject({
      ListId: "h:a",
      ListTitle: "A",
      ListDescription: "first",
      OriginalRepliedMessageSid: listed,
    });
    expect(await formOf(() => person.tap(asked, "old:1", { forge: true }))).toMatchObject({
      ButtonPayload: "old:1",
    });
  });
});

describe("a webhook that fails", () => {
  it("is not tried again by default: the message is lost", async () => {
    answers = [500];
    twilio.person(to).say("x");
    await twilio.waitFor(twilio.idle, "the webhook");
    expect(twilio.deliveries).toMatchObject([{ attempt: 1, came: 500, lost: true }]);
  });

  it("is tried again as the fragment asks, with one idempotency token", async () => {
    answers = [500, 503, 200];
    twilio.setWebhook(`${webhookUrl}#rc=3&rp=5xx,ct,rt`);
    twilio.person(to).say("x");
    await twilio.waitFor(twilio.idle, "the webhook");
    expect(twilio.deliveries.map(({ attempt, came, lost }) => [attempt, came, lost])).toEqual([
      [1, 500, false],
      [2, 503, false],
      [3, 200, false],
    ]);
    const tokens = new Set(posts.map(({ headers }) => headers["i-twilio-idempotency-token"]));
    expect([tokens.size, posts.length]).toEqual([1, 3]);
  });

  it("gives up after the retries that were asked for", async () => {
    answers = [400, 404, 400];
    twilio.setWebhook(`${webhookUrl}#rc=2&rp=4xx`);
    twilio.person(to).say("x");
    await twilio.waitFor(twilio.idle, "the webhook");
    expect(twilio.deliveries.map(({ lost }) => lost)).toEqual([false, false, true]);
  });

  it("is tried a second time by default where nobody listens", async () => {
    twilio.deliverTo("http://127.0.0.1:1");
    twilio.person(to).say("x");
    await twilio.waitFor(twilio.idle, "the webhook");
    expect(twilio.deliveries).toMatchObject([
      { attempt: 1, came: "not-connected", lost: false },
      { attempt: 2, came: "not-connected", lost: true },
    ]);
  });

  it("hears a repeated message with the same sid", async () => {
    await using twice = await startTwilio({
      accountSid,
      authToken,
      from,
      inboundDuplicateRate: 1,
      webhookUrl: `http://127.0.0.1:${addressOf(hook)}/webhooks/whatsapp`,
    });
    const sid = twice.person(to).say("x");
    await twice.waitFor(() => twice.deliveries.length === 2, "two copies");
    expect(posts.map(({ form }) => form["MessageSid"])).toEqual([sid, sid]);
  });
});

function addressOf(server: Server): number {
  const address = server.address();
  return address === null || typeof address === "string" ? 0 : address.port;
}
