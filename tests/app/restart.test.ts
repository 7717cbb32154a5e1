import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Problem } from "../../src/app/errors.ts";
import { bodyOf } from "../../src/app/outbox-body.ts";
import type { Store } from "../../src/app/ports-store.ts";
import { emptyChanges } from "../../src/app/turn-changes.ts";
import type { Say } from "../../src/core/nouns/say.ts";
import { day, minute, second } from "../../src/core/nouns/time.ts";
import { type App, inbound, meet, noon, openApp, queue, shipped, stillTime, written } from "./app-world.ts";
import { sent, textOf } from "./fake-channel.ts";

let app: App | undefined;
beforeEach(() => stillTime());
afterEach(async () => {
  await app?.end();
  app = undefined;
});

const texts = ({ telegram }: App): readonly string[] =>
  telegram.calls.map(({ outgoing }) => textOf(outgoing));

/** A store some of whose work fails as long as the test says so. */
function brittle() {
  const failing = new Set<"settle" | "contact" | "claim">();
  const full = (): never => {
    throw new Problem("store-unavailable", "the disk is full");
  };
  const around = (store: Store): Store => ({
    ...store,
    settle: async (settled) => (failing.has("settle") ? full() : store.settle(settled)),
    contact: async (id) => (failing.has("contact") ? full() : store.contact(id)),
    claim: async (...args) => (failing.has("claim") ? full() : store.claim(...args)),
  });
  return { failing, around };
}

describe("after a restart", () => {
  it("everything queued leaves once, in order per lane", async () => {
    app = await openApp();
    const [ali, sara] = [await meet(app, "ali"), await meet(app, "sara")];
    app.telegram.calls.splice(0);
    const three = ["1", "2", "3"].map((text) => ({ lane: "reply" as const, text }));
    await queue(app, ali, [...three, { lane: "nudge", text: "nudge" }], { offered: false });
    await queue(app, sara, three, { offered: false });
    await app.restart();
    app.parts.outbox.start();
    await app.advance(10 * second);
    const to = (id: number) =>
      app?.telegram.calls
        .filter(({ outgoing }) => outgoing.contact === id)
        .map(({ outgoing }) => textOf(outgoing));
    expect(to(ali)).toEqual(["1", "2", "3", "nudge"]);
    expect(to(sara)).toEqual(["1", "2", "3"]);
    await app.restart();
    app.parts.outbox.start();
    await app.advance(10 * second);
    expect(app.telegram.calls).toHaveLength(7);
  });

  it("an answer to what the person writes now does not overtake what was queued before", async () => {
    app = await openApp();
    const ali = await meet(app, "ali");
    app.telegram.calls.splice(0);
    const three = ["1", "2", "3"].map((text) => ({ lane: "reply" as const, text }));
    await queue(app, ali, three, { offered: false });
    await app.restart();
    const gate = app.telegram.gate();
    app.parts.outbox.start();
    await app.quiet();
    await app.receive(inbound("ali", written("menu")));
    gate.letAll();
    await app.advance(5 * second);
    expect(texts(app)).toHaveLength(4);
    expect(texts(app).slice(0, 3)).toEqual(["1", "2", "3"]);
    // Later ones come straight from memory again.
    await app.receive(inbound("ali", written("menu")));
    expect(texts(app)).toHaveLength(5);
  });

  it("a message whose facts have aged is worded again; one whose facts have not is left as it is", async () => {
    app = await openApp();
    const { program } = shipped;
    const aging = ageing();
    const ali = await meet(app, "ali");
    app.telegram.calls.splice(0);
    const say: Say = {
      parts: [{ style: "text", words: { key: aging.key } }],
      buttons: [],
      nav: [],
      lane: "reply",
    };
    const { parts } = app;
    const body = bodyOf(parts.content.current, say, "en", parts.clock.now());
    expect(body.again).toBeDefined();
    const id = parts.store.nextId();
    await parts.store.turn({
      who: { kind: "contact", id: ali },
      inbox: undefined,
      fire: undefined,
      now: parts.clock.now(),
      decide: (row) => {
        if (row === undefined) throw new Error("nobody");
        const { key } = parts.people.open(row);
        const now = parts.clock.now();
        const place = { table: "outbox", column: "body", row: id };
        return {
          ...emptyChanges(false),
          outbox: [
            {
              id,
              contact: ali,
              channel: "telegram",
              lane: "reply",
              language: "en",
              notBefore: now,
              notAfter: now + 3000 * day,
              body: parts.vault.seal(key, place, JSON.stringify(body)),
            },
          ],
        };
      },
      keep: () => {
        throw new Error("nothing should be kept");
      },
    });
    expect(program.facts.size).toBeGreaterThan(0);
    await app.advance(2000 * day, 2000 * day);
    await app.restart();
    app.parts.outbox.start();
    await app.advance(2 * second);
    expect(texts(app)).toHaveLength(1);
    expect(texts(app)[0]).not.toBe(body.message.parts[0]?.text);
  });
});

