import { describe, expect, it, vi } from "vitest";
import { hour, minute } from "../../../src/core/nouns/time.ts";
import { holdWriteLock } from "../../faults/holder.ts";
import { drained, openWorld, type World } from "../../system/world.ts";

vi.setConfig({ testTimeout: 120_000 });

const address = (at: number) => `whatsapp:+9370000040${at}`;

async function worldOf(): Promise<World & AsyncDisposable> {
  const world = await openWorld({ whatsapp: true });
  return Object.assign(world, { [Symbol.asyncDispose]: () => world.close() });
}

/** Nobody listens while these write, and Twilio gives up. */
async function away(world: World, write: () => void): Promise<void> {
  await world.stop();
  write();
  await world.twilio.waitFor(world.twilio.idle, "that Twilio gave up");
  world.time.forward(hour);
}

const heard = ({ log }: World) => log.notes.filter(({ event }) => event === "whatsapp.missed");
const tookIn = (world: World, times: number) =>
  world.twilio.waitFor(() => heard(world).length === times, "what was missed", 20_000);

const refusals = ({ log }: World) =>
  log.notes.filter(({ event }) => event === "an input could not be made durable").length;

describe("what people wrote while the server was off", () => {
  it("is answered after the start, each once, in order; what was answered before is not", async () => {
    await using world = await worldOf();
    const { twilio } = world;
    const people = [0, 1, 2].map((at) => twilio.person(address(at)));
    const [before, during, both] = people;
    before?.say("hello");
    both?.say("hello");
    await twilio.waitFor(() => [before, both].every((one) => one?.messages().length), "the answers");
    await drained(world.url);
    const answered = before?.messages().length;
    await away(world, () => {
      during?.say("hello");
      both?.say("English");
      both?.say("help");
    });
    twilio.faults.push({ method: "messages.list", times: 1, do: { kind: "500" } });
    await world.start();
    await tookIn(world, 1);
    await drained(world.url);
    expect(before?.messages().length).toBe(answered);
    expect(during?.messages().length).toBeGreaterThan(0);
    const said = both?.messages().map(({ body }) => body) ?? [];
    const menu = said.findIndex((body) => body.includes("What would you like to do?"));
    const help = said.findIndex((body) => body.includes("How this works"));
    expect([menu > 0, help > menu]).toEqual([true, true]);
    const told = twilio.ledger.messages.length;
    await world.stop();
    world.time.forward(minute);
    await world.start();
    await drained(world.url);
    expect(twilio.ledger.messages.length).toBe(told);
    expect(JSON.stringify(world.log.notes)).not.toMatch(/937000004|hello/);
  });

  it("is left alone when it is older than a day", async () => {
    await using world = await worldOf();
    const person = world.twilio.person(address(5));
    await away(world, () => person.say("hello"));
    world.time.forward(24 * hour);
    await world.start();
    await tookIn(world, 1);
    await drained(world.url);
    expect(person.messages()).toEqual([]);
  });
});

describe("what people wrote while the server ran and could not hear it", () => {
  /** Several write twice and Twilio gives up; all of it is answered so long (ms) after, and nothing twice. */
  async function answeredAfter(
    ms: number,
    world: World,
    write: (say: (text: string) => void) => Promise<void>,
  ): Promise<void> {
    const { twilio } = world;
    const people = [6, 7, 8].map((at) => twilio.person(address(at)));
    const lost = () => twilio.deliveries.filter((one) => one.kind === "inbound" && one.lost).length;
    await write((text) => {
      for (const one of people) one.say(text);
    });
    expect(lost()).toBe(people.length * 2);
    expect(people.flatMap((one) => one.messages())).toEqual([]);
    world.time.forward(ms);
    const helps = () =>
      people.map((one) => one.messages().filter(({ body }) => body.includes("How this works")).length);
    await twilio.waitFor(() => helps().every((count) => count > 0), "the answers", 60_000);
    await drained(world.url);
    const told = twilio.ledger.messages.length;
    // The next look may find the same.
    const before = heard(world).length;
    world.time.forward(20 * minute);
    await vi.waitUntil(() => heard(world).length > before, { timeout: 30_000 });
    await drained(world.url);
    expect([twilio.ledger.messages.length, helps()]).toEqual([told, people.map(() => 1)]);
  }

  it("for a store that could not be written to is answered when it can be, each once, without a restart", async () => {
    await using world = await worldOf();
    await answeredAfter(minute, world, async (say) => {
      const letGo = await holdWriteLock(world.place.dataDir);
      say("English");
      say("help");
      await world.twilio.waitFor(world.twilio.idle, "that Twilio gave up", 60_000);
      // A try that Twilio waits for no more is not yet over here.
      const came = world.twilio.deliveries.filter(({ came }) => came !== "not-connected").length;
      await vi.waitUntil(() => refusals(world) >= came, { timeout: 30_000 });
      await letGo();
    });
    expect(world.log.notes.map(({ event }) => event)).toContain("store-unavailable");
  });

  it("for a network that brought nothing here is answered, each once, without a restart", async () => {
    await using world = await worldOf();
    await answeredAfter(20 * minute, world, async (say) => {
      world.twilio.deliverTo("http://127.0.0.1:9");
      say("English");
      say("help");
      await world.twilio.waitFor(world.twilio.idle, "that Twilio gave up", 60_000);
      world.twilio.deliverTo(world.url);
    });
  });
});
