import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SendOutcome } from "../../src/app/ports-channel.ts";
import { minute, second } from "../../src/core/nouns/time.ts";
import { type App, inbound, meet, openApp, queue, stillTime, written } from "./app-world.ts";
import { type FakeChannel, sent, textOf } from "./fake-channel.ts";

let app: App;
beforeEach(async () => {
  stillTime();
  app = await openApp();
});
afterEach(() => app.end());

/** What left, in order, to an address (to anyone, if none is given), from a call on. */
const texts = ({ calls }: FakeChannel, to?: string): readonly string[] =>
  calls
    .filter(({ outgoing }) => to === undefined || outgoing.address === to)
    .map(({ outgoing }) => textOf(outgoing));

async function someone(address: string): Promise<number> {
  const id = await meet(app, address);
  app.telegram.calls.splice(0);
  return id;
}

const unknown: SendOutcome = { kind: "unknown", reason: "lost" };
const later = (scope: "channel" | "contact", afterMs?: number): SendOutcome => ({
  kind: "retry-later",
  afterMs,
  reason: "429",
  scope,
});

it("what a platform asked for holds for the next message where the one it refused was withdrawn meanwhile", async () => {
  const ali = await someone("ali");
  const gate = app.telegram.gate();
  await queue(app, ali, [{ lane: "reply", text: "refused" }]);
  await queue(app, ali, [], { changes: { drop: { lanes: ["reply"], reason: "opted-out" } } });
  app.parts.outbox.drop(ali);
  app.telegram.behave = ({ message }) =>
    message.parts[0]?.text === "refused" ? later("contact", 5 * second) : sent();
  gate.letAll();
  await app.quiet();
  await queue(app, ali, [{ lane: "reply", text: "the next" }]);
  await app.advance(4 * second);
  expect(texts(app.telegram)).toEqual(["refused"]);
  await app.advance(second);
  expect(texts(app.telegram)).toEqual(["refused", "the next"]);
});

describe("the order in which messages leave", () => {
  it("is that of their lane for one contact, one at a time", async () => {
    const ali = await someone("ali");
    const gate = app.telegram.gate();
    await queue(app, ali, [
      { lane: "reply", text: "1" },
      { lane: "reply", text: "2" },
      { lane: "reply", text: "3" },
    ]);
    for (const expected of [["1"], ["1", "2"], ["1", "2", "3"]]) {
      expect(texts(app.telegram)).toEqual(expected);
      gate.letOne();
      await app.quiet();
    }
    expect(app.telegram.most()).toBe(1);
  });

  it("lets answers overtake nudges, and nudges broadcasts", async () => {
    const ali = await someone("ali");
    const gate = app.telegram.gate();
    await queue(app, ali, [{ lane: "bulk", text: "on its way" }]);
    await app.quiet();
    await queue(app, ali, [
      { lane: "bulk", text: "bulk" },
      { lane: "nudge", text: "nudge" },
      { lane: "reply", text: "reply" },
    ]);
    gate.letAll();
    await app.quiet();
    await app.advance(second);
    expect(texts(app.telegram)).toEqual(["on its way", "reply", "nudge", "bulk"]);
  });

  it("is side by side for different people, up to the limit", async () => {
    await app.end();
    stillTime();
    app = await openApp({ inFlight: 3 });
    const people = await Promise.all(["a", "b", "c", "d", "e"].map((address) => meet(app, address)));
    app.telegram.calls.splice(0);
    const gate = app.telegram.gate();
    for (const id of people) await queue(app, id, [{ lane: "reply", text: `to ${id}` }]);
    expect(app.telegram.calls).toHaveLength(3);
    gate.letOne();
    await app.quiet();
    expect(app.telegram.calls).toHaveLength(4);
    gate.letAll();
    await app.quiet();
    expect(app.telegram.calls).toHaveLength(5);
  });
});

