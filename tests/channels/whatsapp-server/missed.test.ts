import { describe, expect, it } from "vitest";
import { hour, minute } from "../../../src/core/nouns/time.ts";
import { drained, openWorld, type World } from "../../system/world.ts";

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
