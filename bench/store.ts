import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import type { Log } from "../src/app/ports.ts";
import type { Changes, ContactRow, Store } from "../src/app/ports-store.ts";
import { openSqliteStore } from "../src/store/sqlite/open.ts";

/**
 * What the store alone bears, beside the same rows written by hand to a bare database in the same batches. A turn is a new
 * inbox row, a contact read and written with a session of 600 bytes, and an outbox row of 400 bytes, settled afterwards.
 * Then a broadcast is queued and sent.
 */

const { values } = parseArgs({
  options: {
    turns: { type: "string", default: "40000" },
    rounds: { type: "string", default: "3" },
    contacts: { type: "string", default: "10000" },
    subscribers: { type: "string", default: "200000" },
    dir: { type: "string", default: tmpdir() },
  },
});
const turnCount = Number(values.turns);
const contactCount = Number(values.contacts);
const subscriberCount = Number(values.subscribers);
const inFlight = 64;
const day = 86_400_000;

const session = randomBytes(600);
const body = randomBytes(400);
const blinds = Array.from({ length: contactCount + subscriberCount }, () => randomBytes(16));
const whose = (turn: number): number => (turn * 7919) % contactCount;

const nothing: Changes = {
  contact: undefined,
  blinds: [],
  outbox: [],
  drop: undefined,
  release: true,
  schedule: [],
  unschedule: [],
  subscribe: [],
  unsubscribe: [],
  openCases: [],
  counts: [],
  forget: undefined,
};

const unexpected = (): never => {
  throw new Error("a turn failed");
};

function joining(store: Store, number: number, topics: readonly string[]): Promise<unknown> {
  const blind = blinds[number] ?? unexpected();
  const contact: ContactRow = {
    id: store.nextId(),
    channel: "telegram",
    language: "fa-AF",
    state: "active",
    version: 0,
    lastSeen: Date.now(),
    lastInbound: Date.now(),
    openKeyboard: undefined,
    wrappedKey: randomBytes(61),
    address: randomBytes(60),
    session,
  };
  return store.turn({
    who: { kind: "address", blinds: [blind] },
    inbox: { channel: "telegram", externalId: `join ${number}` },
    fire: undefined,
    now: Date.now(),
    decide: () => ({ ...nothing, contact, blinds: [blind], subscribe: topics }),
    keep: unexpected,
  });
}

async function turn(store: Store, number: number): Promise<void> {
  const now = Date.now();
  const id = store.nextId();
  let contact = 0;
  await store.turn({
    who: { kind: "address", blinds: [blinds[whose(number)] ?? unexpected()] },
    inbox: { channel: "telegram", externalId: String(800_000_000 + number) },
    fire: undefined,
    now,
    decide: (found) => {
      if (found === undefined) return unexpected();
      contact = found.id;
      const row = { id, contact, channel: "telegram", lane: "reply", language: "fa-AF", body } as const;
      return {
        ...nothing,
        contact: { ...found, lastSeen: now, lastInbound: now, session },
        outbox: [{ ...row, notBefore: now, notAfter: now + day }],
      };
    },
    keep: unexpected,
  });
  await store.settle([
    { id, contact, result: { kind: "sent", providerId: String(number), keyboard: undefined } },
  ]);
}

/** Runs `work` for each number from `from`, as many at once as there are in flight; gives how many a second. */
async function abreast(
  from: number,
  count: number,
  work: (number: number) => Promise<unknown>,
): Promise<number> {
  const started = performance.now();
  let next = from;
  const run = async (): Promise<void> => {
    while (next < from + count) await work(next++);
  };
  await Promise.all(Array.from({ length: inFlight }, run));
  return (count * 1000) / (performance.now() - started);
}

