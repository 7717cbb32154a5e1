import { getExpectedTwilioSignature } from "twilio/lib/webhooks/webhooks.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hour } from "../../src/core/nouns/time.ts";
import type { SeenMessage } from "../stand-ins/twilio/people.ts";
import type { Person } from "../stand-ins/twilio/person.ts";
import { whatsappAnswer } from "./talk.ts";
import { account, approveTemplates, drained, openWorld, publicUrl, type World } from "./world.ts";

let world: World;
let nextPhone = 93_700_000_100;
const newcomer = () => world.twilio.person(`whatsapp:+${++nextPhone}`);

beforeAll(async () => {
  world = await openWorld({ whatsapp: true });
  // Buttons need records; the bot makes them in the background after it has started.
  await world.twilio.waitFor(
    () => world.log.notes.some(({ event }) => event === "whatsapp.template"),
    "records",
    30_000,
  );
});
afterAll(() => world.close());

const hasChoices = ({ buttons, rows }: SeenMessage) => buttons.length + rows.length > 0;
const withChoices = (messages: readonly SeenMessage[]) => messages.some(hasChoices);
const titles = ({ buttons, rows }: SeenMessage) => [...buttons, ...rows].map(({ title }) => title);

async function say(person: Person, text: string): Promise<string> {
  const said = await whatsappAnswer(world.twilio, person, () => person.say(text), withChoices);
  return said.map(({ body }) => body).join("\n");
}

async function tap(person: Person, title: string): Promise<string> {
  const said = await whatsappAnswer(world.twilio, person, () => person.tap("latest", title), withChoices);
  return said.map(({ body }) => body).join("\n");
}

const latest = (person: Person) => {
  const found = person.messages().findLast(hasChoices);
  if (found === undefined) throw new Error("nothing to choose from");
  return found;
};

async function meet(person: Person): Promise<void> {
  await say(person, "hello");
  await tap(person, "English");
}

describe("a person on WhatsApp", () => {
  it("chooses from a list, answers with a quick reply, and types a number instead", async () => {
    const person = newcomer();
    await say(person, "hello");
    expect(latest(person).rows.map(({ title }) => title)).toEqual(["English", "دری", "پښتو", "Español"]);
    expect(await tap(person, "English")).toContain("What would you like to do?");
    expect(await say(person, "delete")).toContain("Delete everything?");
    expect(latest(person).buttons.map(({ title }) => title)).toEqual(["Yes", "No", "Menu"]);
    expect(await tap(person, "No")).toContain("nothing was deleted");
    const chosen = titles(latest(person)).indexOf("Ways to explore");
    expect(await say(person, String(chosen + 1))).toContain("Is anyone in danger right now?");
    expect(await say(person, "no, nobody")).toContain("Is anyone held by ICE");
  });

  it("is told that pictures are not read; nothing is fetched from where they are", async () => {
    const person = newcomer();
    await meet(person);
    const said = await whatsappAnswer(
      world.twilio,
      person,
      () => person.sendMedia("https://media.example/1.jpg", "image/jpeg", "my paper"),
      withChoices,
    );
    expect(said[0]?.body).toContain("I can't open pictures");
    const location = await whatsappAnswer(
      world.twilio,
      person,
      () => person.sendLocation(34.5, 69.2),
      withChoices,
    );
    expect(location[0]?.body).toContain("I can't open pictures");
  });

  it("may have no phone number, only the id that this business knows them by", async () => {
    const person = world.twilio.person("whatsapp:AF.1234567890");
    await meet(person);
    expect(await say(person, "help")).toContain("How this works");
    expect(world.twilio.ledger.to(person.address).length).toBeGreaterThan(2);
  });

  it("stays the same person when the phone number is gone and only the id is left", async () => {
    const userId = "whatsapp:AF.1234567899";
    const both = world.twilio.person(`whatsapp:+${++nextPhone}`, { userId });
    await meet(both);
    const later = {
      MessageSid: `SM${"5".repeat(32)}`,
      From: userId,
      Body: "menu",
      MessageType: "text",
      NumMedia: "0",
    };
    const before = world.twilio.ledger.messages.length;
    expect((await post("/webhooks/whatsapp", later)).status).toBe(200);
    await world.twilio.waitFor(() => world.twilio.ledger.messages.length > before, "the menu");
    expect(world.twilio.ledger.to(userId)).toHaveLength(1);
  });
});

type Form = Readonly<Record<string, string>>;