describe("a message that can't leave yet", () => {
  it("is tried again, each time later, and what follows it waits", async () => {
    const ali = await someone("ali");
    app.telegram.behave = (outgoing, attempt) =>
      textOf(outgoing) === "1" && attempt < 4 ? later("contact") : sent();
    await queue(app, ali, [
      { lane: "reply", text: "1" },
      { lane: "reply", text: "2" },
    ]);
    await app.advance(10 * second, 50);
    const times = app.telegram.calls.map(({ at }) => at - (app.telegram.calls[0]?.at ?? 0));
    expect(texts(app.telegram)).toEqual(["1", "1", "1", "1", "2"]);
    expect(times.slice(0, 4)).toEqual([0, 1 * second, 3 * second, 7 * second]);
  });

  it("is tried again at a whole millisecond, whatever chance says: a store may keep nothing else", async () => {
    await app.end();
    stillTime();
    const moments: number[] = [];
    app = await openApp({
      chance: () => 0.123_456_789,
      around: (store) => ({
        ...store,
        settle: (settled) => {
          for (const { result } of settled) if (result.kind === "again") moments.push(result.at);
          return store.settle(settled);
        },
      }),
    });
    const ali = await someone("ali");
    app.telegram.behave = (_outgoing, attempt) => (attempt < 3 ? later("contact") : sent());
    await queue(app, ali, [{ lane: "reply", text: "1" }]);
    await app.advance(10 * second);
    expect(moments).toHaveLength(2);
    expect(moments.filter((at) => !Number.isInteger(at))).toEqual([]);
  });

  it("waits as long as the platform asks for this person, and others do not", async () => {
    const [ali, sara] = [await someone("ali"), await someone("sara")];
    app.telegram.behave = (outgoing, attempt) =>
      outgoing.contact === ali && attempt === 1 ? later("contact", 20 * second) : sent();
    await queue(app, ali, [{ lane: "reply", text: "ali" }]);
    await queue(app, sara, [{ lane: "reply", text: "sara" }]);
    await app.quiet();
    expect(texts(app.telegram)).toEqual(["ali", "sara"]);
    await app.advance(19 * second, second);
    expect(texts(app.telegram)).toEqual(["ali", "sara"]);
    await app.advance(2 * second);
    expect(texts(app.telegram)).toEqual(["ali", "sara", "ali"]);
  });

  it("holds back its whole channel where the platform asks for that, and no other channel", async () => {
    const [ali, sara] = [await someone("ali"), await someone("sara")];
    const phone = await meet(app, "+1555", { channel: "whatsapp" });
    app.whatsapp.calls.splice(0);
    app.telegram.behave = (_, attempt) =>
      app.telegram.calls.length === 1 && attempt === 1 ? later("channel", 20 * second) : sent();
    await queue(app, ali, [{ lane: "reply", text: "ali" }]);
    await app.quiet();
    await queue(app, sara, [{ lane: "reply", text: "sara" }]);
    await queue(app, phone, [{ lane: "reply", text: "phone" }]);
    await app.advance(19 * second, second);
    expect(texts(app.telegram)).toEqual(["ali"]);
    expect(texts(app.whatsapp)).toEqual(["phone"]);
    await app.advance(2 * second);
    expect([...texts(app.telegram)].sort()).toEqual(["ali", "ali", "sara"]);
  });

  it("is dropped when its time is over, with the reason", async () => {
    const ali = await someone("ali");
    app.telegram.behave = () => later("contact", minute);
    const [id] = await queue(app, ali, [
      { lane: "reply", text: "late", notAfter: app.parts.clock.now() + 30 * second },
    ]);
    await app.advance(2 * minute, 10 * second);
    expect(app.telegram.calls).toHaveLength(1);
    expect(app.parts.outbox.backlog).toBe(0);
    expect(await outboxRow(id)).toMatchObject({ state: 5, reason: "expired" });
  });
});

