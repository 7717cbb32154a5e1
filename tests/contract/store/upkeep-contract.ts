import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { day, hour } from "../../../src/core/nouns/time.ts";
import { bytes, change, claimedIds, meet, nothing, queue, row, sent, text, turnOf } from "./store-data.ts";
import { type Bench, noon, openBench, type StoreEngine } from "./store-engine.ts";

export function upkeepContract(engine: StoreEngine): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench(engine);
  });
  afterEach(() => bench.end());

  const sweep = async (now: number): Promise<Readonly<Record<string, number>>> => {
    const counts = await bench.store.sweep(now);
    return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
  };

  describe("named values", () => {
    it("are kept as written last", async () => {
      expect(await bench.store.readMeta("offset")).toBeUndefined();
      await bench.store.writeMeta("offset", bytes("1"));
      await bench.store.writeMeta("offset", bytes("2"));
      await bench.reopen();
      expect(text(await bench.store.readMeta("offset"))).toBe("2");
    });
  });

  describe("a sweep", () => {
    it("has nothing to do in a young store", async () => {
      const id = await meet(bench.store, "chat 1");
      await queue(bench.store, id, {}, {});
      expect(await sweep(noon)).toEqual({});
    });

    it("forgets handled deliveries after seven days", async () => {
      const delivery = turnOf("chat 1", () => undefined);
      await bench.store.turn(delivery);
      expect(await sweep(noon + 7 * day)).toEqual({});
      expect(await bench.store.turn(delivery)).toEqual({ kind: "duplicate" });
      expect(await sweep(noon + 7 * day + 1)).toEqual({ "handled-inputs": 1 });
      expect((await bench.store.turn(delivery)).kind).toBe("done");
    });

    it("keeps inputs that were set aside for thirty days", async () => {
      const id = await meet(bench.store, "chat 1");
      const key = { channel: "whatsapp", externalId: "poison" } as const;
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        const inbox = { ...key, retry: attempt > 1 };
        const decide = (): never => {
          throw new Error("broken");
        };
        const keep = () => ({ changes: nothing, contact: id, input: () => bytes("input") });
        await bench.store.turn(turnOf("chat 1", decide, { inbox, keep }));
      }
      expect(await bench.store.setAside()).toHaveLength(1);
      expect((await sweep(noon + 30 * day))["set-aside-inputs"]).toBeUndefined();
      expect(await sweep(noon + 30 * day + 1)).toEqual({ "set-aside-inputs": 1 });
      expect(await bench.store.setAside()).toEqual([]);
    });

    it("drops what nobody sent in time, what is held included", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      const [held] = await queue(store, id, { notAfter: noon + hour });
      await claimedIds(store);
      const result = { kind: "held", reason: "window-closed", keptUntil: noon } as const;
      await store.settle([{ id: held ?? 0, contact: id, result }]);
      const rest = await queue(store, id, { notAfter: noon + hour }, { notAfter: noon + 2 * hour });
      expect(await sweep(noon + hour)).toEqual({});
      expect(await sweep(noon + hour + 1)).toEqual({ expired: 2 });
      await change(store, id, { release: true });
      expect(await claimedIds(store, "reply", noon + hour + 1)).toEqual([rest[1]]);
    });

    it.each([
      { kind: "held", reason: "window-closed", keptUntil: noon + day },
      { kind: "announced", providerId: "SM-template", keptUntil: noon + day },
    ] as const)("keeps what is $kind as long as it was told to, beyond its own time", async (result) => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      const [kept, long] = await queue(store, id, { notAfter: noon + hour }, { notAfter: noon + 2 * day });
      for (const each of [kept, long]) {
        await claimedIds(store);
        await store.settle([{ id: each ?? 0, contact: id, result }]);
      }
      expect(await sweep(noon + day)).toEqual({});
      expect(await sweep(noon + day + 1)).toEqual({ expired: 1 });
      await change(store, id, { release: true });
      expect(await claimedIds(store, "reply", noon + day + 1)).toEqual([long]);
    });

    it("removes what became of messages after thirty days, and keeps what waits", async () => {
      const { store, clock } = bench;
      const id = await meet(store, "chat 1");
      const [gone, waiting] = await queue(store, id, {}, { notAfter: noon + 90 * day });
      await claimedIds(store);
      await store.settle([{ id: gone ?? 0, contact: id, result: sent }]);
      const status = { channel: "whatsapp", providerId: "SM-sent", outbox: gone, status: "read" } as const;
      clock.advance(day);
      const [fresh] = await queue(store, id, { lane: "nudge", notAfter: noon + 90 * day });
      await claimedIds(store, "nudge");
      await store.settle([{ id: fresh ?? 0, contact: id, result: sent }]);
      const late = noon + 30 * day + 1000;
      expect(await sweep(late)).toEqual({ "finished-messages": 1, "handled-inputs": 1 });
      expect(
        await store.reportStatus({ ...status, outbox: gone, providerId: "", failure: undefined }, late),
      ).toBeUndefined();
      expect(await claimedIds(store, "reply", late)).toEqual([waiting]);
    });

    it("removes a lone message after a day", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      const lone = { wrappedKey: bytes("key"), address: bytes("address") };
      const receipt = row(store, id, { lone, notAfter: noon + 9 * day });
      await change(store, id, { forget: { tombstone: bytes("tombstone") }, outbox: [receipt] });
      expect((await sweep(noon + day))["lone-messages"]).toBeUndefined();
      expect(await sweep(noon + day + 1000)).toEqual({ "lone-messages": 1 });
      expect(await claimedIds(store, "reply", noon + day)).toEqual([]);
    });

    it("keeps a broadcast's report true", async () => {
      const { store } = bench;
      await meet(store, "chat 1", {}, { subscribe: ["org/news"] });
      await store.desk.addOrganisation("org", "Helpers", noon);
      await store.desk.addTopic({ id: "org/news", organisation: "org", titles: {} }, noon);
      const id = store.nextId();
      const broadcast = { id, topic: "org/news", organisation: "org", texts: {}, createdAt: noon };
      await store.desk.createBroadcast(broadcast);
      await store.desk.queueBroadcastChunk(id, 10, ["fa-AF"], noon, noon + hour);
      expect(await sweep(noon + 40 * day)).toMatchObject({ expired: 1, "finished-messages": 1 });
      expect(await store.desk.broadcastStatus(id)).toEqual({ "dropped expired": 1 });
      expect((await store.desk.broadcast(id))?.state).toBe("done");
    });
  });

  describe("the end", () => {
    it("writes what was asked for before it, and refuses what comes after", async () => {
      const before = bench.store.writeMeta("last", bytes("word"));
      const closed = bench.store;
      await closed.close();
      await closed.close();
      await before;
      await expect(closed.writeMeta("later", bytes("word"))).rejects.toMatchObject({
        code: "store-unavailable",
      });
      expect(await closed.health()).toMatchObject({ ok: false });
      await bench.reopen();
      expect(text(await bench.store.readMeta("last"))).toBe("word");
      expect(await bench.store.health()).toEqual({ ok: true });
    });
  });
}
