import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, vi } from "vitest";
import { newFolder, openAt } from "../contract/store/sqlite-place.ts";
import { bytes, change, meet, queue, sent } from "../contract/store/store-data.ts";

it("an erasure that was interrupted by trouble with the store is finished when that is over", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const folder = newFolder();
  const notes: string[] = [];
  const note = (event: string) => void notes.push(event);
  const store = await openAt(folder, { log: { debug: note, info: note, warn: note, error: note } });
  const other = new DatabaseSync(join(folder, "parwana.db"), { timeout: 0 });
  try {
    const count = (table: string) => other.prepare(`SELECT count(*) AS count FROM ${table}`).get()?.["count"];
    const id = await meet(store, "chat 1");
    const [message = 0] = await queue(store, id, {});
    await store.settle([{ id: message, contact: id, result: sent }]);
    await change(store, id, { forget: { tombstone: bytes("tombstone") } });
    // Before the walk through what was sent has begun.
    other.exec("BEGIN IMMEDIATE");
    const until = async (event: string) => {
      while (!notes.includes(event)) {
        await vi.advanceTimersByTimeAsync(100);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    await until("erasure-walk-interrupted");
    expect(notes).toContain("store-unavailable");
    other.exec("ROLLBACK");
    expect([count("erasures"), count("outbox")]).toEqual([1, 1]);
    await until("store-available");
    await vi.advanceTimersByTimeAsync(100);
    await new Promise((resolve) => setImmediate(resolve));
    expect(count("outbox")).toBe(0);
  } finally {
    other.close();
    await store.close();
    vi.useRealTimers();
    rmSync(folder, { recursive: true });
  }
});