/** A sentence of the shipped content that states a fact which has to be looked at again some day. */
function ageing(): { readonly key: string } {
  for (const entry of shipped.program.faq.entries.values()) {
    for (const key of [
      `${entry.key}.answer`,
      `${entry.key}.short`,
      `${entry.key}.more`,
      `${entry.key}.text`,
    ]) {
      if (shipped.translator.factsIn(key).length === 0) continue;
      const say: Say = { parts: [{ style: "text", words: { key } }], buttons: [], nav: [], lane: "reply" };
      if (bodyOf(shipped, say, "en", noon).again !== undefined) return { key };
    }
  }
  throw new Error("no sentence states a fact that ages");
}

describe("while the store can't be written to", () => {
  it("what was sent is not sent again, and is marked once it can be", async () => {
    const { failing, around } = brittle();
    app = await openApp({ around });
    const ali = await meet(app, "ali");
    app.telegram.calls.splice(0);
    app.parts.outbox.start();
    failing.add("settle");
    await queue(app, ali, [{ lane: "reply", text: "1" }]);
    await app.advance(10 * second);
    expect(texts(app)).toEqual(["1"]);
    failing.clear();
    await app.advance(2 * second);
    expect(await app.store.backlog()).toEqual({ reply: 0, nudge: 0, bulk: 0 });
    await app.restart();
    app.parts.outbox.start();
    await app.advance(2 * second);
    expect(texts(app)).toEqual(["1"]);
  });

  it("no more leaves than may be in flight: a crash now would send all of it again", async () => {
    const { failing, around } = brittle();
    app = await openApp({ around, inFlight: 2 });
    const people = await Promise.all(["a", "b", "c"].map((address) => meet(app as App, address)));
    app.telegram.calls.splice(0);
    app.parts.outbox.start();
    await app.quiet();
    failing.add("settle");
    for (const id of people) await queue(app, id, [{ lane: "reply", text: `to ${id}` }]);
    await app.advance(10 * second);
    expect(texts(app)).toHaveLength(2);
    failing.clear();
    await app.advance(2 * second);
    expect(texts(app)).toHaveLength(3);
  });

  it("one mark that never can be written holds up nothing else", async () => {
    let refusing = false;
    let refused: number | undefined;
    const around = (store: Store): Store => ({
      ...store,
      settle: async (settled) => {
        if (refusing) refused ??= settled[0]?.id;
        if (settled.some(({ id }) => id === refused)) throw new Error("this one can't be written");
        return store.settle(settled);
      },
    });
    app = await openApp({ around });
    const [ali, sara] = [await meet(app, "ali"), await meet(app, "sara")];
    app.telegram.calls.splice(0);
    app.parts.outbox.start();
    await app.quiet();
    refusing = true;
    await queue(app, ali, [{ lane: "reply", text: "1" }]);
    await app.quiet();
    await queue(app, sara, [{ lane: "nudge", text: "2" }], { offered: false });
    app.parts.outbox.wake();
    await app.advance(10 * second);
    expect(texts(app).toSorted()).toEqual(["1", "2"]);
  });

  it("what could not be looked at keeps its place in line, and leaves later", async () => {
    const { failing, around } = brittle();
    app = await openApp({ around, inFlight: 2 });
    const people = await Promise.all(["a", "b", "c"].map((address) => meet(app as App, address)));
    app.telegram.calls.splice(0);
    failing.add("contact");
    for (const id of people) await queue(app, id, [{ lane: "nudge", text: `to ${id}` }]);
    await app.advance(3 * second);
    expect(texts(app)).toEqual([]);
    failing.clear();
    await app.advance(minute, second);
    expect(texts(app)).toHaveLength(3);
  });

  it("reading the queue is tried again", async () => {
    const { failing, around } = brittle();
    app = await openApp({ around });
    const ali = await meet(app, "ali");
    app.telegram.calls.splice(0);
    await queue(app, ali, [{ lane: "reply", text: "1" }], { offered: false });
    failing.add("claim");
    app.parts.outbox.start();
    await app.advance(3 * second);
    failing.clear();
    await app.advance(2 * second);
    expect(texts(app)).toEqual(["1"]);
  });

  it("the outbox can still be stopped", async () => {
    const { failing, around } = brittle();
    app = await openApp({ around });
    const ali = await meet(app, "ali");
    app.telegram.behave = () => ({ kind: "contact-stopped", reason: "403" });
    failing.add("settle").add("contact");
    const gate = app.telegram.gate();
    await queue(app, ali, [{ lane: "reply", text: "1" }]);
    const ended = Promise.all([app.parts.outbox.stop(), app.parts.outbox.stop()]);
    gate.letAll();
    await ended;
    failing.clear();
  });
});

