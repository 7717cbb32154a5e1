import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { comeBack } from "../../src/app/come-back.ts";
import { heardIn } from "../../src/app/heard.ts";
import { listingPeople } from "../../src/app/list-people.ts";
import { People } from "../../src/app/people.ts";
import type { Clock, Vault } from "../../src/app/ports.ts";
import type { Copies, Lists, OptOut } from "../../src/app/ports-copies.ts";
import type { Store } from "../../src/app/ports-store.ts";
import { SecretKey } from "../../src/vault/secret-key.ts";
import { openVault } from "../../src/vault/vault.ts";
import {
  bytes,
  change,
  claimedIds,
  meet,
  newContact,
  nothing,
  queue,
  turnOf,
} from "../contract/store/store-data.ts";
import { noon, tomorrow } from "../contract/store/store-engine.ts";
import { silent } from "../logs.ts";

export type CopyStore = Store & { readonly copies: Copies };
export type CopyPlace = {
  readonly open: (clock: Clock) => Promise<CopyStore>;
  readonly remove: () => Promise<void>;
};

const clock = { now: () => noon };
/** A vault whose tombstones tell whose they are; what else it does is real. */
const real = openVault(SecretKey.fresh(), { read: () => undefined, write: () => undefined });
const stone = (id: number): Uint8Array => Buffer.from(id.toString(16).padStart(32, "0"), "hex");
const hex = (id: number): string => Buffer.from(stone(id)).toString("hex");
export const vault: Vault = { ...real, tombstone: stone };
const people = new People(vault);

/** Lists in memory. */
export function listsOf(
  ...ids: readonly number[]
): Lists & { readonly all: Set<string>; readonly words: OptOut[] } {
  const all = new Set(ids.map(hex));
  const words: OptOut[] = [];
  return {
    all,
    words,
    erased: () => new Set(all),
    addErased: (some) => {
      for (const one of some) all.add(one);
    },
    optOuts: () => new Map(words.map(({ who, stopped }) => [who, stopped])),
    addOptOut: (one) => words.push(one),
  };
}

const news = { subscribe: ["org/news"] };

async function broadcastTo(store: Store, chunk: number): Promise<number> {
  await store.desk.addOrganisation("org", "Helpers", noon);
  await store.desk.addTopic({ id: "org/news", organisation: "org", titles: {} }, noon);
  const id = store.nextId();
  await store.desk.createBroadcast({
    id,
    topic: "org/news",
    organisation: "org",
    texts: {},
    createdAt: noon,
  });
  await store.desk.queueBroadcastChunk(id, chunk, ["fa-AF"], noon, tomorrow);
  return id;
}

