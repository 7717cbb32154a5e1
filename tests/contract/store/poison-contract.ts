import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TurnRequest, TurnResult } from "../../../src/app/ports-store.ts";
import { minute, second } from "../../../src/core/nouns/time.ts";
import { bytes, change, meet, newContact, nothing, text, turnOf } from "./store-data.ts";
import { type Bench, noon, openBench, type StoreEngine } from "./store-engine.ts";

const broken = (): never => {
  throw new TypeError("what a person wrote must not come out of here");
};

/** When the tries after the first are due, ms after the one before. */
const pauses = [second, 5 * second, 30 * second, 80 * second];

export function poisonContract(engine: StoreEngine): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench(engine);
  });
  afterEach(() => bench.end());

  const inbox = { channel: "whatsapp", externalId: "poison" } as const;

  /** A delivery whose handling throws; its sealed input names the row it was sealed for. */
  function poison(contact: number, fields: Partial<TurnRequest> = {}): TurnRequest {
    return turnOf("chat 1", broken, {
      inbox,
      keep: () => ({ changes: nothing, contact, input: (inboxId) => bytes(`input of ${inboxId}`) }),
      ...fields,
    });
  }

  const retry = (contact: number, now: number): TurnRequest =>
    poison(contact, { now, inbox: { ...inbox, retry: true }, who: { kind: "contact", id: contact } });

  /** Throws as often as it is allowed to; gives the last result and the time of the last try. */
  async function exhaust(contact: number): Promise<{ readonly result: TurnResult; readonly now: number }> {
    let now = noon;
    let result = await bench.store.turn(poison(contact));
    for (const pause of pauses) {
      now += pause;
      result = await bench.store.turn(retry(contact, now));
    }
    return { result, now };
  }

  describe("an input whose handling throws", () => {
    it("is kept sealed, with whoever it is from, and the delivery is over", async () => {
      const { store } = bench;
      const id = store.nextId();
      const contact = newContact(id);
      const request = turnOf("chat 1", broken, {
        inbox,
        keep: (found) => {
          expect(found).toBeUndefined();
          return {
            changes: { ...nothing, contact, blinds: [bytes("chat 1")] },
            contact: id,
            input: (inboxId) => bytes(`input of ${inboxId}`),
          };
        },
      });
      expect(await store.turn(request)).toEqual({ kind: "kept", attempts: 1 });
      expect(await store.turn(request)).toEqual({ kind: "duplicate" });
      expect(await store.contact(id)).toEqual({ ...contact, version: 1 });
      expect(await store.keptInputs(noon + second - 1, 10)).toEqual([]);
      const [kept] = await store.keptInputs(noon + second, 10);
      expect(kept).toMatchObject({ ...inbox, contact: id, attempts: 1 });
      expect(text(kept?.input)).toBe(`input of ${kept?.id}`);
    });

    it("leaves 999 others alone who write at the same moment, again and again", async () => {
      const { store } = bench;
      const names = Array.from({ length: 999 }, (_, other) => `other ${other}`);
      const others = await Promise.all(names.map((name) => meet(store, name)));
      const id = await meet(store, "chat 1");
      const seen: string[] = [];
      let now = noon;
      for (const pause of [0, ...pauses]) {
        now += pause;
        const tried = store.turn(pause === 0 ? poison(id) : retry(id, now));
        const rest = await Promise.all(
          others.map((other) => change(store, other, { counts: [`at ${now}`] })),
        );
        seen.push((await tried).kind, ...new Set(rest.map(({ kind }) => kind)));
      }
      expect(seen).toEqual(pauses.flatMap(() => ["kept", "done"]).concat("set-aside", "done"));
      expect(now - noon).toBeLessThanOrEqual(2 * minute);
      expect(await store.desk.counts()).toMatchObject({ [`at ${noon}`]: 999, [`at ${now}`]: 999 });
    });

    it("leaves no trace of the attempt, and the others of the same moment are written", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      const results = await Promise.all([
        change(store, id, { counts: ["before"] }),
        store.turn(poison(id)),
        change(store, id, { counts: ["after"] }),
      ]);
      expect(results.map(({ kind }) => kind)).toEqual(["done", "kept", "done"]);
      expect(await store.desk.counts()).toEqual({ after: 1, before: 1 });
    });

    it("is tried again after 1 s, 5 s, 30 s and 2 min, then set aside and counted", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      expect((await store.turn(poison(id))).kind).toBe("kept");
      let now = noon;
      for (const [index, pause] of pauses.entries()) {
        expect(await store.keptInputs(now + pause - 1, 10)).toEqual([]);
        now += pause;
        const [kept] = await store.keptInputs(now, 10);
        expect(kept?.attempts).toBe(index + 1);
        const last = index === pauses.length - 1;
        const expected = last ? { kind: "set-aside" } : { kind: "kept", attempts: index + 2 };
        expect(await store.turn(retry(id, now))).toEqual(expected);
      }
      expect(await store.keptInputs(now + 3_600_000, 10)).toEqual([]);
      const [aside, ...more] = await store.setAside();
      expect(more).toEqual([]);
      expect(aside).toMatchObject({ channel: "whatsapp", at: noon, attempts: 5 });
      expect(JSON.stringify(aside)).not.toContain("what a person wrote");
      expect(await store.desk.counts()).toEqual({ "set-aside": 1 });
      expect(await store.turn(poison(id))).toEqual({ kind: "duplicate" });
      expect(await store.turn(retry(id, now))).toEqual({ kind: "duplicate" });
    });

    it("is over once a retry has worked", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      await store.turn(poison(id));
      await bench.reopen();
      const cured = { ...retry(id, noon + second), decide: () => ({ ...nothing, counts: ["cured"] }) };
      expect((await bench.store.turn(cured)).kind).toBe("done");
      expect(await bench.store.turn(cured)).toEqual({ kind: "duplicate" });
      expect(await bench.store.keptInputs(noon + 3_600_000, 10)).toEqual([]);
      expect(await bench.store.desk.counts()).toEqual({ cured: 1 });
    });

    it("is not handled by a retry of something that was never kept", async () => {
      expect(await bench.store.turn(retry(1, noon))).toEqual({ kind: "duplicate" });
    });

    it("throws to the caller where there is nothing to try again by", async () => {
      const id = await meet(bench.store, "chat 1");
      await expect(bench.store.turn(poison(id, { inbox: undefined }))).rejects.toBeInstanceOf(TypeError);
    });

    it("goes with its person, and stays a duplicate", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      await store.turn(poison(id));
      await change(store, id, { forget: { tombstone: bytes("tombstone") } });
      expect(await store.keptInputs(noon + 3_600_000, 10)).toEqual([]);
      expect(await store.turn(poison(id))).toEqual({ kind: "duplicate" });
      expect(await store.turn(retry(id, noon + second))).toEqual({ kind: "duplicate" });
    });
  });

  describe("an input that was set aside", () => {
    const again = (contact: number, now: number, fields: Partial<TurnRequest> = {}): TurnRequest => ({
      ...retry(contact, now),
      inbox: { ...inbox, retry: true, counted: true },
      ...fields,
    });
    const cured = { decide: () => ({ ...nothing, counts: ["cured"] }) };

    /** Sets an input aside and takes it back; gives its number, and when that was. */
    async function takenBack(contact: number): Promise<{ readonly id: number; readonly now: number }> {
      const { now } = await exhaust(contact);
      const [aside] = await bench.store.setAside();
      const id = aside?.id ?? expect.fail("nothing was set aside");
      expect(aside).toMatchObject({ contact, at: noon });
      const kept = await bench.store.takeBack(id, now);
      expect(kept).toMatchObject({ ...inbox, id, contact });
      expect(text(kept?.input)).toBe(`input of ${id}`);
      return { id, now };
    }

    it("can be taken back once, handled, and is then over", async () => {
      const contact = await meet(bench.store, "chat 1");
      const { id, now } = await takenBack(contact);
      const { store } = bench;
      expect(await store.setAside()).toEqual([]);
      expect(await store.takeBack(id, now)).toBeUndefined();
      expect((await store.turn(again(contact, now, cured))).kind).toBe("done");
      expect((await store.turn(again(contact, now, cured))).kind).toBe("duplicate");
      expect((await store.turn(poison(contact))).kind).toBe("duplicate");
      expect(await store.takeBack(id, now)).toBeUndefined();
      expect(await store.desk.counts()).toEqual({ "set-aside": 1, cured: 1 });
    });

    it("is set aside again at once when that attempt fails too", async () => {
      const contact = await meet(bench.store, "chat 1");
      const { id, now } = await takenBack(contact);
      expect(await bench.store.turn(again(contact, now))).toEqual({ kind: "set-aside" });
      expect(await bench.store.setAside()).toMatchObject([{ id, at: noon, attempts: 5 }]);
      expect((await bench.store.takeBack(id, now))?.id).toBe(id);
    });

    it("is set aside again when whoever took it back did not live to handle it", async () => {
      const contact = await meet(bench.store, "chat 1");
      const { id, now } = await takenBack(contact);
      await bench.crash();
      const { store } = bench;
      expect(await store.keptInputs(now + minute, 10)).toEqual([]);
      const due = now + 2 * minute;
      expect(await store.keptInputs(due, 10)).toMatchObject([{ id }]);
      expect(await store.turn({ ...retry(contact, due), ...cured })).toEqual({ kind: "set-aside" });
      expect(await store.setAside()).toMatchObject([{ id, reason: "it ended the process" }]);
    });

    it("counts its attempt once, also while attempts are written first", async () => {
      const contact = await meet(bench.store, "chat 1");
      await exhaust(contact);
      await bench.crash();
      const { store } = bench;
      const [aside] = await store.setAside();
      await store.takeBack(aside?.id ?? 0, noon);
      expect((await store.turn(again(contact, noon, cured))).kind).toBe("done");
    });

    it("can't be taken back where there is none", async () => {
      expect(await bench.store.takeBack(1, noon)).toBeUndefined();
    });
  });

  describe("a scheduled moment whose handling throws", () => {
    it("is tried again with the same pauses, then set aside with its sealed input", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1", {}, { schedule: [{ ref: "wait", at: noon }] });
      const fire = { ref: "wait", at: noon };
      const who = { kind: "contact", id } as const;
      let now = noon;
      for (const [index, pause] of pauses.entries()) {
        const result = await store.turn(poison(id, { inbox: undefined, fire, who, now }));
        expect(result).toEqual({ kind: "kept", attempts: index + 1 });
        expect(await store.dueFires(now + pause - 1, 10)).toEqual([]);
        now += pause;
        expect(await store.dueFires(now, 10)).toEqual([{ contact: id, ...fire }]);
      }
      expect(await store.turn(poison(id, { inbox: undefined, fire, who, now }))).toEqual({
        kind: "set-aside",
      });
      expect(await store.nextFireAt()).toBeUndefined();
      expect(await store.setAside()).toHaveLength(1);
    });
  });

  describe("after an unclean end", () => {
    it("an input that ended the process is tried five times, then set aside", async () => {
      const id = await meet(bench.store, "chat 1");
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        await bench.crash();
        // The process ends inside the attempt, before the store can write what came of it.
        const { store } = bench;
        const ended = new Promise<void>((resolve) => {
          const request = poison(id, {
            decide: () => {
              resolve();
              return broken();
            },
            keep: () => {
              throw new Error("the process has ended");
            },
          });
          store.turn(request).catch(() => undefined);
        });
        await ended;
      }
      await bench.crash();
      expect(await bench.store.turn(poison(id))).toEqual({ kind: "set-aside" });
      expect(await bench.store.setAside()).toMatchObject([{ attempts: 5 }]);
    });

    it("everything else works as ever", async () => {
      await bench.crash();
      const id = await meet(bench.store, "chat 1");
      expect((await bench.store.contact(id))?.version).toBe(1);
      const { result, now } = await exhaust(id);
      expect(result).toEqual({ kind: "set-aside" });
      expect(now).toBeGreaterThan(noon);
    });
  });
}
