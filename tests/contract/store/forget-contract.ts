import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hour } from "../../../src/core/nouns/time.ts";
import { bytes, change, claimedIds, meet, nothing, queue, row, sent, turnOf } from "./store-data.ts";
import { type Bench, noon, openBench, type StoreEngine } from "./store-engine.ts";

export function forgetContract(engine: StoreEngine): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench(engine);
  });
  afterEach(() => bench.end());

  const forget = { tombstone: bytes("tombstone") };

  describe("forgetting a person", () => {
    it("leaves nothing of theirs but the receipt, and everyone else's as it was", async () => {
      const { store } = bench;
      const everything = (caseId: number) => ({
        schedule: [{ ref: "wait", at: noon }],
        subscribe: ["org/news"],
        openCases: [{ id: caseId, reason: bytes("sealed") }],
      });
      const id = await meet(store, "chat 1", {}, everything(1));
      const other = await meet(store, "chat 2", {}, everything(2));
      await queue(store, id, {}, { lane: "nudge" }, { lane: "bulk" });
      const [theirs] = await queue(store, other, {});
      const receipt = row(store, id, { lone: { wrappedKey: bytes("key"), address: bytes("address") } });

      await store.turn(turnOf("chat 1", () => ({ ...nothing, forget, outbox: [receipt] })));

      expect(await store.contact(id)).toBeUndefined();
      expect(await store.dueFires(noon, 10)).toEqual([{ contact: other, ref: "wait", at: noon }]);
      expect((await store.desk.cases()).map(({ contact }) => contact)).toEqual([other]);
      expect(await store.desk.audience("org/news", noon)).toMatchObject([{ count: 1 }]);
      expect(await claimedIds(store, "nudge")).toEqual([]);
      expect(await claimedIds(store, "bulk")).toEqual([]);
      expect(await claimedIds(store)).toEqual([theirs, receipt.id]);
    });

    it("makes them a stranger when they write again", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      await change(store, id, { forget });
      const next = await meet(store, "chat 1");
      expect(next).not.toBe(id);
      expect((await store.contact(next))?.version).toBe(1);
    });

    it("is not undone by what was under way", async () => {
      const { store } = bench;
      const id = await meet(store, "chat 1");
      const [message] = await queue(store, id, {});
      await claimedIds(store);
      await change(store, id, { forget });
      await store.settle([{ id: message ?? 0, contact: id, result: { ...sent, keyboard: "SM1" } }]);
      expect(await store.contact(id)).toBeUndefined();
      expect(await claimedIds(store)).toEqual([]);
    });

    it("survives a restart", async () => {
      const id = await meet(bench.store, "chat 1");
      await change(bench.store, id, { forget });
      await bench.crash();
      expect(await bench.store.contact(id)).toBeUndefined();
    });

    it("keeps a broadcast's report true", async () => {
      const { store } = bench;
      const [first, second] = [await meet(store, "1", {}, news), await meet(store, "2", {}, news)];
      await store.desk.addOrganisation("org", "Helpers", noon);
      await store.desk.addTopic({ id: "org/news", organisation: "org", titles: {} }, noon);
      const broadcast = store.nextId();
      await store.desk.createBroadcast({
        id: broadcast,
        topic: "org/news",
        organisation: "org",
        texts: {},
        createdAt: noon,
      });
      await store.desk.queueBroadcastChunk(broadcast, 10, ["fa-AF"], noon, noon + hour);
      const rows = await store.claim(noon, "bulk", 1);
      await store.settle(rows.map(({ id, contact }) => ({ id, contact, result: sent })));
      await change(store, first, { forget });
      await change(store, second, { forget });
      await expect
        .poll(() => store.desk.broadcastStatus(broadcast))
        .toEqual({ sent: 1, "dropped erased": 1 });
    });
  });
}

const news = { subscribe: ["org/news"] };