/** What each engine does for a store that was put back from a copy. */
export function copiesContract(name: string, engine: () => Promise<CopyPlace>): void {
  let place: CopyPlace;
  let store: CopyStore;
  beforeEach(async () => {
    place = await engine();
    store = await place.open(clock);
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });
  const back = (lists: Lists) => comeBack({ store, copies: store.copies, vault, lists, clock, log: silent });

  describe(`${name}, put back from a copy`, () => {
    it("sends no reply and no broadcast that waited when the copy was made, but nudges", async () => {
      const [one, two] = [await meet(store, "1", {}, news), await meet(store, "2", {}, news)];
      const lone = { wrappedKey: bytes("one-time key"), address: bytes("address") };
      await queue(store, one, {}, {}, { lone });
      const nudges = await queue(store, one, { lane: "nudge" }, { lane: "nudge" });
      const [held] = await queue(store, two, { lane: "nudge" });
      await store.claim(noon, "nudge", 100);
      await store.settle([
        { id: held ?? 0, contact: two, result: { kind: "held", reason: "window", keptUntil: 0 } },
      ]);
      const broadcast = await broadcastTo(store, 10);
      await store.writeMeta("copy", bytes(String(noon)));
      expect(await back(listsOf())).toEqual({
        ended: { replies: 3, broadcastMessages: 2, broadcasts: 1 },
        erasedAgain: 0,
        stoppedAgain: 0,
      });
      expect(await store.readMeta("copy")).toBeUndefined();
      await store.close();
      store = await place.open(clock);
      expect(await claimedIds(store)).toEqual([]);
      expect(await claimedIds(store, "bulk")).toEqual([]);
      expect(await claimedIds(store, "nudge")).toEqual(nudges.slice(0, 1));
      expect(await store.backlog()).toEqual({ reply: 0, nudge: 2, bulk: 0 });
      expect(await store.desk.broadcastStatus(broadcast)).toEqual({ "dropped put-back": 2 });
      await store.turn(turnOf("2", () => ({ ...nothing, release: true })));
      // What was held comes as the first of the answers.
      expect(await claimedIds(store)).toEqual([held]);
    });

    it("queues nothing more of a broadcast that was being queued", async () => {
      await Promise.all(["1", "2", "3"].map((blind) => meet(store, blind, {}, news)));
      const broadcast = await broadcastTo(store, 2);
      await store.writeMeta("copy", bytes(String(noon)));
      await back(listsOf());
      expect(await store.desk.broadcastsIn("planning")).toEqual([]);
      const more = store.desk.queueBroadcastChunk(broadcast, 10, ["fa-AF"], noon, tomorrow);
      expect(await more).toEqual({ queued: 0, more: false });
    });

    it("counts what came since as heard: asked for again, it would bring back who has been deleted", async () => {
      const heard = heardIn(store);
      await store.writeMeta("copy", bytes(String(noon)));
      await back(listsOf());
      expect(await heard.get()).toBeUndefined();
      await heard.set(noon - 1);
      await back(listsOf());
      expect(await heard.get()).toBe(noon - 1);
      await back(listsOf(4711));
      expect(await heard.get()).toBe(noon);
    });

    it("is settled once: what is queued afterwards goes", async () => {
      const one = await meet(store, "1");
      await store.writeMeta("copy", bytes(String(noon)));
      await back(listsOf());
      const queued = await queue(store, one, {});
      expect(await back(listsOf())).toEqual({ ended: undefined, erasedAgain: 0, stoppedAgain: 0 });
      expect(await claimedIds(store)).toEqual(queued);
    });
  });

  describe(`${name}, compared with the list of those erased`, () => {
    it("erases whoever the list names, wholly, and nobody else", async () => {
      const met = await Promise.all(
        Array.from({ length: 450 }, (_, one) => meet(store, `${one}`, {}, { ...news, schedule: [] })),
      );
      const gone = met.filter((_, at) => at % 7 === 0);
      const [first = 0] = gone;
      await queue(store, first, { lane: "nudge" });
      await change(store, first, { schedule: [{ ref: "wait", at: noon }] });
      const list = listsOf(...gone, 12_345);
      expect(await back(list)).toEqual({ ended: undefined, erasedAgain: gone.length, stoppedAgain: 0 });
      const left = await store.contactsAfter(0, 1_000);
      expect(left.map(({ id }) => id)).toEqual(met.filter((id) => !gone.includes(id)));
      expect(await store.desk.audience("org/news", noon)).toMatchObject([{ count: left.length }]);
      expect(await store.dueFires(tomorrow, 10)).toEqual([]);
      expect(await claimedIds(store, "nudge")).toEqual([]);
      expect(await store.copies.tombstones()).toHaveLength(gone.length + 1);
      // Whoever writes again is a stranger, and stays.
      const again = await meet(store, "0");
      expect(await back(list)).toEqual({ ended: undefined, erasedAgain: 0, stoppedAgain: 0 });
      expect(await store.contact(again)).toMatchObject({ version: 1 });
    });

    it("adds to the list whom only the store knows to be erased", async () => {
      const one = await meet(store, "1");
      await change(store, one, { forget: { tombstone: stone(one) } });
      const list = listsOf(7);
      await back(list);
      expect([...list.all].toSorted()).toEqual([hex(7), hex(one)].toSorted());
    });

    it("adds each erasure to the list before whoever asked for it hears of it", async () => {
      const list = listsOf();
      const listing = listingPeople(store, vault, list);
      const one = await meet(listing, "1");
      await change(listing, one, { subscribe: [] });
      expect(list.all.size).toBe(0);
      await change(listing, one, { forget: { tombstone: stone(one) } });
      expect([...list.all]).toEqual([hex(one)]);
    });
  });

  describe(`${name}, put back after people said stop`, () => {
    const reminder = { ref: "r1", at: noon };

    /** Somebody who waits at a question, has a reminder and follows a topic. */
    async function person(blind: string): Promise<number> {
      const one = people.create(store.nextId(), ["chat"], "fa-AF", "content");
      const session = {
        ...one.session,
        met: true,
        frames: ["intro:where" as const],
        subscriptions: ["org/news"],
        waitUntil: noon,
      };
      const { id, ...fields } = newContact(one.id);
      const row = people.seal({ ...one, session }, fields);
      await store.turn(
        turnOf(blind, () => ({
          ...nothing,
          contact: row,
          blinds: [bytes(blind)],
          ...news,
          schedule: [reminder],
        })),
      );
      await queue(store, id, { lane: "nudge" });
      return id;
    }

    it("stops them again without a word, and whoever took it back is left as they were", async () => {
      const [stops, wavers, says] = [await person("1"), await person("2"), await person("3")];
      const lists = listsOf();
      const word = (who: number, stopped: boolean) => lists.addOptOut({ who: hex(who), at: noon, stopped });
      word(stops, true);
      word(wavers, true);
      word(wavers, false);
      expect(await back(lists)).toMatchObject({ stoppedAgain: 0 });
      await store.writeMeta("copy", bytes(String(noon)));
      expect(await back(lists)).toMatchObject({ stoppedAgain: 1, ended: { replies: 0 } });
      const rows = await Promise.all([stops, wavers, says].map((id) => store.contact(id)));
      expect(rows.map((row) => row?.state)).toEqual(["stopped", "active", "active"]);
      const sessions = rows.map((row) => (row === undefined ? undefined : new People(vault).look(row)));
      expect(sessions[0]).toMatchObject({
        stopped: true,
        met: true,
        frames: [],
        subscriptions: [],
        waitUntil: null,
      });
      expect(sessions[1]).toMatchObject({ stopped: false, frames: ["intro:where"] });
      expect((await store.dueFires(noon, 10)).map(({ contact }) => contact)).toEqual([wavers, says]);
      expect(await store.backlog()).toEqual({ reply: 0, nudge: 2, bulk: 0 });
    });

    it("stops also whom the key does not open", async () => {
      const damaged = await meet(store, "1", {}, { ...news, schedule: [reminder] });
      const lists = listsOf();
      lists.addOptOut({ who: hex(damaged), at: noon, stopped: true });
      await store.writeMeta("copy", bytes(String(noon)));
      expect(await back(lists)).toMatchObject({ stoppedAgain: 1 });
      expect(await store.contact(damaged)).toMatchObject({ state: "stopped", session: bytes("session 0") });
      expect(await store.dueFires(noon, 10)).toEqual([]);
    });

    it("lists their words as they say them, and nothing that is not their word", async () => {
      const lists = listsOf();
      const listing = listingPeople(store, vault, lists);
      const id = await meet(listing, "1");
      const become = async (state: "active" | "stopped" | "blocked") => {
        const row = await store.contact(id);
        if (row !== undefined) await change(listing, id, { contact: { ...row, state } });
      };
      for (const state of ["active", "stopped", "stopped", "blocked", "stopped", "active"] as const)
        await become(state);
      expect(lists.words.map(({ stopped }) => stopped)).toEqual([true, true, false]);
      expect(new Set(lists.words.map(({ who, at }) => `${at} ${who}`))).toEqual(
        new Set([`${noon} ${hex(id)}`]),
      );
    });
  });
}
