import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import type { SqliteStore } from "../../src/store/sqlite/open.ts";
import { newFolder, openAt } from "../contract/store/sqlite-place.ts";
import { bytes, change, meet, nothing, queue, row, turnOf } from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";

const turnNames = ["turn 0", "turn 1", "turn 2"] as const;
const pieces = [...turnNames, "meeting", "value", "erasure", "message"] as const;
type Piece = (typeof pieces)[number];

function turn(store: SqliteStore, contact: number, index: number): Promise<unknown> {
  const name = turnNames[index] ?? "";
  const outbox = [row(store, contact, { body: new Uint8Array(6_000) })];
  const changes = { ...nothing, outbox, schedule: [{ ref: name, at: noon }], counts: [name] };
  const inbox = { channel: "whatsapp", externalId: name } as const;
  return store.turn(turnOf(`chat ${index}`, () => changes, { inbox }));
}

/** What a day brings, piece by piece; gives those that were acknowledged. */
async function day(store: SqliteStore, contacts: readonly number[]): Promise<ReadonlySet<Piece>> {
  const [erased = 0, other = 0] = contacts;
  const work: Readonly<Record<Piece, () => Promise<unknown>>> = {
    "turn 0": () => turn(store, erased, 0),
    "turn 1": () => turn(store, other, 1),
    "turn 2": () => turn(store, contacts[2] ?? 0, 2),
    meeting: () => meet(store, "chat 3", { session: new Uint8Array(9_000) }),
    value: () => store.writeMeta("value", new Uint8Array(12_000)),
    erasure: () => change(store, erased, { forget: { tombstone: bytes("tombstone") } }),
    message: () => queue(store, other, { body: new Uint8Array(3_000) }),
  };
  const done = new Set<Piece>();
  for (const piece of pieces) {
    try {
      await work[piece]();
      done.add(piece);
    } catch (problem) {
      expect(problem).toMatchObject({ code: "store-unavailable", trouble: "disk-full" });
    }
  }
  return done;
}

/** Compares what is there with what was acknowledged: all of each piece, and nothing of the others. */
function expectWhole(folder: string, done: ReadonlySet<Piece>): void {
  const db = new DatabaseSync(join(folder, "parwana.db"), { readOnly: true });
  const count = (from: string) =>
    Number(db.prepare(`SELECT count(*) AS count FROM ${from}`).get()?.["count"]);
  const was = (piece: Piece) => (done.has(piece) ? 1 : 0);
  const ofErased = done.has("erasure") ? 0 : was("turn 0");
  for (const name of turnNames) {
    expect(count(`inbox WHERE external_id = '${name}'`)).toBe(was(name));
    expect(count(`counters WHERE name = '${name}'`)).toBe(was(name));
    expect(count(`fires WHERE ref = '${name}'`)).toBe(name === "turn 0" ? ofErased : was(name));
  }
  expect(count("outbox WHERE state <= 2")).toBe(ofErased + was("turn 1") + was("turn 2") + was("message"));
  expect(count("contacts")).toBe(3 + was("meeting") - was("erasure"));
  expect(count("meta WHERE key = 'value'")).toBe(was("value"));
  expect(db.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
  expect(db.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
  db.close();
}

function pageCount(folder: string): number {
  const db = new DatabaseSync(join(folder, "parwana.db"), { readOnly: true });
  const count = Number(db.prepare("PRAGMA page_count").get()?.["page_count"]);
  db.close();
  return count;
}

it("wherever the room ends, what was acknowledged is whole, the rest is not there, and all goes on", async () => {
  const base = newFolder();
  const first = await openAt(base);
  for (const index of [0, 1, 2]) await meet(first, `chat ${index}`);
  const contacts = (await first.contactsAfter(0, 3)).map(({ id }) => id);
  await first.close();
  const outcomes: string[] = [];
  for (let maxPages = pageCount(base); outcomes.at(-1) !== pieces.join(); maxPages += 1) {
    const folder = newFolder();
    cpSync(base, folder, { recursive: true });
    const store = await openAt(folder, { maxPages });
    const done = await day(store, contacts);
    await store.close();
    expectWhole(folder, done);
    outcomes.push([...done].join());

    // With room again, the platforms come with what was refused and with what was not.
    const roomy = await openAt(folder);
    for (const index of [1, 2]) await turn(roomy, contacts[index] ?? 0, index);
    expect(await roomy.desk.counts()).toMatchObject({ "turn 1": 1, "turn 2": 1 });
    await roomy.close();
    rmSync(folder, { recursive: true });
  }
  rmSync(base, { recursive: true });
  expect(new Set(outcomes).size).toBeGreaterThan(5);
});