describe("a message whose answer was lost", () => {
  it.each([
    { lane: "reply" as const, sends: 3, why: "an answer is sent until it is certain" },
    { lane: "nudge" as const, sends: 2, why: "a nudge is sent once more" },
    { lane: "bulk" as const, sends: 1, why: "a broadcast is never sent again" },
  ])("in the lane $lane: $why", async ({ lane, sends }) => {
    const ali = await someone("ali");
    app.telegram.behave = (_, attempt) => (attempt < 3 ? unknown : sent());
    await queue(app, ali, [{ lane, text: "?" }]);
    await app.advance(minute, second);
    expect(app.telegram.calls).toHaveLength(sends);
  });

  it("is not sent again once the platform has reported it", async () => {
    const phone = await meet(app, "+1555", { channel: "whatsapp" });
    app.whatsapp.calls.splice(0);
    app.whatsapp.behave = () => unknown;
    const [id] = await queue(app, phone, [{ lane: "reply", text: "?" }]);
    await app.quiet();
    await app.receive({
      channel: "whatsapp",
      providerId: "SM1",
      outbox: id,
      status: "sent",
      failure: undefined,
    });
    await app.advance(5 * minute, 10 * second);
    expect(app.whatsapp.calls).toHaveLength(1);
    expect(await outboxRow(id)).toMatchObject({ state: 3 });
  });

  it("is not sent again when that report comes while it is being tried again", async () => {
    const phone = await meet(app, "+1555", { channel: "whatsapp" });
    app.whatsapp.calls.splice(0);
    app.whatsapp.behave = () => unknown;
    const [id] = await queue(app, phone, [{ lane: "reply", text: "?" }]);
    await app.quiet();
    const gate = app.whatsapp.gate();
    await app.advance(90 * second, second);
    expect(app.whatsapp.calls).toHaveLength(2);
    await app.receive({
      channel: "whatsapp",
      providerId: "SM1",
      outbox: id,
      status: "sent",
      failure: undefined,
    });
    gate.letAll();
    await app.advance(10 * minute, 10 * second);
    expect(app.whatsapp.calls).toHaveLength(2);
  });

  it("lets the answers to the person pass while it waits, if it is a nudge", async () => {
    const phone = await meet(app, "+1555", { channel: "whatsapp" });
    app.whatsapp.calls.splice(0);
    app.whatsapp.behave = (outgoing) => (outgoing.lane === "nudge" ? unknown : sent());
    await queue(app, phone, [{ lane: "nudge", text: "nudge" }]);
    await app.quiet();
    await queue(app, phone, [{ lane: "reply", text: "reply" }]);
    await app.advance(2 * second);
    expect(texts(app.whatsapp)).toEqual(["nudge", "reply"]);
  });

  it("keeps nothing else from leaving when it is reported while it stands in line", async () => {
    await app.end();
    stillTime();
    app = await openApp({ inFlight: 1 });
    const phone = await meet(app, "+1555", { channel: "whatsapp" });
    const sara = await someone("sara");
    app.whatsapp.calls.splice(0);
    app.whatsapp.behave = (outgoing) => (textOf(outgoing) === "?" ? unknown : sent());
    const [id] = await queue(app, phone, [
      { lane: "reply", text: "?" },
      { lane: "nudge", text: "nudge" },
    ]);
    await app.quiet();
    const gate = app.telegram.gate();
    await queue(app, sara, [{ lane: "reply", text: "takes the only place" }]);
    await app.advance(2 * minute, 10 * second);
    await app.receive({
      channel: "whatsapp",
      providerId: "SM1",
      outbox: id,
      status: "sent",
      failure: undefined,
    });
    gate.letAll();
    await app.advance(10 * second);
    expect(texts(app.whatsapp)).toEqual(["?", "nudge"]);
  });
});

