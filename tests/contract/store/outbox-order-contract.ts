import fc from "fast-check";
import { expect, it } from "vitest";
import type { Settled } from "../../../src/app/ports-store.ts";
import type { ChannelId } from "../../../src/core/nouns/ids.ts";
import type { Lane } from "../../../src/core/nouns/message.ts";
import { OutboxModel } from "./outbox-model.ts";
import { change, claimedIds, meet, row } from "./store-data.ts";
import { type Bench, noon, openBench, type StoreEngine, tomorrow } from "./store-engine.ts";

/** `written`: as when the person wrote, what was held for them goes in the same turn. */
type Queue = {
  readonly kind: "queue";
  readonly who: number;
  readonly lane: Lane;
  readonly wait: number;
  readonly rows: number;
  readonly written: boolean;
};

type Step =
  | Queue
  | { readonly kind: "claim"; readonly lane: Lane; readonly wait: number }
  | { readonly kind: "settle"; readonly who: number; readonly result: Settled["result"] }
  | { readonly kind: "release"; readonly who: number }
  | { readonly kind: "drop"; readonly who: number; readonly lane: Lane }
  | { readonly kind: "restart" };

const people = 3;
const who = fc.nat({ max: people - 1 });
const lane = fc.constantFrom<Lane>("reply", "reply", "reply", "nudge", "bulk");
const wait = fc.constantFrom(0, 0, 1);
const sent = { kind: "sent", providerId: "SM1", keyboard: undefined } as const;
const result = fc.constantFrom<Settled["result"]>(
  ...Array.from({ length: 6 }, () => sent),
  { kind: "announced", providerId: "SM2", keptUntil: noon },
  { kind: "held", reason: "window-closed", keptUntil: noon },
  { kind: "again", at: noon },
  { kind: "again", at: noon + 1 },
  { kind: "failed", reason: "refused" },
  { kind: "dropped", reason: "expired" },
  { kind: "let-go" },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("queue"),
      who,
      lane,
      wait,
      rows: fc.constantFrom(1, 1, 2),
      written: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("claim"), lane, wait }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("settle"), who, result }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("release"), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop"), who, lane }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart") }) },
);

/** Takes the step in both; a claim must give the same rows in both. */
async function take(
  one: Step,
  bench: Bench,
  model: OutboxModel,
  ids: readonly number[],
  channel: ChannelId,
): Promise<void> {
  const contact = "who" in one ? (ids[one.who] ?? 0) : 0;
  const { store } = bench;
  switch (one.kind) {
    case "queue": {
      const fields = { channel, lane: one.lane, notBefore: noon + one.wait, notAfter: tomorrow };
      const rows = Array.from({ length: one.rows }, () => row(store, contact, fields));
      await change(store, contact, { release: one.written, outbox: rows });
      if (one.written) model.release(contact, noon);
      for (const { id } of rows) model.queue(id, contact, one.lane, noon + one.wait);
      return;
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
  it.each(["telegram", "whatsapp"] as const)(
    "whatever happens on %s, the outbox hands out what its rules say",
    { timeout: 120_000 },
    async (channel) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
          const bench = await openBench(engine);
          try {
            const model = new OutboxModel();
            const ids: number[] = [];
            for (let one = 0; one < people; one += 1)
              ids.push(await meet(bench.store, `chat ${one}`, { channel }));
            for (const one of steps) await take(one, bench, model, ids, channel);
          } finally {
            await bench.end();
          }
        }),
        { numRuns: 100 },
      );
    },
  );
}