describe("stopping the outbox", () => {
  it("waits for what is under way to be written, and begins nothing more", async () => {
    app = await openApp({ inFlight: 1 });
    const ali = await meet(app, "ali");
    app.telegram.calls.splice(0);
    const gate = app.telegram.gate();
    await queue(app, ali, [
      { lane: "reply", text: "1" },
      { lane: "reply", text: "2" },
    ]);
    let ended = false;
    const stopping = app.parts.outbox.stop().then(() => {
      ended = true;
    });
    await app.quiet();
    expect(ended).toBe(false);
    gate.letAll();
    await stopping;
    expect(texts(app)).toEqual(["1"]);
    expect(await app.store.backlog()).toEqual({ reply: 1, nudge: 0, bulk: 0 });
  });
});

describe("a message that can't be opened", () => {
  it("is given up with a reason, and the others of its batch leave", async () => {
    app = await openApp();
    const [ali, sara] = [await meet(app, "ali"), await meet(app, "sara")];
    app.telegram.calls.splice(0);
    await queue(app, ali, [{ lane: "reply", text: "lost" }], { offered: false });
    await queue(app, sara, [{ lane: "reply", text: "2" }], { offered: false });
    const { DatabaseSync } = await import("node:sqlite");
    await app.parts.outbox.stop();
    await app.store.close();
    const db = new DatabaseSync(`${app.dataDir}/parwana.db`);
    db.prepare("UPDATE outbox SET body = zeroblob(40) WHERE contact_id = ? AND state = 0").run(ali);
    db.close();
    await app.restart();
    app.telegram.behave = () => sent();
    app.parts.outbox.start();
    await app.advance(2 * second);
    expect(texts(app)).toEqual(["2"]);
    expect(await app.store.backlog()).toEqual({ reply: 0, nudge: 0, bulk: 0 });
    expect(app.log.notes.map(({ event }) => event)).toContain("a queued message can't be opened");
  });
});
