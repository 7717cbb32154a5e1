import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Problem } from "../../src/app/errors.ts";
import { fireDue, retryKept } from "../../src/app/fire-due.ts";
import type { PersonKey, Place, Vault } from "../../src/app/ports.ts";
import type { Store } from "../../src/app/ports-store.ts";
import { day, minute, second } from "../../src/core/nouns/time.ts";
import { type App, contactAt, inbound, meet, openApp, stillTime, written } from "./app-world.ts";
import { breakableContent } from "./breakable-content.ts";

let app: App | undefined;
beforeEach(() => stillTime());
afterEach(async () => {
  await app?.end();
  app = undefined;
});

/** A store some of whose turns the test holds back or refuses. */
function gatedTurns() {
  let refuse = false;
  let held: (() => void)[] | undefined;
  return {
    refuse: (on: boolean) => {
      refuse = on;
    },
    /** From now on turns wait after their commit; the function given back lets them come out. */
    hold: () => {
      held = [];
      return () => {
        const waiting = held ?? [];
        held = undefined;
        for (const go of waiting) go();
      };
    },
    around: (store: Store): Store => ({
      ...store,
      turn: async (request) => {
        if (refuse) {
          // As when the disk is full: everything was decided, and nothing of it is written.
          request.decide(undefined, () => false);
          throw new Problem("store-unavailable", "the disk is full");
        }
        const result = await store.turn(request);
        if (held !== undefined) await new Promise<void>((go) => held?.push(go));
        return result;
      },
    }),
  };
}

describe("an input", () => {
  it("is acknowledged, and answered, only after its turn is durable", async () => {
    const turns = gatedTurns();
    app = await openApp({ around: turns.around });
    const letGo = turns.hold();
    let receipt: string | undefined;
    const taken = app.receive(inbound("ali", { kind: "start", payload: "" })).then((one) => (receipt = one));
    for (let round = 0; round < 10; round++) await new Promise((resolve) => setImmediate(resolve));
    expect(receipt).toBeUndefined();
    expect(app.telegram.calls).toEqual([]);
    letGo();
    expect(await taken).toBe("done");
    expect(app.telegram.calls).toHaveLength(1);
  });

  it("that can't be made durable is refused for now, sends nothing, and is handled once when it comes again", async () => {
    const turns = gatedTurns();
    app = await openApp({ around: turns.around });
    await meet(app, "ali");
    app.telegram.calls.splice(0);
    turns.refuse(true);
    const input = inbound("ali", written("menu"));
    expect(await app.receive(input)).toBe("unavailable");
    expect(app.telegram.calls).toEqual([]);
    turns.refuse(false);
    expect(await app.receive(input)).toBe("done");
    expect(await app.receive(input)).toBe("done");
    await app.quiet();
    expect(app.telegram.calls).toHaveLength(1);
  });

  it("of the same delivery at the same moment is handled once", async () => {
    app = await openApp();
    await meet(app, "ali");
    app.telegram.calls.splice(0);
    const input = inbound("ali", written("menu"));
    const { receive, quiet } = app;
    expect(await Promise.all([1, 2, 3].map(() => receive(input)))).toEqual(["done", "done", "done"]);
    await quiet();
    expect(app.telegram.calls).toHaveLength(1);
  });

  it("of somebody new, twice at once, makes one contact", async () => {
    app = await openApp();
    const { receive } = app;
    await Promise.all(["a", "b", "c"].map((text) => receive(inbound("ali", written(text)))));
    expect(await contactAt(app, "ali")).toBeDefined();
    await app.quiet();
    expect(new Set(app.telegram.calls.map(({ outgoing }) => outgoing.contact)).size).toBe(1);
  });

  it("by any of a person's addresses finds them, and the newest address is the one answered to", async () => {
    app = await openApp();
    const ali = await meet(app, "phone", { channel: "whatsapp" });
    const fields = { channel: "whatsapp", addresses: ["scoped id", "phone"] } as const;
    await app.receive(inbound("", written("menu"), fields));
    await app.quiet();
    expect(await contactAt(app, "scoped id", "whatsapp")).toBe(ali);
    expect(app.whatsapp.calls.at(-1)?.outgoing.address).toBe("scoped id");
  });

  it("in a channel that is off is taken in all the same", async () => {
    app = await openApp();
    expect(await app.receive(inbound("p", written("hi"), { channel: "playground/telegram" }))).toBe("done");
  });
});

