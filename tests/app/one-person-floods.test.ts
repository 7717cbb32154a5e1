import { afterEach, beforeEach, expect, it } from "vitest";
import { minute, second } from "../../src/core/nouns/time.ts";
import { type App, inbound, meet, openApp, queue, stillTime, written } from "./app-world.ts";
import { sent } from "./fake-channel.ts";

let app: App;
beforeEach(async () => {
  stillTime();
  app = await openApp();
});
afterEach(() => app.end());

/** More than the gate lets wait at all. */
const many = 700;
const room = 600;

function answers(count: number) {
  return Array.from({ length: count }, (_, at) => ({ lane: "reply", text: `answer ${at}` }) as const);
}

it("somebody who writes faster than their platform takes answers keeps nobody else from being answered", async () => {
  const flooder = await meet(app, "flooder");
  app.telegram.behave = ({ address }) =>
    address === "flooder"
      ? { kind: "retry-later", afterMs: minute, reason: "429", scope: "contact" }
      : sent();
  await queue(app, flooder, answers(many));
  expect(await app.receive(inbound("another", written("hello")))).toBe("done");
  await app.quiet();
  expect(app.telegram.calls.some(({ outgoing }) => outgoing.address === "another")).toBe(true);
});

it("many people whose answers wait do hold new input back, and let it in as answers leave", async () => {
  const people = await Promise.all(Array.from({ length: room / 5 }, (_, at) => meet(app, `person ${at}`)));
  const gate = app.telegram.gate();
  for (const person of people) await queue(app, person, answers(5));
  expect(app.parts.outbox.backlog).toBe(room);
  let told = "nothing";
  const late = app.receive(inbound("another", written("hello"))).then((receipt) => (told = receipt));
  await app.quiet();
  expect(told).toBe("nothing");
  gate.letAll();
  await app.advance(second);
  await late;
  expect(told).toBe("done");
  expect(app.parts.outbox.backlog).toBe(0);
});

it("what is counted is nothing again once all has left, was withdrawn, or belongs to nobody any more", async () => {
  const [one, other] = [await meet(app, "one"), await meet(app, "other")];
  const gate = app.telegram.gate();
  await queue(app, one, answers(9));
  await queue(app, other, answers(9));
  expect(app.parts.outbox.backlog).toBe(10);
  app.parts.outbox.drop(one);
  // The one that is on its way is withdrawn when it has ended.
  expect(app.parts.outbox.backlog).toBe(6);
  gate.letAll();
  await app.advance(second);
  expect(app.parts.outbox.backlog).toBe(0);
});
