import fc from "fast-check";
import { expect, it } from "vitest";
import type { Settled } from "../../../src/app/ports-store.ts";
import type { Lane } from "../../../src/core/nouns/message.ts";
import { OutboxModel } from "./outbox-model.ts";
import { change, claimedIds, meet, queue } from "./store-data.ts";
import { type Bench, noon, openBench, type StoreEngine, tomorrow } from "./store-engine.ts";

type Step =
  | { readonly kind: "queue"; readonly who: number; readonly lane: Lane; readonly wait: number }
  | { readonly kind: "claim"; readonly lane: Lane; readonly wait: number }
  | { readonly kind: "settle"; readonly who: number; readonly result: Settled["result"] }
  | { readonly kind: "release"; readonly who: number }
  | { readonly kind: "drop"; readonly who: number; readonly lane: Lane }
  | { readonly kind: "restart" };

const people = 3;
const who = fc.nat({ max: people - 1 });
const lane = fc.constantFrom<Lane>("reply", "nudge", "bulk");
const wait = fc.constantFrom(0, 0, 1);
const result = fc.constantFrom<Settled["result"]>(
  { kind: "sent", providerId: "SM1", keyboard: undefined },
  { kind: "announced", providerId: "SM2" },
  { kind: "held", reason: "window-closed" },
  { kind: "again", at: noon },
  { kind: "again", at: noon + 1 },
  { kind: "failed", reason: "refused" },
  { kind: "dropped", reason: "expired" },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("queue"), who, lane, wait }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("claim"), lane, wait }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("settle"), who, result }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("release"), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop"), who, lane }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart") }) },
);

/** Takes the step in both; a claim must give the same rows in both. */
async function take(one: Step, bench: Bench, model: OutboxModel, ids: readonly number[]): Promise<void> {
  const contact = "who" in one ? (ids[one.who] ?? 0) : 0;
  const { store } = bench;
  switch (one.kind) {
    case "queue": {
      const fields = { lane: one.lane, notBefore: noon + one.wait, notAfter: tomorrow };
      const [id] = await queue(store, contact, fields);
      return model.queue(id ?? 0, contact, one.lane, noon + one.wait);
    }
    case "claim": {
      const now = noon + one.wait;
      const given = await claimedIds(store, one.lane, now);
      return expect(given.toSorted()).toEqual(model.claim(now, one.lane).toSorted());
    }
    case "settle": {
      const id = model.inHand(contact);
      if (id === undefined) return;
      await store.settle([{ id, contact, result: one.result }]);
      return model.settle(contact, one.result);
    }
    case "release":
      await change(store, contact, { release: true });
      return model.release(contact, noon);
    case "drop":
      await change(store, contact, { drop: { lanes: [one.lane], reason: "stopped" } });
      return model.drop(contact, one.lane);
    case "restart":
      await bench.reopen();
      return model.restart();
  }
}

export function outboxOrderContract(engine: StoreEngine): void {
  it("whatever happens, the outbox hands out what its rules say", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const bench = await openBench(engine);
        try {
          const model = new OutboxModel();
          const ids: number[] = [];
          for (let one = 0; one < people; one += 1) ids.push(await meet(bench.store, `chat ${one}`));
          for (const one of steps) await take(one, bench, model, ids);
        } finally {
          await bench.end();
        }
      }),
      { numRuns: 60 },
    );
  });
}