describe("several turns of one person in one commit", () => {
  it("see one another, in order, and the last one stands", async () => {
    app = await openApp();
    await meet(app, "ali");
    await app.receive(inbound("ali", written("1")));
    const { receive } = app;
    const turnBefore = await sessionTurn(app, "ali");
    await Promise.all(
      ["menu", "help", "questions", "menu"].map((text) => receive(inbound("ali", written(text)))),
    );
    expect(await sessionTurn(app, "ali")).toBe(turnBefore + 4);
    // What is in memory is what is stored.
    await app.restart();
    expect(await sessionTurn(app, "ali")).toBe(turnBefore + 4);
  });
});

/** How many turns the stored session counts. */
async function sessionTurn({ parts, store }: App, address: string): Promise<number> {
  if (app === undefined) return -1;
  const row = await store.contact((await contactAt(app, address)) ?? -1);
  return row === undefined ? -1 : parts.people.open(row).session.turn;
}

/** When an input that failed is tried again, after each try. */
const pauses = [second, 5 * second, 30 * second, 2 * minute];

/** A vault that can't open some of what it sealed. */
function withOpen(vault: Vault, damaged: (key: PersonKey, place: Place) => boolean): Vault {
  return {
    newPersonKey: (id) => vault.newPersonKey(id),
    openPersonKey: (id, wrapped) => vault.openPersonKey(id, wrapped),
    seal: (key, place, plain) => vault.seal(key, place, plain),
    blind: (channel, address) => vault.blind(channel, address),
    tombstone: (id) => vault.tombstone(id),
    open: (key, place, sealed) => {
      if (damaged(key, place)) throw new Error("damaged");
      return vault.open(key, place, sealed);
    },
  };
}

describe("an input whose handling throws", () => {
  it("is kept, acknowledged, and handled once mended", async () => {
    const { state, content } = breakableContent();
    app = await openApp({ content });
    await meet(app, "ali");
    app.telegram.calls.splice(0);
    state.broken = true;
    expect(await app.receive(inbound("ali", written("poison")))).toBe("done");
    await app.quiet();
    expect(app.telegram.calls).toEqual([]);
    state.broken = false;
    await app.advance(2 * second);
    expect(await retryKept(app.parts)).toBe(1);
    await app.quiet();
    expect(app.telegram.calls).toHaveLength(1);
    expect(await retryKept(app.parts)).toBe(0);
  });

  it("is set aside after five tries, is counted, and says nothing of what was written", async () => {
    const { state, content } = breakableContent();
    app = await openApp({ content });
    await meet(app, "ali");
    state.broken = true;
    await app.receive(inbound("ali", written("poison")));
    for (const pause of pauses) {
      await app.advance(pause, pause);
      expect(await retryKept(app.parts)).toBe(1);
    }
    await app.advance(day, day);
    expect(await retryKept(app.parts)).toBe(0);
    expect(await app.parts.store.setAside()).toMatchObject([{ channel: "telegram", attempts: 5 }]);
    expect(await app.parts.store.desk.counts()).toMatchObject({ "set-aside": 1 });
    expect(app.log.notes.map(({ level, event }) => `${level} ${event}`)).toContain(
      "error input set aside after failing too often",
    );
    expect(JSON.stringify(app.log.notes)).not.toContain("poison");
  });

  it("leaves others alone, and the same person's next words", async () => {
    const { state, content } = breakableContent();
    app = await openApp({ content });
    await meet(app, "ali");
    await meet(app, "sara");
    app.telegram.calls.splice(0);
    state.broken = true;
    const { receive, quiet } = app;
    const receipts = await Promise.all([
      receive(inbound("sara", written("menu"))),
      receive(inbound("ali", written("poison"))),
      receive(inbound("ali", written("menu"))),
      receive(inbound("new", written("poison"))),
      receive(inbound("newer", written("hello"))),
    ]);
    expect(receipts).toEqual(["done", "done", "done", "done", "done"]);
    await quiet();
    expect(app.telegram.calls.map(({ outgoing }) => outgoing.address).sort()).toEqual([
      "ali",
      "newer",
      "sara",
    ]);
  });

  it("from somebody new is kept under a key of theirs", async () => {
    const { state, content } = breakableContent();
    app = await openApp({ content });
    state.broken = true;
    await app.receive(inbound("ali", written("poison")));
    state.broken = false;
    await app.advance(2 * second);
    expect(await retryKept(app.parts)).toBe(1);
    await app.quiet();
    const addresses = app.telegram.calls.map(({ outgoing }) => outgoing.address);
    expect(new Set(addresses)).toEqual(new Set(["ali"]));
  });

  it("that can't be opened any more does not keep the others from being tried, and is set aside", async () => {
    const { state, content } = breakableContent();
    let unreadable = -1;
    app = await openApp({
      content,
      vaultAround: (vault) =>
        withOpen(vault, (key, place) => place.table === "inbox" && key.id === unreadable),
    });
    unreadable = await meet(app, "ali");
    await meet(app, "sara");
    app.telegram.calls.splice(0);
    state.broken = true;
    await app.receive(inbound("ali", written("poison")));
    await app.receive(inbound("sara", written("poison")));
    state.broken = false;
    for (const pause of pauses) {
      await app.advance(pause, pause);
      await retryKept(app.parts);
      await app.quiet();
    }
    expect(app.telegram.calls.map(({ outgoing }) => outgoing.address)).toEqual(["sara"]);
    expect(await app.parts.store.setAside()).toHaveLength(1);
  });
});

