import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { newFolder, openAt } from "../contract/store/sqlite-place.ts";
import { bytes, change, meet, newContact, row } from "../contract/store/store-data.ts";
import type { Random } from "../stand-ins/wire/seeded.ts";

/** A database and its log as they stood on the disk at one moment. */
export type Snapshot = {
  readonly db: Buffer;
  readonly wal: Buffer;
  /** How many turns the database holds without its log. */
  readonly before: number;
  /** For each later turn, where its commit ends in the log, bytes. */
  readonly ends: readonly number[];
};

export const people = 5;

const pageSize = 4096;
const headerSize = 32;
const frameHeaderSize = 24;
export const frameSize = frameHeaderSize + pageSize;

const saltsOf = (bytes: Buffer, at: number): string => bytes.toString("hex", at, at + 8);

/** The frames of a log that belong to its present round; behind them may stand what an earlier one has left. */
export function framesOf(
  wal: Buffer,
): readonly { readonly page: number; readonly commits: boolean; readonly end: number }[] {
  const frames = [];
  const salts = saltsOf(wal, 16);
  for (let at = headerSize; at + frameSize <= wal.length && saltsOf(wal, at + 8) === salts; at += frameSize) {
    frames.push({ page: wal.readUInt32BE(at), commits: wal.readUInt32BE(at + 4) > 0, end: at + frameSize });
  }
  return frames;
}

/** What a turn writes of itself, so that it can be found again: the session names the turn. */
export const sessionOf = (turn: number): string => `turn ${turn}`;
/** Whose the turn is, of all people. */
export const whose = (turn: number): number => turn % people;

/**
 * Lets a real store take turns one by one, each with a message to send, and gives what its files were at some moments. Each
 * round of the log ends with a checkpoint, so that what it left stands behind the next one.
 */
export async function history(
  random: Random,
  { turns, every }: { readonly turns: number; readonly every: number },
): Promise<readonly Snapshot[]> {
  const folder = newFolder();
  const store = await openAt(folder);
  const snapshots: Snapshot[] = [];
  try {
    const contacts: number[] = [];
    for (let index = 0; index < people; index += 1) contacts.push(await meet(store, `chat ${index}`));
    checkpoint(folder);
    let round = { salts: "", before: 0, ends: [] as number[] };
    for (let turn = 1; turn <= turns; turn += 1) {
      const id = contacts[whose(turn)] ?? 0;
      const version = (await store.contact(id))?.version ?? 0;
      const contact = newContact(id, { version, session: bytes(sessionOf(turn)) });
      const body = new Uint8Array(100 + Math.floor(random() * 3_000));
      await change(store, id, { contact, outbox: [row(store, id, { body })], counts: ["turns"] });
      const wal = readFileSync(join(folder, "parwana.db-wal"));
      const salts = saltsOf(wal, 16);
      if (salts !== round.salts) round = { salts, before: turn - 1, ends: [] };
      round.ends.push(framesOf(wal).findLast(({ commits }) => commits)?.end ?? 0);
      if (turn % every !== 0) continue;
      const { before, ends } = round;
      snapshots.push({ db: readFileSync(join(folder, "parwana.db")), wal, before, ends: [...ends] });
      checkpoint(folder);
    }
    return snapshots;
  } finally {
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

function checkpoint(folder: string): void {
  const db = new DatabaseSync(join(folder, "parwana.db"));
  db.exec("PRAGMA wal_checkpoint(PASSIVE)");
  db.close();
}
