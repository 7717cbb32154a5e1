import type { DatabaseSync, StatementSync } from "node:sqlite";
import { openDatabase } from "../../src/store/sqlite/connection.ts";
import { makeDataFolder } from "../../src/store/sqlite/data-folder.ts";
import {
  address,
  blindOf,
  body,
  day,
  deliveryId,
  inFlight,
  people,
  session,
  whose,
  wrappedKey,
} from "./turns.ts";

/** The same rows in the same tables and batches, by prepared statements and nothing around them. */
export type Bare = {
  /** Runs turns from a number on, with their settling; gives how many a second. */
  readonly round: (from: number, count: number) => number;
  readonly close: () => void;
};

/** Opens a database of its own with everybody in it. */
export function openBare(dataDir: string): Bare {
  makeDataFolder(dataDir);
  const db = openDatabase(dataDir, undefined);
  const batch = batches(db);
  const join = joiner(db);
  for (let from = 0; from < people; from += inFlight) batch(from, Math.min(inFlight, people - from), join);
  const statements = prepared(db);
  const turn = (number: number) => oneTurn(statements, number);
  const settle = (number: number) => void statements.settle.run(number + 1);
  return {
    round: (from, count) => {
      const started = performance.now();
      for (let number = from; number < from + count; number += inFlight) {
        const size = Math.min(inFlight, from + count - number);
        batch(number, size, turn);
        batch(number, size, settle);
      }
      return (count * 1000) / (performance.now() - started);
    },
    close: () => db.close(),
  };
}

function batches(db: DatabaseSync) {
  return (from: number, size: number, work: (number: number) => void): void => {
    db.exec("BEGIN IMMEDIATE");
    for (let number = from; number < from + size; number += 1) work(number);
    db.exec("COMMIT");
  };
}

function joiner(db: DatabaseSync): (person: number) => void {
  const contact = db.prepare(
    `INSERT INTO contacts (id, channel, language, state, version, last_seen, last_inbound, wrapped_key, address, session)
    VALUES (?, 'telegram', 'fa-AF', 'active', 1, 0, 0, ?, ?, ?)`,
  );
  const lookUp = db.prepare("INSERT INTO lookups (blind, contact_id) VALUES (?, ?)");
  return (person) => {
    contact.run(person + 1, wrappedKey, address, session);
    lookUp.run(blindOf(person), person + 1);
  };
}

type Statements = Readonly<Record<"receive" | "find" | "write" | "queue" | "settle", StatementSync>>;

function prepared(db: DatabaseSync): Statements {
  return {
    receive: db.prepare(
      `INSERT INTO inbox (channel, external_id, state, received_at) VALUES ('telegram', ?, 0, ?)
      ON CONFLICT DO NOTHING`,
    ),
    find: db.prepare(
      `SELECT c.id, c.version, c.wrapped_key, c.address, c.session FROM lookups l JOIN contacts c ON c.id = l.contact_id
      WHERE l.blind = ?`,
    ),
    write: db.prepare(
      "UPDATE contacts SET last_seen = ?1, last_inbound = ?1, session = ?2, version = version + 1 WHERE id = ?3 AND version = ?4",
    ),
    queue: db.prepare(
      `INSERT INTO outbox (id, contact_id, channel, lane, language, state, not_before, not_after, body)
      VALUES (?, ?, 'telegram', 0, 'fa-AF', 0, ?, ?, ?)`,
    ),
    settle: db.prepare(
      "UPDATE outbox SET state = 3, body = NULL, provider_id = NULL, attempts = attempts + 1, reason = NULL, report = 1 WHERE id = ?",
    ),
  };
}

function oneTurn({ receive, find, write, queue }: Statements, number: number): void {
  const now = Date.now();
  if (receive.run(deliveryId(number), now).changes !== 1) throw new Error("a delivery came twice");
  const found = find.get(blindOf(whose(number)));
  const id = Number(found?.["id"]);
  write.run(now, session, id, Number(found?.["version"]));
  queue.run(number + 1, id, now, now + day, body);
}
