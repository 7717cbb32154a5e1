import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ClaimedRow, Settled } from "../../../src/app/ports-store.ts";
import { day, hour, minute } from "../../../src/core/nouns/time.ts";
import { change, claimedIds, meet, nothing, queue, sent, turnOf } from "./store-data.ts";
import { type Bench, noon, openBench, type StoreEngine } from "./store-engine.ts";

const topic = { id: "helpline/news", organisation: "helpline", titles: { en: "News" } };
const broadcast = 4711;
const lost = "failed unknown process-ended";

/** What is about to leave and must not leave twice. */
export function leavingContract(engine: StoreEngine): void {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench(engine);
    const { desk } = bench.store;
    await desk.addOrganisation(topic.organisation, "Helpline", noon);
    await desk.addTopic(topic, noon);
  });
  afterEach(() => bench.end());

  /** Queues a broadcast to so many people, and claims it. */
  async function claimed(people: number): Promise<readonly ClaimedRow[]> {
    const { store } = bench;
    for (let each = 0; each < people; each += 1)
      await meet(store, `reader ${each}`, { channel: "telegram" }, { subscribe: [topic.id] });
    await store.desk.createBroadcast({
      ...topic,
      id: broadcast,
      topic: topic.id,
      texts: {},
      createdAt: noon,
    });
    await store.desk.queueBroadcastChunk(broadcast, 10, ["fa-AF"], noon, noon + hour);
    const rows = await store.claim(noon, "bulk", 10);
    expect(rows).toHaveLength(people);
    return rows;
  }
  const counts = () => bench.store.desk.broadcastStatus(broadcast);
  const settle = ({ id, contact }: ClaimedRow, result: Settled["result"]) =>
    bench.store.settle([{ id, contact, result }]);
  const idsOf = (rows: readonly ClaimedRow[]) => rows.map(({ id }) => id).toSorted();

  describe("a row that was about to leave", () => {
    it("is not handed out after its process ended, and has failed; one that was only in hand is", async () => {
      const rows = await claimed(4);
      await Promise.all(rows.slice(0, 2).map((row) => bench.store.leaving(row)));
      await bench.crash();
      expect((await claimedIds(bench.store, "bulk")).toSorted()).toEqual(idsOf(rows.slice(2)));
      expect(await counts()).toEqual({ queued: 2, [lost]: 2 });
      expect(await claimedIds(bench.store, "bulk")).toEqual([]);
      await Promise.all(rows.slice(2).map((row) => settle(row, sent)));
      expect(await counts()).toEqual({ sent: 2, [lost]: 2 });
      expect((await bench.store.desk.broadcast(broadcast))?.state).toBe("done");
    });

    it("ends its broadcast where it was the last of it, and lets what is behind it go", async () => {
      const [row] = await claimed(1);
      if (row === undefined) throw new Error("nothing was claimed");
      const [behind] = await queue(bench.store, row.contact, { lane: "bulk", channel: "telegram" });
      await bench.store.leaving(row);
      await bench.crash();
      const first = await claimedIds(bench.store, "bulk");
      expect(await counts()).toEqual({ [lost]: 1 });
      expect((await bench.store.desk.broadcast(broadcast))?.state).toBe("done");
      expect([...first, ...(await claimedIds(bench.store, "bulk"))]).toEqual([behind]);
    });

    it.each<Settled["result"]>([{ kind: "again", at: noon + minute }, { kind: "let-go" }])(
      "and was settled as $kind is handed out again, also by another process",
      async (result) => {
        const [row] = await claimed(1);
        if (row === undefined) throw new Error("nothing was claimed");
        await bench.store.leaving(row);
        await settle(row, result);
        await bench.crash();
        expect(await claimedIds(bench.store, "bulk", noon + minute)).toEqual([row.id]);
      },
    );

    it.each<readonly [Settled["result"], string]>([
      [sent, "sent"],
      [{ kind: "failed", reason: "403" }, "failed 403"],
      [{ kind: "dropped", reason: "unsubscribed" }, "dropped unsubscribed"],
      [{ kind: "announced", providerId: "SM1", keptUntil: noon + day }, "held announced"],
      [{ kind: "held", reason: "no-template", keptUntil: noon + day }, "held no-template"],
    ])("and was settled is what it was settled as (%o)", async (result, name) => {
      const [row] = await claimed(1);
      if (row === undefined) throw new Error("nothing was claimed");
      await bench.store.leaving(row);
      await settle(row, result);
      await bench.crash();
      expect(await claimedIds(bench.store, "bulk")).toEqual([]);
      expect(await counts()).toEqual({ [name]: 1 });
    });

    it("stays ended where its person stopped meanwhile, unless it did go out", async () => {
      const [first, second] = await claimed(2);
      if (first === undefined || second === undefined) throw new Error("nothing was claimed");
      for (const row of [first, second]) {
        await bench.store.leaving(row);
        await change(bench.store, row.contact, { drop: { lanes: ["bulk"], reason: "opted-out" } });
      }
      await bench.store.leaving(second);
      await settle(first, sent);
      await bench.crash();
      expect(await claimedIds(bench.store, "bulk")).toEqual([]);
      expect(await counts()).toEqual({ sent: 1, "dropped opted-out": 1 });
    });

    it("holds up no turn of its person", async () => {
      const [row] = await claimed(1);
      if (row === undefined) throw new Error("nothing was claimed");
      await bench.store.leaving(row);
      await bench.crash();
      const answer = turnOf("reader 0", () => nothing);
      expect(await bench.store.turn(answer)).toMatchObject({ kind: "done" });
      expect(await claimedIds(bench.store, "bulk")).toEqual([]);
      const [reply] = await queue(bench.store, row.contact, { channel: "telegram" });
      expect(await claimedIds(bench.store)).toEqual([reply]);
    });
  });
}
