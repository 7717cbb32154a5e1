import { rmSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Problem } from "../../../src/app/errors.ts";
import type { SqliteStore } from "../../../src/store/sqlite/open.ts";
import { unavailable } from "../../../src/store/sqlite/store-failure.ts";
import { newFolder, openAt } from "./sqlite-place.ts";
import { bytes, change, meet, queue, row } from "./store-data.ts";
import { handClock } from "./store-engine.ts";

describe("a store that is full", () => {
  let folder: string;
  let store: SqliteStore;
  const clock = handClock();
  beforeEach(async () => {
    folder = newFolder();
    store = await openAt(folder, { maxPages: 200, clock });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  /** Queues large messages until one is refused; gives how many were stored and what the refusal was. */
  async function fill(contact: number): Promise<{ readonly stored: number; readonly refusal: unknown }> {
    for (let stored = 0; ; stored += 1) {
      try {
        await queue(store, contact, { lane: "bulk", body: new Uint8Array(20_000) });
      } catch (refusal) {
        return { stored, refusal };
      }
    }
  }

  it("refuses, keeps what it has acknowledged, and works again when there is room", async () => {
    const full = await meet(store, "chat 1");
    const other = await meet(store, "chat 2");
    const { stored, refusal } = await fill(full);
    expect(refusal).toMatchObject({ name: "Problem", code: "store-unavailable" });
    expect(stored).toBeGreaterThan(0);
    expect(await store.backlog()).toMatchObject({ bulk: stored });

    await change(store, full, { forget: { tombstone: bytes("tombstone") } });
    await queue(store, other, {});
    expect(await store.backlog()).toEqual({ reply: 1, nudge: 0, bulk: 0 });
    expect(await store.health()).toEqual({ ok: true });
  });

  it("acknowledges nothing of a batch that could not be written", async () => {
    const contact = await meet(store, "chat 1");
    await fill(contact);
    const small = (): Promise<unknown> => change(store, contact, { counts: ["small"] });
    const large = (): Promise<unknown> =>
      change(store, contact, { outbox: [row(store, contact, { body: new Uint8Array(200_000) })] });
    const results = await Promise.allSettled([small(), large(), small()]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await store.desk.counts()).toEqual({});
  });

  it("says so when asked for its health", async () => {
    const contact = await meet(store, "chat 1");
    const { refusal } = await fill(contact);
    expect(refusal).toBeInstanceOf(Problem);
    // Use up what little room is left, so that not even a probe fits.
    for (let size = 16_000; size >= 500; size /= 2) {
      await store.writeMeta(`fill ${size}`, new Uint8Array(size)).catch(() => undefined);
    }
    clock.advance(2_000);
    const red = { ok: false, code: "disk-full", reason: expect.stringContaining("disk is full") };
    expect(await store.health()).toMatchObject(red);
    // What has nothing to write works, and says nothing of whether there is room.
    await change(store, contact, {});
    expect(await store.health()).toMatchObject(red);
  });
});

describe("which failures concern the whole store", () => {
  const sqlite = (errcode: number): Error => Object.assign(new Error("SQLite's words"), { errcode });

  it.each([5, 8, 10, 13, 778, 1032, 3338, 11, 14, 26])("%i does", (code) => {
    const problem = unavailable(sqlite(code));
    expect(problem).toMatchObject({ code: "store-unavailable" });
    expect(problem?.message).toContain(String(code));
  });

  it.each([1, 19, 20, 787, 1555, 2067])("%i does not", (code) => {
    expect(unavailable(sqlite(code))).toBeUndefined();
  });

  it("an error that is not SQLite's does not", () => {
    expect(unavailable(new TypeError("other"))).toBeUndefined();
    expect(unavailable("text")).toBeUndefined();
  });
});