/** The same by hand: no versions, no lanes, no look-ups, no errors; gives a function that runs a round. */
function bareDatabase(folder: string): {
  readonly round: (from: number) => number;
  readonly end: () => void;
} {
  const db = new DatabaseSync(join(folder, "bare.db"));
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536;
    PRAGMA wal_autocheckpoint = 10000;
    CREATE TABLE inbox (channel TEXT, id TEXT, at INTEGER, PRIMARY KEY (channel, id)) WITHOUT ROWID;
    CREATE TABLE contacts (id INTEGER PRIMARY KEY, seen INTEGER, key BLOB, address BLOB, session BLOB);
    CREATE TABLE outbox (id INTEGER PRIMARY KEY, contact INTEGER, state INTEGER, body BLOB)`);
  const meet = db.prepare("INSERT INTO contacts VALUES (?, 0, ?, ?, ?)");
  db.exec("BEGIN");
  for (let id = 0; id < contactCount; id += 1) meet.run(id, randomBytes(61), randomBytes(60), session);
  db.exec("COMMIT");
  const receive = db.prepare("INSERT INTO inbox VALUES ('telegram', ?, ?) ON CONFLICT DO NOTHING");
  const read = db.prepare("SELECT * FROM contacts WHERE id = ?");
  const write = db.prepare("UPDATE contacts SET seen = ?, session = ? WHERE id = ?");
  const queue = db.prepare("INSERT INTO outbox VALUES (?, ?, 0, ?)");
  const settle = db.prepare("UPDATE outbox SET state = 1, body = NULL WHERE id = ?");
  const batch = (from: number, work: (number: number) => void): void => {
    db.exec("BEGIN IMMEDIATE");
    for (let number = from; number < from + inFlight; number += 1) work(number);
    db.exec("COMMIT");
  };
  return {
    round: (from) => {
      const started = performance.now();
      for (let number = from; number < from + turnCount; number += inFlight) {
        batch(number, (one) => {
          receive.run(String(800_000_000 + one), one);
          read.get(whose(one));
          write.run(one, session, whose(one));
          queue.run(one, whose(one), body);
        });
        batch(number, (one) => settle.run(one));
      }
      return (turnCount * 1000) / (performance.now() - started);
    },
    end: () => db.close(),
  };
}

async function broadcast(store: Store): Promise<void> {
  await store.desk.addOrganisation("org", "Org", 0);
  await store.desk.addTopic({ id: "org/news", organisation: "org", titles: {} }, 0);
  await abreast(contactCount, subscriberCount, (number) => joining(store, number, ["org/news"]));
  const id = store.nextId();
  await store.desk.createBroadcast({ id, topic: "org/news", organisation: "org", texts: {}, createdAt: 0 });
  const stalls: number[] = [];
  for (let more = true; more; ) {
    const from = performance.now();
    ({ more } = await store.desk.queueBroadcastChunk(id, 1000, ["fa-AF"], Date.now(), Date.now() + day));
    stalls.push(performance.now() - from);
  }
  stalls.sort((a, b) => a - b);
  const total = stalls.reduce((sum, stall) => sum + stall, 0);
  const middle = stalls[Math.floor(stalls.length / 2)] ?? 0;
  console.log(
    `${subscriberCount} rows queued in ${Math.round(total)} ms; 1000 at once stall ${middle.toFixed(1)} ms, at most ${stalls.at(-1)?.toFixed(1)} ms`,
  );
  let claiming = 0;
  let claimed = 0;
  for (let more = true; more && claimed < 20_000; ) {
    const from = performance.now();
    const rows = await store.claim(Date.now(), "bulk", 100);
    claiming += performance.now() - from;
    claimed += rows.length;
    more = rows.length > 0;
    await store.settle(rows.map((row) => ({ ...row, result: { kind: "failed", reason: "bench" } })));
  }
  console.log(`claiming 100 at once: ${((claiming * 1000) / claimed).toFixed(1)} µs a row`);
}

const quiet = (): void => undefined;
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const folder = mkdtempSync(join(values.dir, "parwana-bench-"));
const store = await openSqliteStore({ dataDir: join(folder, "store"), log });
const bare = bareDatabase(folder);
try {
  await abreast(0, contactCount, (number) => joining(store, number, []));
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const byHand = bare.round(round * turnCount);
    const ours = await abreast(round * turnCount, turnCount, (number) => turn(store, number));
    console.log(
      `turns with their settling: by hand ${Math.round(byHand)}/s, store ${Math.round(ours)}/s, ratio ${(ours / byHand).toFixed(2)}`,
    );
  }
  bare.end();
  if (subscriberCount > 0) await broadcast(store);
  console.log(`memory ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
} finally {
  await store.close();
  rmSync(folder, { recursive: true });
}
