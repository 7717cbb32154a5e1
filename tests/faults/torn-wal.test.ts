import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, vi } from "vitest";
import { newFolder, openAt } from "../contract/store/sqlite-place.ts";
import { change, row, text } from "../contract/store/store-data.ts";
import { type Random, seeded } from "../stand-ins/wire/seeded.ts";
import { frameSize, framesOf, history, people, type Snapshot, sessionOf, whose } from "./wal-history.ts";

/** How many damaged copies are opened: CUTS=1000 npx vitest run tests/faults/torn-wal.test.ts */
const cuts = Number(process.env["CUTS"] ?? 100);
const seed = Number(process.env["SEED"] ?? 20_261_122);

vi.setConfig({ testTimeout: 30_000 + cuts * 300 });

type Damaged = { readonly db: Buffer; readonly wal: Buffer };
type Damage = (snapshot: Snapshot, random: Random, earlier: Buffer) => Damaged;

const placeIn = (bytes: Buffer, random: Random): number => Math.floor(random() * bytes.length);

/** What a loss of power may leave of a log that was being written, and of a database that was being caught up with it. */
const damages: Readonly<Record<string, Damage>> = {
  "is cut": ({ db, wal }, random) => ({ db, wal: wal.subarray(0, placeIn(wal, random)) }),
  "has a changed byte": ({ db, wal }, random) => {
    const torn = Buffer.from(wal);
    const at = placeIn(wal, random);
    torn.writeUInt8((torn.readUInt8(at) + 1 + Math.floor(random() * 255)) % 256, at);
    return { db, wal: torn };
  },
  "has sectors that were not written": ({ db, wal }, random) => {
    const torn = Buffer.from(wal);
    const at = placeIn(wal, random) & ~511;
    return { db, wal: torn.fill(0, at, Math.min(wal.length, at + 512 * (1 + Math.floor(random() * 8)))) };
  },
  "ends in what stood there before": ({ db, wal }, random, earlier) => {
    const at = placeIn(wal, random);
    return { db, wal: Buffer.concat([wal.subarray(0, at), earlier.subarray(at)]) };
  },
  "is whole, and the database torn where it was being written": ({ db, wal }, random) => {
    const torn = Buffer.from(db);
    for (const { page } of framesOf(wal)) {
      const at = (page - 1) * (frameSize - 24);
      if (page > 1 && at < torn.length && random() < 0.5)
        torn.fill(Math.floor(random() * 256), at + 256, at + 2048);
    }
    return { db: torn, wal };
  },
};

/** How many turns have to be there: all whose commit ends before the first byte that is not what was written. */
function expected({ wal, before, ends }: Snapshot, damaged: Buffer): number {
  let same = 0;
  while (same < wal.length && same < damaged.length && wal[same] === damaged[same]) same += 1;
  return before + ends.filter((end) => end <= same).length;
}

/** Opens a store on these files; gives how many turns it holds. Fails where one is there in part. */
async function turnsIn({ db, wal }: Damaged): Promise<number> {
  const folder = newFolder();
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "parwana.db"), db);
    writeFileSync(join(folder, "parwana.db-wal"), wal);
    const store = await openAt(folder);
    const { turns = 0 } = await store.desk.counts();
    const contacts = await store.contactsAfter(0, people + 1);
    expect(contacts).toHaveLength(people);
    for (const [index, { session }] of contacts.entries()) {
      const last = Array.from({ length: turns }, (_, turn) => turn + 1).findLast(
        (turn) => whose(turn) === index,
      );
      expect(text(session)).toBe(last === undefined ? "session 0" : sessionOf(last));
    }
    expect((await store.backlog()).reply).toBe(turns);
    // It is as good as new.
    const id = contacts[0]?.id ?? 0;
    await change(store, id, { outbox: [row(store, id)] });
    await store.close();
    expect(check(folder)).toEqual(["ok"]);
    return turns;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function check(folder: string): readonly unknown[] {
  const db = new DatabaseSync(join(folder, "parwana.db"), { readOnly: true });
  try {
    expect(db.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
    return db
      .prepare("PRAGMA integrity_check")
      .all()
      .map((found) => found["integrity_check"]);
  } finally {
    db.close();
  }
}

it(`of ${cuts} databases whose log was damaged, each opens whole, with all turns up to some point and none after it`, async () => {
  const random = seeded(seed);
  const snapshots = await history(random, { turns: 120, every: 15 });
  expect(snapshots.some(({ before }) => before > 0)).toBe(true);
  const kinds = Object.entries(damages);
  const found = new Set<number>();
  for (let cut = 0; cut < cuts; cut += 1) {
    const at = Math.floor(random() * snapshots.length);
    const snapshot = snapshots[at];
    const [kind = "", damage] = kinds[cut % kinds.length] ?? [];
    if (snapshot === undefined || damage === undefined) throw new Error("there is nothing to damage");
    const earlier = snapshots[at - 1]?.wal ?? Buffer.alloc(0);
    const damaged = damage(snapshot, random, earlier);
    const turns = await turnsIn(damaged);
    expect({ cut, kind, turns }).toEqual({ cut, kind, turns: expected(snapshot, damaged.wal) });
    found.add(turns);
  }
  // Not always the same point.
  expect(found.size).toBeGreaterThan(Math.min(cuts, 100) / 10);
});
