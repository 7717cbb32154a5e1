import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Changes } from "../../../src/app/ports-store.ts";
import { bytes, change, claimedIds, meet, newContact, nothing, row, text, turnOf } from "./store-data.ts";
import { type Bench, noon, openBench, type StoreEngine } from "./store-engine.ts";

export function turnContract(engine: StoreEngine): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench(engine);
  });
  afterEach(() => bench.end());

  describe("a turn", () => {
    it("writes a new contact, which its look-ups find", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1", { openKeyboard: "77", lastInbound: undefined });
      const found: unknown[] = [];
      await store.turn(
        turnOf("chat 1", (contact) => {
          found.push(contact);
          return undefined;
        }),
      );
      const stored = newContact(id, { version: 1, openKeyboard: "77", lastInbound: undefined });
      expect(found).toEqual([stored]);
      expect(await store.contact(id)).toEqual(stored);
    });

    it("leads through all contacts by their ids, so many at a time", async () => {
      const { store } = bench;
      const ids: number[] = [];
      for (const chat of ["chat 1", "chat 2", "chat 3"]) ids.push(await meet(store, chat));
      const first = await store.contactsAfter(0, 2);
      expect(first).toEqual([await store.contact(ids[0] ?? 0), await store.contact(ids[1] ?? 0)]);
      expect((await store.contactsAfter(ids[1] ?? 0, 2)).map(({ id }) => id)).toEqual(ids.slice(2));
      expect(await store.contactsAfter(ids[2] ?? 0, 2)).toEqual([]);
    });

    it("raises the version with each writing", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      const read = await store.contact(id);
      if (read === undefined) throw new Error("the contact was not stored");
      await change(store, id, { contact: { ...read, session: bytes("session 1"), state: "stopped" } });
      const again = await store.contact(id);
      expect(again).toMatchObject({ version: 2, state: "stopped" });
      expect(text(again?.session)).toBe("session 1");
    });

    it("refuses a contact that was read before its last change, and writes nothing of that turn", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      const read = await store.contact(id);
      if (read === undefined) throw new Error("the contact was not stored");
      await change(store, id, { contact: read });
      await expect(
        change(store, id, { contact: read, outbox: [row(store, id)], counts: ["late"] }),
      ).rejects.toMatchObject({ code: "busy" });
      expect(await claimedIds(store)).toEqual([]);
      expect(await store.desk.counts()).toEqual({});
    });

    it("finds a contact by any of its addresses, and moves a look-up to who has it last", async () => {
      const { store } = bench;
      const first = await meet(store, "phone");
      const second = await meet(store, "user id");
      const whom = async (...blinds: string[]): Promise<number | undefined> => {
        let id: number | undefined;
        const who = { kind: "address", blinds: blinds.map(bytes) } as const;
        await store.turn(
          turnOf(
            "",
            (contact) => {
              id = contact?.id;
              return undefined;
            },
            { who },
          ),
        );
        return id;
      };
      expect(await whom("unknown", "phone")).toBe(first);
      const read = await store.contact(second);
      await change(store, second, { contact: read, blinds: [bytes("phone")] });
      expect(await whom("phone")).toBe(second);
      expect(await whom("unknown")).toBeUndefined();
    });

    it("happens once for a delivery, also when its copies come at the same moment", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      const copy = turnOf("chat 1", () => ({ ...nothing, outbox: [row(store, id)], counts: ["turns"] }));
      const results = await Promise.all([store.turn(copy), store.turn(copy), store.turn(copy)]);
      expect(results.map(({ kind }) => kind)).toEqual(["done", "duplicate", "duplicate"]);
      expect(await store.turn(copy)).toEqual({ kind: "duplicate" });
      expect(await store.desk.counts()).toEqual({ turns: 1 });
    });

    it("is a delivery's turn also when there was nothing to do", async () => {
      const { store } = bench;
      const copy = turnOf("chat 1", () => undefined);
      expect(await store.turn(copy)).toEqual({ kind: "done", changes: undefined, released: false });
      expect(await store.turn(copy)).toEqual({ kind: "duplicate" });
    });

    it("tells the same id of two channels apart", async () => {
      const { store } = bench;
      const on = (channel: "telegram" | "whatsapp") =>
        store.turn(turnOf("chat 1", () => undefined, { inbox: { channel, externalId: "1" } }));
      expect((await on("telegram")).kind).toBe("done");
      expect((await on("whatsapp")).kind).toBe("done");
    });

    it("remembers deliveries over a restart", async () => {
      const copy = turnOf("chat 1", () => undefined);
      await bench.store.turn(copy);
      await bench.reopen();
      expect(await bench.store.turn(copy)).toEqual({ kind: "duplicate" });
    });

    it("sees what the turn before it wrote, in the order of arrival", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1", { session: bytes("") });
      const append = (letter: string) =>
        store.turn(
          turnOf("chat 1", (contact): Changes => {
            if (contact === undefined) throw new Error("the contact was not found");
            return {
              ...nothing,
              contact: { ...contact, session: bytes(`${text(contact.session)}${letter}`) },
            };
          }),
        );
      await Promise.all([..."abcdefgh"].map(append));
      expect(text((await store.contact(id))?.session)).toBe("abcdefgh");
    });

    it("fails alone: the others of the same moment are written", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      const twice = row(store, id);
      const results = await Promise.allSettled([
        change(store, id, { counts: ["before"] }),
        change(store, id, { outbox: [twice, twice], counts: ["broken"] }),
        change(store, id, { counts: ["after"] }),
      ]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect(await store.desk.counts()).toEqual({ after: 1, before: 1 });
      expect(await claimedIds(store)).toEqual([]);
    });

    it.each([0, 1])("fails whole: the contact is as it was (with %i others)", async (others) => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      const before = await store.contact(id);
      if (before === undefined) throw new Error("the contact was not stored");
      const twice = row(store, id);
      const contact = { ...before, session: bytes("half-written") };
      const results = await Promise.allSettled([
        change(store, id, { contact, outbox: [twice, twice] }),
        ...Array.from({ length: others }, () => change(store, id, { counts: ["other"] })),
      ]);
      expect(results[0]?.status).toBe("rejected");
      expect(await store.contact(id)).toEqual(before);
      expect((await change(store, id, { contact: before })).kind).toBe("done");
    });
  });

  describe("ids", () => {
    it("grow with time and with each call", () => {
      const { store, clock } = bench;
      const first = store.nextId();
      const second = store.nextId();
      clock.advance(5);
      const third = store.nextId();
      expect(second).toBeGreaterThan(first);
      expect(third - first).toBeGreaterThanOrEqual(5000);
      expect(Number.isSafeInteger(third)).toBe(true);
    });

    it("are never given twice, though the clock went back and the last one's row is gone", async () => {
      const id = await meet(bench.store, "chat 1");
      await change(bench.store, id, { forget: { tombstone: bytes("tombstone") } });
      const last = bench.store.nextId();
      await change(bench.store, last, { forget: { tombstone: bytes("none") } });
      bench.clock.advance(-3_600_000);
      await bench.reopen();
      expect(bench.store.nextId()).toBeGreaterThan(id);
    });
  });

  describe("scheduled moments", () => {
    it("are given when they have come, earliest first, and one a reference", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1", {}, { schedule: [{ ref: "late", at: noon + 20 }] });
      await change(store, id, {
        schedule: [
          { ref: "early", at: noon + 5 },
          { ref: "late", at: noon + 10 },
        ],
      });
      expect(await store.nextFireAt()).toBe(noon + 5);
      expect(await store.dueFires(noon + 4, 10)).toEqual([]);
      expect(await store.dueFires(noon + 10, 10)).toEqual([
        { contact: id, ref: "early", at: noon + 5 },
        { contact: id, ref: "late", at: noon + 10 },
      ]);
      expect(await store.dueFires(noon + 10, 1)).toHaveLength(1);
    });

    it("happen once, and not at all when they were moved or taken back", async () => {
      const { store } = bench;
      const schedule = ["once", "moved", "off"].map((ref) => ({ ref, at: noon }));
      const id = await meet(store, "chat 1", {}, { schedule });
      await change(store, id, { unschedule: ["off"], schedule: [{ ref: "moved", at: noon + 1 }] });
      const fire = (ref: string, again: Partial<Changes> = {}) =>
        store.turn(
          turnOf("", () => ({ ...nothing, ...again }), {
            who: { kind: "contact", id },
            inbox: undefined,
            fire: { ref, at: noon },
          }),
        );
      expect((await fire("once")).kind).toBe("done");
      expect(await fire("once")).toEqual({ kind: "duplicate" });
      expect(await fire("moved")).toEqual({ kind: "duplicate" });
      expect(await fire("off")).toEqual({ kind: "duplicate" });
      expect(await store.dueFires(noon + 1, 10)).toEqual([{ contact: id, ref: "moved", at: noon + 1 }]);
    });

    it("may be set again by their own turn, and all be taken back at once", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1", {}, { schedule: [{ ref: "daily", at: noon }] });
      const next = { ref: "daily", at: noon + 100 };
      await store.turn(
        turnOf("", () => ({ ...nothing, schedule: [next] }), {
          who: { kind: "contact", id },
          inbox: undefined,
          fire: { ref: "daily", at: noon },
        }),
      );
      expect(await store.dueFires(noon + 100, 10)).toEqual([{ contact: id, ...next }]);
      await change(store, id, { unschedule: "all" });
      expect(await store.nextFireAt()).toBeUndefined();
    });
  });

  describe("cases and counts", () => {
    it("opens one case a person", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1", {}, { openCases: [{ id: 7, reason: bytes("sealed") }] });
      await change(store, id, { openCases: [{ id: 8, reason: bytes("other") }], counts: ["a", "a", "b"] });
      expect(await store.desk.cases()).toEqual([
        { id: 7, contact: id, reason: expect.any(Uint8Array), at: noon, state: "open" },
      ]);
      expect(await store.desk.counts()).toEqual({ a: 2, b: 1 });
    });
  });
}
