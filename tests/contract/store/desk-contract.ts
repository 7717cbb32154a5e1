import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hour, minute } from "../../../src/core/nouns/time.ts";
import { change, meet, sent } from "./store-data.ts";
import { type Bench, noon, openBench, type StoreEngine } from "./store-engine.ts";

const topic = { id: "org/news", organisation: "org", titles: { en: "News", "fa-AF": "خبر" } };
const news = { subscribe: [topic.id] };

export function deskContract(engine: StoreEngine): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench(engine);
    await bench.store.desk.addOrganisation("org", "Helpers", noon);
    await bench.store.desk.addTopic(topic, noon);
  });
  afterEach(() => bench.end());

  async function createBroadcast(): Promise<number> {
    const id = bench.store.nextId();
    await bench.store.desk.createBroadcast({
      id,
      topic: topic.id,
      organisation: "org",
      texts: { en: "News", ps: "خبر" },
      createdAt: noon,
    });
    return id;
  }

  const queueAll = async (id: number, chunk: number): Promise<readonly number[]> => {
    const queued: number[] = [];
    for (let more = true; more; ) {
      const step = await bench.store.desk.queueBroadcastChunk(id, chunk, ["fa-AF", "ps"], noon, noon + hour);
      queued.push(step.queued);
      more = step.more;
    }
    return queued;
  };

  const stateOf = async (id: number) => (await bench.store.desk.broadcast(id))?.state;

  describe("organisations and topics", () => {
    it("are added once", async () => {
      const { desk } = bench.store;
      expect(await desk.addOrganisation("org", "Other name", noon)).toBe("exists");
      expect(await desk.addOrganisation("aid", "Aid", noon)).toBe("added");
      expect(await desk.addTopic(topic, noon)).toBe("exists");
      expect(await desk.addTopic({ ...topic, id: "no/news", organisation: "no" }, noon)).toBe(
        "no-organisation",
      );
      expect(await desk.organisations()).toEqual([
        { id: "aid", name: "Aid" },
        { id: "org", name: "Helpers" },
      ]);
      expect(await desk.topics()).toEqual([topic]);
    });
  });

  describe("an audience", () => {
    it("is counted by what the planner looks at", async () => {
      const { store } = bench;
      await meet(store, "1", {}, news);
      await meet(store, "2", { lastInbound: noon - minute }, news);
      await meet(store, "3", { lastInbound: undefined }, news);
      await meet(store, "4", { language: "ps", state: "stopped" }, news);
      await meet(store, "5");
      const left = await meet(store, "6", {}, news);
      await change(store, left, { unsubscribe: [topic.id] });
      const leftAll = await meet(store, "7", {}, { subscribe: [topic.id, "org/other"] });
      await change(store, leftAll, { unsubscribe: "all" });
      const common = { channel: "whatsapp", language: "fa-AF", state: "active" };
      const groups = await store.desk.audience(topic.id, noon);
      expect(groups).toHaveLength(3);
      expect(groups).toEqual(
        expect.arrayContaining([
          { ...common, window: "open", count: 1 },
          { ...common, window: "closed", count: 2 },
          { ...common, language: "ps", state: "stopped", window: "open", count: 1 },
        ]),
      );
      expect(await store.desk.audience("org/other", noon)).toEqual([]);
    });
  });

  describe("a broadcast", () => {
    it("is queued in chunks to the active subscribers in its languages, once each", async () => {
      const { store } = bench;
      for (const blind of ["1", "2", "3"]) await meet(store, blind, {}, news);
      await meet(store, "4", { language: "es" }, news);
      await meet(store, "5", { state: "blocked" }, news);
      const last = await meet(store, "6", { language: "ps" }, news);
      const id = await createBroadcast();
      expect(await stateOf(id)).toBe("planning");
      expect(await queueAll(id, 2)).toEqual([2, 1, 1, 0]);
      expect(await stateOf(id)).toBe("sending");
      expect(await store.desk.broadcastStatus(id)).toEqual({ queued: 4 });
      expect(await queueAll(id, 2)).toEqual([0]);
      const rows = await store.claim(noon, "bulk", 10);
      expect(new Set(rows.map(({ contact }) => contact)).size).toBe(4);
      expect(rows.at(-1)).toMatchObject({
        contact: last,
        channel: "whatsapp",
        lane: "bulk",
        language: "ps",
        notAfter: noon + hour,
        broadcast: id,
        body: undefined,
      });
    });

    it("is queued whole, however many an engine takes at once", async () => {
      const { store } = bench;
      const people = Array.from({ length: 450 }, (_, at) => String(at));
      await Promise.all(people.map((blind) => meet(store, blind, {}, news)));
      const id = await createBroadcast();
      const queued = await queueAll(id, 2_000);
      expect(queued.reduce((sum, count) => sum + count, 0)).toBe(450);
      expect(await stateOf(id)).toBe("sending");
      expect(await store.desk.broadcastStatus(id)).toEqual({ queued: 450 });
      const [group] = await store.desk.audience(topic.id, noon);
      expect(group?.count).toBe(450);
    });

    it("goes on after a restart where the last chunk was written", async () => {
      for (const blind of ["1", "2", "3"]) await meet(bench.store, blind, {}, news);
      const id = await createBroadcast();
      const step = await bench.store.desk.queueBroadcastChunk(id, 2, ["fa-AF"], noon, noon + hour);
      expect(step).toEqual({ queued: 2, more: true });
      await bench.crash();
      expect((await bench.store.desk.broadcastsIn("planning")).map((one) => one.id)).toEqual([id]);
      expect(await queueAll(id, 2)).toEqual([1]);
      expect(await bench.store.desk.broadcastStatus(id)).toEqual({ queued: 3 });
    });

    it("goes to no one twice, though they left and joined again", async () => {
      const { store } = bench;
      const contact = await meet(store, "1", {}, news);
      await meet(store, "2", {}, news);
      const id = await createBroadcast();
      await store.desk.queueBroadcastChunk(id, 1, ["fa-AF"], noon, noon + hour);
      await change(store, contact, { unsubscribe: "all" });
      await change(store, contact, news);
      await queueAll(id, 1);
      expect(await store.desk.broadcastStatus(id)).toEqual({ queued: 2 });
    });

    it("is done when nothing is left to send", async () => {
      const { store } = bench;
      for (const blind of ["1", "2", "3"]) await meet(store, blind, {}, news);
      const id = await createBroadcast();
      await queueAll(id, 10);
      const [first, second, third] = await store.claim(noon, "bulk", 10);
      if (first === undefined || second === undefined || third === undefined) throw new Error("not claimed");
      await store.settle([
        { ...first, result: sent },
        { ...second, result: { kind: "failed", reason: "63024" } },
      ]);
      expect(await stateOf(id)).toBe("sending");
      await store.settle([{ ...third, result: { kind: "announced", providerId: "SM1", keptUntil: noon } }]);
      expect(await stateOf(id)).toBe("done");
      expect(await store.desk.broadcastStatus(id)).toEqual({
        sent: 1,
        "failed 63024": 1,
        "held announced": 1,
      });
    });

    it("without an audience is done at once; unknown ones are not found", async () => {
      const id = await createBroadcast();
      expect(await queueAll(id, 10)).toEqual([0]);
      expect(await bench.store.desk.broadcast(id)).toEqual({
        id,
        topic: topic.id,
        organisation: "org",
        texts: { en: "News", ps: "خبر" },
        state: "done",
        createdAt: noon,
      });
      expect(await bench.store.desk.broadcast(id + 1)).toBeUndefined();
      await expect(queueAll(id + 1, 10)).rejects.toMatchObject({ code: "not-found" });
    });
  });
}