describe("a person whom the platform can't reach any more", () => {
  it("is blocked, and what else is queued for them is not tried", async () => {
    const ali = await someone("ali");
    app.telegram.behave = () => ({ kind: "contact-stopped", reason: "403" });
    await queue(app, ali, [
      { lane: "reply", text: "1" },
      { lane: "reply", text: "2" },
      { lane: "nudge", text: "3" },
    ]);
    await app.advance(5 * second);
    expect(texts(app.telegram)).toEqual(["1"]);
    expect((await app.store.contact(ali))?.state).toBe("blocked");
    expect(await app.store.backlog()).toEqual({ reply: 0, nudge: 0, bulk: 0 });
    expect(app.parts.outbox.backlog).toBe(0);
  });

  it("is blocked just so where the platform tells it only afterwards", async () => {
    const phone = await meet(app, "+1555", { channel: "whatsapp" });
    app.whatsapp.calls.splice(0);
    app.whatsapp.behave = () => ({ kind: "retry-later", afterMs: minute, reason: "63018", scope: "contact" });
    const [id] = await queue(app, phone, [
      { lane: "reply", text: "1" },
      { lane: "nudge", text: "2" },
    ]);
    await app.quiet();
    await app.receive({
      channel: "whatsapp",
      providerId: "SM1",
      outbox: id,
      status: "failed",
      failure: { kind: "contact-stopped", reason: "twilio-63014" },
    });
    app.whatsapp.behave = () => sent();
    await app.advance(2 * minute, 10 * second);
    expect(texts(app.whatsapp)).toEqual(["1"]);
    expect((await app.store.contact(phone))?.state).toBe("blocked");
  });

  it("gets answers again once they write", async () => {
    const ali = await someone("ali");
    app.telegram.behave = () => ({ kind: "contact-stopped", reason: "403" });
    await queue(app, ali, [{ lane: "reply", text: "1" }]);
    await app.quiet();
    app.telegram.behave = () => sent();
    app.telegram.calls.splice(0);
    await app.receive(inbound("ali", written("menu")));
    await app.quiet();
    expect(app.telegram.calls).toHaveLength(1);
    expect((await app.store.contact(ali))?.state).toBe("active");
  });

  it("stays stopped, if they had stopped before", async () => {
    const ali = await someone("ali");
    await app.receive(inbound("ali", written("stop")));
    await app.receive(inbound("ali", { kind: "blocked" }, { opensWindow: false }));
    await app.receive(inbound("ali", { kind: "unblocked" }, { opensWindow: false }));
    expect((await app.store.contact(ali))?.state).toBe("stopped");
    await app.receive(inbound("ali", { kind: "blocked" }, { opensWindow: false }));
    await app.receive(inbound("ali", written("hello")));
    expect((await app.store.contact(ali))?.state).toBe("stopped");
  });
});

describe("a message kept back until the person writes", () => {
  it.each([
    { outcome: { kind: "announced", providerId: "T1" } as const },
    { outcome: { kind: "window-closed", reason: "63016" } as const },
  ])("goes with their next message after $outcome.kind", async ({ outcome }) => {
    const ali = await someone("ali");
    app.parts.outbox.start();
    app.telegram.behave = (outgoing) => (textOf(outgoing) === "news" ? outcome : sent());
    await queue(app, ali, [{ lane: "bulk", text: "news" }]);
    await app.advance(minute, 10 * second);
    expect(texts(app.telegram)).toEqual(["news"]);
    app.telegram.behave = () => sent();
    await app.receive(inbound("ali", written("menu")));
    await app.advance(2 * second);
    expect(texts(app.telegram).filter((text) => text === "news")).toHaveLength(2);
  });
});

/** A row of the outbox as it stands in the database. */
async function outboxRow(id: number | undefined): Promise<Record<string, unknown> | undefined> {
  const { DatabaseSync } = await import("node:sqlite");
  const db = new DatabaseSync(`${app.dataDir}/parwana.db`, { readOnly: true });
  try {
    return db.prepare("SELECT state, reason FROM outbox WHERE id = ?").get(id ?? -1);
  } finally {
    db.close();
  }
}
