import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepingLog } from "../../logs.ts";
import { buttons, from, message, noon, openWorld, outgoing, started, type World } from "./given.ts";

type Fault = Parameters<World["twilio"]["faults"]["push"]>[0]["do"];
const second = 1_000;
const minute = 60 * second;

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const bodies = () => world.twilio.ledger.messages.map(({ form }) => form["Body"] ?? form["ContentVariables"]);
const sids = () => world.twilio.ledger.messages.map(({ sid }) => sid);
const text = (words: string) => message({ parts: [{ style: "text", text: words }] });

/** The next call of this kind meets the fault, after so many that pass. */
function fail(method: string, fault: Fault, after = 0): void {
  if (after > 0) world.twilio.faults.push({ method, times: after, do: { kind: "delay", ms: 0 } });
  world.twilio.faults.push({ method, times: 1, do: fault });
}

/** A try whose answer is lost, whether or not Twilio took the message; then a minute goes by. */
async function lose(out: ReturnType<typeof outgoing>, fault: "drop-before" | "drop-after", after = 0) {
  fail("messages.create", { kind: fault }, after);
  expect(await world.channel.send(out)).toMatchObject({ kind: "unknown" });
  world.at(noon + minute);
  return { ...out, doubtSince: noon };
}

describe("a message whose answer was lost", () => {
  it("is not sent again where Twilio took it, and goes on under the SID it got", async () => {
    const again = await lose(outgoing(), "drop-after");
    expect(await world.channel.send(again)).toStrictEqual({
      kind: "sent",
      providerId: sids()[0],
      hasKeyboard: false,
    });
    expect(sids()).toHaveLength(1);
  });

  it("is sent once where Twilio did not", async () => {
    const again = await lose(outgoing(), "drop-before");
    expect(await world.channel.send(again)).toMatchObject({ kind: "sent", providerId: sids()[0] });
    expect(sids()).toHaveLength(1);
  });

  it.each<readonly [string, Fault, object]>([
    ["500", { kind: "500" }, { kind: "unknown", reason: "list-not-read" }],
    ["a gateway's page", { kind: "html-body" }, { kind: "unknown", reason: "list-not-read" }],
    ["404", { kind: "refuse", code: 20404, status: 404 }, { kind: "unknown", reason: "list-not-read" }],
    ["429", { kind: "429" }, { kind: "retry-later", scope: "channel" }],
  ])("waits while the list answers with %s, and is there once in the end", async (_name, fault, expected) => {
    const again = await lose(outgoing(), "drop-after");
    fail("messages.list", fault);
    expect(await world.channel.send(again)).toMatchObject(expected);
    expect(await world.channel.send(again)).toMatchObject({ kind: "sent", providerId: sids()[0] });
    expect(sids()).toHaveLength(1);
  });

  it("is looked for with its buttons too", async () => {
    await started(world);
    const question = outgoing({ message: message({ buttons: buttons("Yes", "No") }) });
    const again = await lose(question, "drop-after");
    expect(await world.channel.send(again)).toStrictEqual({
      kind: "sent",
      providerId: sids()[0],
      hasKeyboard: false,
    });
  });

  it("goes on behind the part that Twilio took last, after a restart as well", async () => {
    const long = outgoing({ message: text(Array(3).fill("Sentence. ".repeat(100).trim()).join("\n\n")) });
    const again = await lose(long, "drop-after", 1);
    expect(bodies()).toHaveLength(2);
    const reborn = await openWorldOn(world);
    expect(await reborn.channel.send(again)).toMatchObject({ kind: "sent" });
    await reborn.close();
    expect(bodies()).toHaveLength(3);
    expect(await world.channel.send(again)).toMatchObject({ kind: "sent" });
    expect(bodies()).toHaveLength(3);
  });

  it("is one thing, an equal one before it another", async () => {
    expect(await world.channel.send(outgoing({ id: 1 }))).toMatchObject({ kind: "sent" });
    const again = await lose(outgoing({ id: 2 }), "drop-before");
    expect(await world.channel.send(again)).toMatchObject({ kind: "sent", providerId: sids()[1] });
    expect(sids()).toHaveLength(2);
  });

  it("stands for itself only: an equal one after it is sent", async () => {
    const first = await lose(outgoing({ id: 1 }), "drop-after");
    expect(await world.channel.send(first)).toMatchObject({ providerId: sids()[0] });
    const second = await lose(outgoing({ id: 2 }), "drop-before");
    expect(await world.channel.send(second)).toMatchObject({ providerId: sids()[1] });
    expect(sids()).toHaveLength(2);
  });

  it("is not the same text to the same person from before, though nobody knows its SID any more", async () => {
    world.at(noon - 10 * second);
    await world.channel.send(outgoing({ id: 1 }));
    world.at(noon);
    const reborn = await openWorldOn(world);
    expect(await reborn.channel.send(outgoing({ id: 2, doubtSince: noon }))).toMatchObject({ kind: "sent" });
    await reborn.close();
    expect(sids()).toHaveLength(2);
  });

  it.each(["another text", "another person", "one that failed"])("is not %s", async (which) => {
    const other = "whatsapp:+93700000002";
    world.twilio.person(other).say("hello");
    const again = await lose(outgoing(), "drop-before");
    if (which === "another text") await world.channel.send(outgoing({ id: 2, message: text("No.") }));
    if (which === "another person") await world.channel.send(outgoing({ id: 2, address: other }));
    const reborn = await openWorldOn(world);
    if (which === "one that failed") {
      fail("messages.create", { kind: "fail-later", code: 63018 });
      await world.channel.send(outgoing());
    }
    expect(await reborn.channel.send(again)).toMatchObject({ kind: "sent", providerId: sids()[1] });
    await reborn.close();
  });

  it("is found behind as many others as the list has pages", async () => {
    const again = await lose(outgoing(), "drop-after");
    world.at(noon);
    for (let id = 0; id < 60; id++) await world.channel.send(outgoing({ id, message: text(`${id}`) }));
    expect(await world.channel.send(again)).toMatchObject({ kind: "sent", providerId: sids()[0] });
  });

  it("is looked for as the announcement it was, outside the window", async () => {
    await started(world);
    for (const [name, sid] of world.records.kept)
      if (/^parwana_(broadcast|nudge)_[a-z_]+_[0-9a-f]+$/.test(name)) world.twilio.approve(sid);
    world.pauses.end();
    await world.pauses.begun(2);
    const bulk = { lane: "bulk", organisation: "Legal *Aid*", lastInbound: undefined } as const;
    const again = await lose(outgoing(bulk), "drop-after");
    expect(await world.channel.send(again)).toStrictEqual({ kind: "announced", providerId: sids()[0] });
    expect(sids()).toHaveLength(1);
  });

  it("is told of in the log without the message or the person, once while it lasts", async () => {
    const again = await lose(outgoing(), "drop-after");
    world.twilio.faults.push({ method: "messages.list", times: 2, do: { kind: "500" } });
    await world.channel.send(again);
    await world.channel.send(again);
    const lines = world.log.notes.filter(({ event }) => event === "whatsapp.list-not-read");
    expect(lines).toMatchObject([{ level: "warn", fields: { code: 20500 } }]);
    expect(JSON.stringify(lines)).not.toMatch(/93700000001|outside the U\.S/);
  });
});

it("the playground has no list to look in", async () => {
  const play = await openWorld({ id: "playground/whatsapp" });
  expect(play.channel.looksBack).toBe(false);
  expect(world.channel.looksBack).toBe(true);
  await play.close();
});

/** Another run of the channel with the same account: what was in memory is gone. */
async function openWorldOn({ twilio }: World): Promise<World> {
  const reborn = await openWorld({ apiRoot: twilio.url, log: keepingLog(), from });
  await reborn.channel.start(async () => undefined);
  return reborn;
}
