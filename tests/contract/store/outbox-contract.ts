import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Settled, TurnRequest } from "../../../src/app/ports-store.ts";
import { minute } from "../../../src/core/nouns/time.ts";
import { bytes, change, claimedIds, meet, nothing, queue, row, sent, text, turnOf } from "./store-data.ts";
import { type Bench, noon, openBench, type StoreEngine, tomorrow } from "./store-engine.ts";

export function outboxContract(engine: StoreEngine): void {
  let bench: Bench;
  let contact: number;
  beforeEach(async () => {
    bench = await openBench(engine);
    contact = await meet(bench.store, "chat 1");
  });
  afterEach(() => bench.end());

  const settle = (id: number | undefined, result: Settled["result"], whose = contact): Promise<void> =>
    bench.store.settle([{ id: id ?? 0, contact: whose, result }]);

  describe("the outbox", () => {
    it("hands out a row with its contact as it is now", async () => {
      const { store } = bench;
      const [id] = await queue(store, contact, { lane: "nudge", language: "ps", body: bytes("hello") });
      const [claimed] = await store.claim(noon, "nudge", 10);
      expect(claimed).toEqual({
        id,
        queuedAt: noon,
        contact,
        channel: "whatsapp",
        lane: "nudge",
        language: "ps",
        attempts: 0,
        notAfter: tomorrow,
        body: bytes("hello"),
        broadcast: undefined,
        to: await store.contact(contact),
        lone: undefined,
      });
    });

    it("hands out one row of a contact at a time, in order", async () => {
      const { store } = bench;
      const ids = await queue(store, contact, {}, {}, {});
      const left: number[] = [];
      for (const id of ids) {
        expect(await claimedIds(store)).toEqual([id]);
        expect(await claimedIds(store)).toEqual([]);
        await settle(id, sent);
        left.push(id);
      }
      expect(await claimedIds(store)).toEqual([]);
      expect(left).toEqual(ids);
    });

    it.each(["telegram", "whatsapp"] as const)(
      "hands out the answers of one turn one by one, on %s",
      async (channel) => {
        const { store } = bench;
        const other = await meet(store, "chat 2", { channel });
        for (let turn = 0; turn < 2; turn += 1) {
          const rows = [row(store, other, { channel }), row(store, other, { channel })];
          await change(store, other, { release: true, outbox: rows });
          for (const { id } of rows) {
            expect(await claimedIds(store)).toEqual([id]);
            await settle(id, sent, other);
          }
          expect(await claimedIds(store)).toEqual([]);
        }
      },
    );

    it("hands out at most as many as were asked for, of as many contacts", async () => {
      const { store } = bench;
      const others = await Promise.all(["a", "b", "c"].map((blind) => meet(store, blind)));
      const ids = await Promise.all(others.map(async (other) => (await queue(store, other, {}, {}))[0]));
      expect(await claimedIds(store, "reply", noon, 2)).toHaveLength(2);
      expect(await claimedIds(store, "reply", noon, 2)).toHaveLength(1);
      expect(ids).not.toContain(undefined);
    });

    it("holds nothing back because of another contact that is in someone's hands", async () => {
      const { store } = bench;
      const other = await meet(store, "chat 2");
      await queue(store, contact, {}, {});
      await claimedIds(store);
      const [theirs] = await queue(store, other, {});
      expect(await claimedIds(store, "reply", noon, 1)).toEqual([theirs]);
    });

    it("waits for a row's time", async () => {
      const { store } = bench;
      const [id] = await queue(store, contact, { notBefore: noon + minute });
      expect(await claimedIds(store, "reply", noon + minute - 1)).toEqual([]);
      expect(await claimedIds(store, "reply", noon + minute)).toEqual([id]);
    });

    it("lets replies overtake, and never has two rows of one contact out across lanes", async () => {
      const { store } = bench;
      const [bulk, nudge, reply] = await queue(store, contact, { lane: "bulk" }, { lane: "nudge" }, {});
      expect(await claimedIds(store, "bulk")).toEqual([]);
      expect(await claimedIds(store, "nudge")).toEqual([]);
      expect(await claimedIds(store, "reply")).toEqual([reply]);
      expect(await claimedIds(store, "bulk")).toEqual([]);
      await settle(reply, sent);
      expect(await claimedIds(store, "bulk")).toEqual([]);
      expect(await claimedIds(store, "nudge")).toEqual([nudge]);
      expect(await claimedIds(store, "bulk")).toEqual([]);
      await settle(nudge, sent);
      expect(await claimedIds(store, "bulk")).toEqual([bulk]);
    });

    it("tries a row again later, before those behind it", async () => {
      const { store } = bench;
      const [first, second] = await queue(store, contact, {}, {});
      await claimedIds(store);
      await settle(first, { kind: "again", at: noon + minute });
      expect(await claimedIds(store, "reply", noon + minute - 1)).toEqual([]);
      const [claimed] = await store.claim(noon + minute, "reply", 10);
      expect(claimed).toMatchObject({ id: first, attempts: 1, body: bytes("sealed message") });
      await settle(first, { kind: "failed", reason: "refused" });
      expect(await claimedIds(store, "reply", noon + minute)).toEqual([second]);
    });

    it("tells who queues another that older ones wait before it, which may be in memory or not", async () => {
      const { store } = bench;
      const say = (lane: "reply" | "nudge") =>
        change(store, contact, { outbox: [row(store, contact, { lane })] });
      expect(await say("nudge")).not.toHaveProperty("inLine");
      expect(await say("reply")).not.toHaveProperty("inLine");
      expect(await say("reply")).toMatchObject({ inLine: true });
      expect(await say("nudge")).toMatchObject({ inLine: true });
    });

    it("hands out again what was let go, before what is behind it, and knows that it may have left", async () => {
      const { store } = bench;
      const [first, second] = await queue(store, contact, {}, {});
      await claimedIds(store);
      await settle(second, { kind: "let-go" });
      await settle(first, { kind: "let-go" });
      const [claimed] = await store.claim(noon, "reply", 10);
      expect(claimed).toMatchObject({ id: first, attempts: 1, body: bytes("sealed message") });
      await settle(first, sent);
      expect(await claimedIds(store)).toEqual([second]);
    });

    it("frees what was in hand at a restart, and keeps what was queued", async () => {
      const ids = await queue(bench.store, contact, {}, {});
      expect(await claimedIds(bench.store)).toEqual(ids.slice(0, 1));
      await bench.reopen();
      expect(await claimedIds(bench.store)).toEqual(ids.slice(0, 1));
      await settle(ids[0], sent);
      expect(await claimedIds(bench.store)).toEqual(ids.slice(1));
    });

    it("does not hand out what is past its time, nor let it hold up the rest", async () => {
      const { store } = bench;
      const [, , fresh] = await queue(store, contact, { notAfter: noon }, { notAfter: noon }, {});
      expect(await claimedIds(store, "reply", noon + 1)).toEqual([fresh]);
    });

    it("counts what waits, by lane", async () => {
      const { store } = bench;
      await queue(store, contact, {}, {}, { lane: "bulk" }, { lane: "nudge", notBefore: tomorrow });
      expect(await store.backlog()).toEqual({ reply: 2, nudge: 0, bulk: 1 });
      const [id] = await claimedIds(store);
      await settle(id, sent);
      expect(await store.backlog()).toEqual({ reply: 1, nudge: 0, bulk: 1 });
    });

    it("remembers which message still shows buttons, without touching the contact's version", async () => {
      const { store } = bench;
      const before = await store.contact(contact);
      const [id] = await queue(store, contact, {});
      await claimedIds(store);
      await settle(id, { kind: "sent", providerId: "SM1", keyboard: "SM1" });
      expect(await store.contact(contact)).toEqual({ ...before, openKeyboard: "SM1" });
    });

    it("passes over settlements of rows that are gone", async () => {
      await settle(12345, sent);
      await settle(12345, { kind: "again", at: noon });
      expect(await claimedIds(bench.store)).toEqual([]);
    });
  });

  describe("what waits for the person's reply", () => {
    it.each([
      { kind: "announced", providerId: "SM-template", keptUntil: noon },
      { kind: "held", reason: "window-closed", keptUntil: noon },
    ] as const)(
      "$kind: is let go by a release, as an answer, in front of what was queued since",
      async (result) => {
        const { store } = bench;
        const [first] = await queue(store, contact, { lane: "bulk", body: bytes("kept text") });
        await claimedIds(store, "bulk");
        await settle(first, result);
        const [second] = await queue(store, contact, { lane: "bulk" });
        expect((await store.backlog()).bulk).toBe(1);
        await change(store, contact, { release: true });
        expect(await claimedIds(store, "bulk")).toEqual([]);
        const [claimed] = await store.claim(noon, "reply", 10);
        expect(claimed?.id).toBe(first);
        expect(text(claimed?.body)).toBe("kept text");
        await settle(first, sent);
        expect(await claimedIds(store, "bulk")).toEqual([second]);
      },
    );

    it.each(["telegram", "whatsapp"] as const)(
      "leaves before what the turn that lets it go answers, on %s, and the caller is told so",
      async (channel) => {
        const { store } = bench;
        const other = await meet(store, "chat 2", { channel });
        const [kept, later] = await queue(
          store,
          other,
          { channel, lane: "nudge" },
          { channel, lane: "bulk" },
        );
        for (const [id, lane] of [
          [kept, "nudge"],
          [later, "bulk"],
        ] as const) {
          await claimedIds(store, lane);
          await settle(id, { kind: "held", reason: "window-closed", keptUntil: noon }, other);
        }
        const answer = row(store, other, { channel });
        const result = await change(store, other, { release: true, outbox: [answer] });
        expect(result).toMatchObject({ kind: "done", released: true });
        expect("behind" in result || "inLine" in result).toBe(true);
        const left: number[] = [];
        for (let one = 0; one < 3; one += 1) {
          const [id] = await claimedIds(store);
          left.push(id ?? 0);
          await settle(id, sent, other);
        }
        expect(left).toEqual([kept, later, answer.id]);
      },
    );

    it.each([
      { kind: "announced", providerId: "SM-template", keptUntil: noon + minute },
      { kind: "held", reason: "window-closed", keptUntil: noon + minute },
    ] as const)("$kind: is known to a turn of theirs while it is worth sending", async (result) => {
      const { store } = bench;
      const asked = async (blind: string, now = noon): Promise<boolean | undefined> => {
        let answer: boolean | undefined;
        const decide: TurnRequest["decide"] = (found, waits) => {
          answer = waits(found?.id ?? 0, now);
          return undefined;
        };
        await store.turn(turnOf(blind, decide));
        return answer;
      };
      await meet(store, "chat 2");
      const [id] = await queue(store, contact, { lane: "nudge", notAfter: noon });
      await claimedIds(store, "nudge");
      expect(await asked("chat 1")).toBe(false);
      await settle(id, result);
      expect(await asked("chat 1", noon + minute)).toBe(true);
      expect(await asked("chat 1", noon + minute + 1)).toBe(false);
      expect(await asked("chat 2")).toBe(false);
      await change(store, contact, { release: true });
      expect(await asked("chat 1")).toBe(false);
    });

    it("does not hold up what comes after it", async () => {
      const { store } = bench;
      const [first, second] = await queue(store, contact, {}, {});
      await claimedIds(store);
      await settle(first, { kind: "held", reason: "window-closed", keptUntil: noon });
      expect(await claimedIds(store)).toEqual([second]);
    });

    it("a release while a later row is on its way: the released one goes next", async () => {
      const { store } = bench;
      const [first, second, third] = await queue(store, contact, {}, {}, {});
      await claimedIds(store);
      await settle(first, { kind: "held", reason: "window-closed", keptUntil: noon });
      expect(await claimedIds(store)).toEqual([second]);
      await change(store, contact, { release: true });
      expect(await claimedIds(store)).toEqual([]);
      await settle(second, sent);
      expect(await claimedIds(store)).toEqual([first]);
      await settle(first, sent);
      expect(await claimedIds(store)).toEqual([third]);
    });
  });

  describe("dropping", () => {
    it("ends what was queued before in these lanes, and lets this turn's own words go", async () => {
      const { store } = bench;
      await queue(store, contact, {}, { lane: "nudge" }, { lane: "bulk" });
      const [held] = await queue(store, contact, {});
      const confirmation = row(store, contact);
      await change(store, contact, {
        drop: { lanes: ["reply", "nudge"], reason: "stopped" },
        outbox: [confirmation],
      });
      expect(await store.backlog()).toEqual({ reply: 1, nudge: 0, bulk: 1 });
      expect(await claimedIds(store)).toEqual([confirmation.id]);
      expect(held).toBeDefined();
    });

    it("ends what is held, too", async () => {
      const { store } = bench;
      const [id] = await queue(store, contact, { lane: "bulk" });
      await claimedIds(store, "bulk");
      await settle(id, { kind: "announced", providerId: "SM1", keptUntil: noon });
      await change(store, contact, { drop: { lanes: ["bulk"], reason: "stopped" } });
      await change(store, contact, { release: true });
      expect(await claimedIds(store, "bulk")).toEqual([]);
    });

    it.each([
      { kind: "again", at: noon },
      { kind: "held", reason: "window-closed", keptUntil: noon },
      { kind: "announced", providerId: "SM1", keptUntil: noon },
      { kind: "let-go" },
    ] as const)("does not bring back what was on its way: $kind", async (result) => {
      const { store } = bench;
      const [id] = await queue(store, contact, {});
      await claimedIds(store);
      await change(store, contact, { drop: { lanes: ["reply"], reason: "stopped" } });
      await settle(id, result);
      await change(store, contact, { release: true });
      expect(await claimedIds(store, "reply", tomorrow)).toEqual([]);
    });

    it("leaves other people's messages alone", async () => {
      const { store } = bench;
      const other = await meet(store, "chat 2");
      const [theirs] = await queue(store, other, {});
      await change(store, contact, { drop: { lanes: ["reply", "nudge", "bulk"], reason: "stopped" } });
      expect(await claimedIds(store)).toEqual([theirs]);
    });
  });

  it("queues in the turn that answers, and not at all in one that is a duplicate", async () => {
    const { store } = bench;
    const answer = row(store, contact);
    const request = turnOf("chat 1", () => ({ ...nothing, outbox: [answer] }));
    await Promise.all([store.turn(request), store.turn(request)]);
    expect(await claimedIds(store)).toEqual([answer.id]);
    await settle(answer.id, sent);
    expect(await claimedIds(store)).toEqual([]);
  });
}