/** Posts a form as Twilio does; `sign` makes the signature from the URL it was told. */
function post(
  path: string,
  about: Form,
  sign = (url: string, form: Form) => getExpectedTwilioSignature(account.authToken, url, form),
): Promise<Response> {
  const form = { AccountSid: account.accountSid, To: account.from, ...about };
  return fetch(`${world.url}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "x-twilio-signature": sign(`${publicUrl}${path}`, form),
    },
    body: new URLSearchParams(form).toString(),
  });
}

describe("a post that is not Twilio's", () => {
  const form = {
    MessageSid: `SM${"7".repeat(32)}`,
    From: "whatsapp:+93700009999",
    Body: "hello",
    MessageType: "text",
  };

  it.each([
    [
      "a signature of another key",
      (url: string, posted: Form) => getExpectedTwilioSignature("other-token", url, posted),
    ],
    [
      "a signature of another address",
      (_: string, posted: Form) =>
        getExpectedTwilioSignature(account.authToken, `${world.url}/webhooks/whatsapp`, posted),
    ],
    [
      "a signature of another text",
      (url: string, posted: Form) =>
        getExpectedTwilioSignature(account.authToken, url, { ...posted, Body: "bye" }),
    ],
    ["no signature", () => ""],
  ])("is refused and leaves nothing: %s", async (_, sign) => {
    await drained(world.url);
    const before = await world.metrics();
    for (const path of ["/webhooks/whatsapp", "/webhooks/whatsapp/status"]) {
      expect((await post(path, { ...form, MessageStatus: "delivered" }, sign)).status).toBe(403);
    }
    expect(await world.metrics()).toBe(before);
    expect(world.twilio.ledger.to(form.From)).toEqual([]);
  });

  it("is refused: another account's, a wrong type, too much of it", async () => {
    const path = "/webhooks/whatsapp";
    expect((await post(path, { ...form, AccountSid: `AC${"1".repeat(32)}` })).status).toBe(403);
    expect((await post(path, { From: form.From, Body: "x" })).status).toBe(400);
    expect((await post(path, { ...form, Body: "x".repeat(300_000) })).status).toBe(413);
    const json = await fetch(`${world.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(json.status).toBe(400);
  });

  it("is taken once, however often it is repeated", async () => {
    const repeated = { ...form, MessageSid: `SM${"8".repeat(32)}`, From: "whatsapp:+93700009998" };
    world.twilio.person(repeated.From);
    const answers = await Promise.all(Array.from({ length: 8 }, () => post("/webhooks/whatsapp", repeated)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    await drained(world.url);
    expect(world.twilio.ledger.to(repeated.From)).toHaveLength(1);
  });
});

describe("delivery reports", () => {
  it("that come in any order and twice end in what is true of the message", async () => {
    const { twilio, ask } = world;
    await ask({ command: "org add", id: "reports", name: "Reports" });
    await ask({ command: "topic add", organisation: "reports", topic: "news", titles: { en: "Reports" } });
    const reads = newcomer();
    const doesNot = world.twilio.person(`whatsapp:+${++nextPhone}`, { readReceipts: false });
    const fails = newcomer();
    for (const person of [reads, doesNot, fails]) {
      await meet(person);
      await tap(person, "News I asked for");
      await tap(person, "Reports");
    }
    twilio.faults.push({
      method: "messages.create",
      chat: fails.address,
      times: 1,
      do: { kind: "fail-later", code: 63024 },
    });
    const sent = await ask({
      command: "broadcast send",
      organisation: "reports",
      topic: "news",
      texts: { en: "News." },
      dryRun: false,
    });
    const id = (sent as { readonly broadcast: number }).broadcast;
    await expect
      .poll(async () => (await ask({ command: "broadcast status", id })) as object, { timeout: 10_000 })
      .toMatchObject({ counts: { read: 1, delivered: 1, "failed twilio-63024": 1 } });
    await twilio.waitFor(() => twilio.idle(), "all reports to be told");
    expect(twilio.deliveries.filter(({ kind, came }) => kind === "status" && came !== 200)).toEqual([]);
  });
});

describe("the reply window", () => {
  it("closed: where no template is approved a message waits, and goes when the person writes", async () => {
    const { twilio, ask, time } = world;
    await ask({ command: "org add", id: "held", name: "Held" });
    await ask({ command: "topic add", organisation: "held", topic: "news", titles: { en: "Held" } });
    const person = newcomer();
    await meet(person);
    await tap(person, "News I asked for");
    await tap(person, "Held");
    time.forward(25 * hour);
    const order = {
      command: "broadcast send",
      organisation: "held",
      topic: "news",
      texts: { en: "Kept for you." },
    } as const;
    expect(await ask({ ...order, dryRun: true })).toMatchObject({
      reachable: 0,
      channels: [{ channel: "whatsapp", now: 0, byTemplate: 0, not: { "window-closed": 1 } }],
    });
    await ask({ ...order, dryRun: false });
    await drained(world.url);
    expect(person.messages().filter(({ body }) => body.includes("Kept for you."))).toEqual([]);
    await whatsappAnswer(
      twilio,
      person,
      () => person.say("menu"),
      (said) => said.some(({ body }) => body.includes("Kept for you.")),
    );
  });

  it("closed on the way (63016): the message is held and follows the reply, once", async () => {
    const { twilio, ask } = world;
    await ask({ command: "org add", id: "late", name: "Late" });
    await ask({ command: "topic add", organisation: "late", topic: "news", titles: { en: "Late" } });
    const person = newcomer();
    await meet(person);
    await tap(person, "News I asked for");
    await tap(person, "Late");
    await drained(world.url);
    twilio.faults.push({
      method: "messages.create",
      chat: person.address,
      // Text and button: both parts fail.
      times: 2,
      do: { kind: "fail-later", code: 63016 },
    });
    await ask({
      command: "broadcast send",
      organisation: "late",
      topic: "news",
      texts: { en: "Came late." },
      dryRun: false,
    });
    await twilio.waitFor(
      () => twilio.ledger.to(person.address).filter(({ failure }) => failure === 63016).length === 2,
      "the failure",
    );
    await twilio.waitFor(() => twilio.idle(), "all reports to be told");
    await whatsappAnswer(
      twilio,
      person,
      () => person.say("menu"),
      (said) => said.some(({ body }) => body.includes("Came late.")),
    );
    await drained(world.url);
    expect(person.messages().filter(({ body }) => body.includes("Came late."))).toHaveLength(1);
  });

  it("closed: an approved template announces the message, and it follows the reply", async () => {
    const { twilio, ask, time } = world;
    await ask({ command: "org add", id: "told", name: "Told You" });
    await ask({ command: "topic add", organisation: "told", topic: "news", titles: { en: "Told" } });
    const person = newcomer();
    await meet(person);
    await tap(person, "News I asked for");
    await tap(person, "Told");
    await drained(world.url);
    await world.stop();
    await approveTemplates(twilio);
    await world.start();
    time.forward(25 * hour);
    const order = {
      command: "broadcast send",
      organisation: "told",
      topic: "news",
      texts: { en: "The news itself." },
    } as const;
    await expect
      .poll(async () => (await ask({ ...order, dryRun: true })) as object, { timeout: 10_000 })
      .toMatchObject({ reachable: 1, channels: [{ byTemplate: 1 }] });
    const [announced] = await whatsappAnswer(twilio, person, () => ask({ ...order, dryRun: false }));
    expect(announced).toMatchObject({ template: true, body: expect.stringContaining("from Told You") });
    const said = await whatsappAnswer(
      twilio,
      person,
      () => person.say("yes?"),
      (all) => all.some(({ body }) => body.includes("The news itself.")),
    );
    expect(said.filter(({ body }) => body.includes("The news itself."))).toHaveLength(1);
  });
});

describe("whoever opted out with Twilio itself", () => {
  it("is written to no more (21610)", async () => {
    const { ask } = world;
    await ask({ command: "org add", id: "outs", name: "Outs" });
    await ask({ command: "topic add", organisation: "outs", topic: "news", titles: { en: "Outs" } });
    const person = newcomer();
    await meet(person);
    await tap(person, "News I asked for");
    await tap(person, "Outs");
    await drained(world.url);
    person.optOut();
    const order = {
      command: "broadcast send",
      organisation: "outs",
      topic: "news",
      texts: { en: "Hello." },
    } as const;
    const id = ((await ask({ ...order, dryRun: false })) as { readonly broadcast: number }).broadcast;
    await expect
      .poll(async () => (await ask({ command: "broadcast status", id })) as object, { timeout: 10_000 })
      .toMatchObject({ counts: { "failed twilio-21610": 1 } });
    await expect
      .poll(async () => (await ask({ ...order, dryRun: true })) as object)
      .toMatchObject({ reachable: 0, channels: [{ not: { blocked: 1 } }] });
  });
});