describe("a person whose session can't be opened", () => {
  it("keeps nobody else waiting: what they write is acknowledged, tried again, and set aside", async () => {
    let damaged = -1;
    app = await openApp({
      vaultAround: (vault) =>
        withOpen(vault, (key, place) => place.column === "session" && key.id === damaged),
    });
    damaged = await meet(app, "ali");
    await app.restart();
    expect(await app.receive(inbound("ali", written("menu")))).toBe("done");
    expect(await app.receive(inbound("sara", written("menu")))).toBe("done");
    for (const pause of pauses) {
      await app.advance(pause, pause);
      await retryKept(app.parts);
    }
    expect(await app.parts.store.setAside()).toHaveLength(1);
  });
});

describe("a moment that falls due", () => {
  /** Somebody with a wait scheduled, and that moment. */
  async function waiting(app: App) {
    const id = await meet(app, "ali");
    await app.receive(inbound("ali", written("menu")));
    await app.quiet();
    app.telegram.calls.splice(0);
    await app.advance(40 * day, 40 * day);
    return id;
  }

  it("is taken once, even when it is fired twice at the same time", async () => {
    app = await openApp();
    await waiting(app);
    const { parts } = app;
    expect(await parts.store.dueFires(parts.clock.now(), 10)).toHaveLength(1);
    await Promise.all([fireDue(parts), fireDue(parts)]);
    expect(await fireDue(parts)).toBe(0);
    expect(await parts.store.desk.counts()).toMatchObject({ "wait-over": 1 });
  });

  it("is nothing any more once the person has stopped or is gone", async () => {
    app = await openApp();
    await waiting(app);
    await app.receive(inbound("ali", written("stop")));
    expect(await fireDue(app.parts)).toBe(0);
    expect(await app.parts.store.desk.counts()).not.toHaveProperty("wait-over");
  });

  it("forgets, and says nothing, where the person said stop and wrote again afterwards", async () => {
    app = await openApp();
    const ali = await meet(app, "ali");
    for (const text of ["English", "stop", "screening", "1"])
      await app.receive(inbound("ali", written(text)));
    await app.quiet();
    const answers = async () => {
      const row = await app?.parts.store.contact(ali);
      return row === undefined ? undefined : app?.parts.people.look(row)?.answers.length;
    };
    expect(await answers()).toBeGreaterThan(0);
    app.telegram.calls.splice(0);
    await app.advance(40 * day, 40 * day);
    expect(await fireDue(app.parts)).toBe(1);
    await app.quiet();
    expect(await answers()).toBe(0);
    expect(app.telegram.calls).toEqual([]);
  });

  it("is moved when the person writes in the meantime: the stale one is not taken", async () => {
    app = await openApp();
    const ali = await waiting(app);
    const { parts } = app;
    const [due] = await parts.store.dueFires(parts.clock.now(), 10);
    await app.receive(inbound("ali", written("reminders")));
    const result = await parts.store.turn({
      who: { kind: "contact", id: ali },
      inbox: undefined,
      fire: { ref: due?.ref ?? "", at: due?.at ?? 0 },
      now: parts.clock.now(),
      decide: () => {
        throw new Error("a stale moment was taken");
      },
      keep: () => {
        throw new Error("nothing should be kept");
      },
    });
    expect(result.kind).toBe("duplicate");
  });
});
