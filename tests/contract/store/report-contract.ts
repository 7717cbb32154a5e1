import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeliveryStatus } from "../../../src/app/ports-channel.ts";
import { bytes, change, claimedIds, meet, queue, row, sent } from "./store-data.ts";
import { type Bench, noon, openBench, type StoreEngine } from "./store-engine.ts";

export function reportContract(engine: StoreEngine): void {
  let bench: Bench;
  let contact: number;
  let broadcast: number;
  let id: number;

  // A broadcast's report is where the store shows what it made of a platform's.
  beforeEach(async () => {
    bench = await openBench(engine);
    const { store } = bench;
    contact = await meet(store, "chat 1", {}, { subscribe: ["org/news"] });
    await store.desk.addOrganisation("org", "Helpers", noon);
    await store.desk.addTopic({ id: "org/news", organisation: "org", titles: {} }, noon);
    broadcast = store.nextId();
    await store.desk.createBroadcast({
      id: broadcast,
      topic: "org/news",
      organisation: "org",
      texts: { en: "News" },
      createdAt: noon,
    });
    await store.desk.queueBroadcastChunk(broadcast, 10, ["fa-AF"], noon, noon + 1000);
    id = (await claimedIds(store, "bulk"))[0] ?? 0;
  });
  afterEach(() => bench.end());

  const report = (status: DeliveryStatus["status"], fields: Partial<DeliveryStatus> = {}) =>
    bench.store.reportStatus(
      { channel: "whatsapp", providerId: "SM1", outbox: undefined, status, failure: undefined, ...fields },
      noon,
    );
  const settle = (result: Parameters<typeof bench.store.settle>[0][number]["result"]) =>
    bench.store.settle([{ id, contact, result }]);
  const status = () => bench.store.desk.broadcastStatus(broadcast);
  const delivered = { kind: "sent", providerId: "SM1", keyboard: undefined } as const;

  describe("a delivery report", () => {
    it("finds its row by the platform's id or by ours, and says whose it is", async () => {
      await settle(delivered);
      const ours = { contact, lane: "bulk", outbox: id };
      expect(await report("delivered")).toEqual(ours);
      expect(await report("delivered", { providerId: "SM other", outbox: id })).toEqual(ours);
      expect(await report("delivered", { providerId: "SM other" })).toBeUndefined();
      expect(await report("delivered", { channel: "playground/whatsapp" })).toBeUndefined();
    });

    it.each([
      { came: ["sent", "delivered", "read"], counts: { read: 1 } },
      { came: ["read", "delivered", "sent", "queued"], counts: { read: 1 } },
      { came: ["delivered", "delivered"], counts: { delivered: 1 } },
      { came: ["queued"], counts: { sent: 1 } },
      { came: ["failed", "delivered", "read"], counts: { "failed 63016": 1 } },
      { came: ["read", "failed"], counts: { "failed 63016": 1 } },
    ] as const)("merges by rank: $came", async ({ came, counts }) => {
      await settle(delivered);
      for (const one of came) {
        await report(one, { failure: one === "failed" ? { kind: "refused", reason: "63016" } : undefined });
      }
      expect(await status()).toEqual(counts);
    });

    it("that comes before the answer to our own request still counts", async () => {
      await report("delivered", { outbox: id });
      expect(await claimedIds(bench.store, "bulk")).toEqual([]);
      await settle(delivered);
      expect(await status()).toEqual({ delivered: 1 });
    });

    it("of failure that comes before the answer stays final", async () => {
      await report("failed", { outbox: id, failure: { kind: "refused", reason: "63024" } });
      await settle(delivered);
      expect(await status()).toEqual({ "failed 63024": 1 });
    });

    it.each([{ kind: "again", at: noon }, { kind: "failed", reason: "lost" }, { kind: "let-go" }] as const)(
      "shows that a request whose answer was lost had arrived ($kind)",
      async (result) => {
        await report("sent", { outbox: id });
        await settle(result);
        expect(await claimedIds(bench.store, "bulk")).toEqual([]);
        expect(await status()).toEqual({ sent: 1 });
      },
    );

    it("that comes after the row was put back for another try ends it", async () => {
      await settle({ kind: "again", at: noon });
      await report("sent", { outbox: id });
      expect(await claimedIds(bench.store, "bulk")).toEqual([]);
      expect(await status()).toEqual({ sent: 1 });
    });

    it("of an announcement neither sends nor ends the message that waits for the reply", async () => {
      await settle({ kind: "announced", providerId: "SM1", keptUntil: noon });
      await report("delivered", { outbox: id });
      expect(await status()).toEqual({ "held announced": 1 });
      await change(bench.store, contact, { release: true });
      await report("read", { outbox: id });
      expect(await claimedIds(bench.store)).toEqual([id]);
      await settle({ ...delivered, providerId: "SM2" });
      await report("read", { outbox: id });
      expect(await status()).toEqual({ sent: 1 });
      await report("read", { providerId: "SM2" });
      expect(await status()).toEqual({ read: 1 });
    });

    it("of an announcement that failed ends the message", async () => {
      await settle({ kind: "announced", providerId: "SM1", keptUntil: noon });
      await report("failed", { failure: { kind: "contact-stopped", reason: "21610" } });
      await change(bench.store, contact, { release: true });
      expect(await claimedIds(bench.store, "bulk")).toEqual([]);
      expect(await status()).toEqual({ "failed 21610": 1 });
    });

    it("lets the next message go when it ends one", async () => {
      const [next] = await queue(bench.store, contact, { lane: "bulk" });
      await settle({ kind: "again", at: noon + 500 });
      await report("failed", { outbox: id });
      expect(await claimedIds(bench.store, "bulk")).toEqual([next]);
    });

    it("about an erased person finds no one", async () => {
      await settle(delivered);
      await change(bench.store, contact, { forget: { tombstone: bytes("tombstone") } });
      expect(await report("read")).toBeUndefined();
      expect(await report("read", { outbox: id })).toBeUndefined();
    });
  });

  describe("what was under way when the person stopped", () => {
    it.each([
      { result: delivered, counts: { sent: 1 } },
      { result: { kind: "failed", reason: "refused" } as const, counts: { "dropped stopped": 1 } },
    ])("is recorded as it ended: $result.kind", async ({ result, counts }) => {
      await change(bench.store, contact, { drop: { lanes: ["bulk"], reason: "stopped" } });
      await settle(result);
      expect(await status()).toEqual(counts);
    });
  });

  describe("a lone message", () => {
    it("is handed out with its one-time key and without a contact, and is gone once sent", async () => {
      const { store } = bench;
      const lone = { wrappedKey: bytes("one-time key"), address: bytes("sealed address") };
      const receipt = row(store, contact, { lone });
      await change(store, contact, { forget: { tombstone: bytes("tombstone") }, outbox: [receipt] });
      await settle(delivered);
      const [claimed] = await store.claim(noon, "reply", 10);
      expect(claimed).toMatchObject({ id: receipt.id, to: undefined, lone });
      await store.settle([{ id: receipt.id, contact, result: sent }]);
      expect(await report("delivered", { providerId: "SM-sent", outbox: receipt.id })).toBeUndefined();
    });
  });
}
