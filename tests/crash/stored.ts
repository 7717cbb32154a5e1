import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { People } from "../../src/app/people.ts";
import type { Session } from "../../src/core/conversation/session.ts";
import { migrations } from "../../src/store/schema/migrations.ts";
import { contactFrom } from "../../src/store/schema/rows.ts";
import { metaOf } from "../../src/store/sqlite/meta.ts";
import { loadMasterKey } from "../../src/vault/master-key.ts";
import { openVault } from "../../src/vault/vault.ts";
import type { Person } from "./person.ts";
import type { Place } from "./place.ts";
import { isSameSession } from "./replay.ts";

/**
 * What a store that is at rest holds otherwise than the people's conversations say: inputs, sessions and outbox, each
 * whole and once. `steps`: how many steps were added to the schema.
 */
export function wrongInStore(
  place: Pick<Place, "dataDir" | "keyFile">,
  people: readonly Person[],
  steps: number,
): readonly string[] {
  const db = new DatabaseSync(join(place.dataDir, "parwana.db"), { readOnly: true });
  try {
    const sessions = sessionsOf(db, place);
    const outbox = outboxOf(db);
    return [
      ...damages(db),
      ...wrongSchema(db, steps),
      ...wrongInbox(db, people),
      ...people.flatMap((person) => wrongOf(person, sessions.get(person.address), outbox)),
    ];
  } finally {
    db.close();
  }
}

type Stored = { readonly contact: number; readonly session: Session };

/** By address: the sessions, opened with the master key. A store would not be opened: it knows no added steps. */
function sessionsOf(
  db: DatabaseSync,
  { dataDir, keyFile }: Pick<Place, "dataDir" | "keyFile">,
): ReadonlyMap<string, Stored> {
  const key = metaOf(db).read("index-key");
  const vault = openVault(loadMasterKey({ keyFile, dataDir }).key, {
    read: () => key,
    write: () => undefined,
  });
  const people = new People(vault);
  const rows = db.prepare("SELECT * FROM contacts").all().map(contactFrom);
  return new Map(
    rows.map((row) => {
      const { id, addresses, session } = people.open(row);
      return [addresses[0] ?? "", { contact: id, session }];
    }),
  );
}

function damages(db: DatabaseSync): readonly string[] {
  const found = db
    .prepare("PRAGMA integrity_check")
    .all()
    .map((row) => String(row["integrity_check"]));
  const dangling = db.prepare("PRAGMA foreign_key_check").all().length;
  return [
    ...found.filter((one) => one !== "ok").map((one) => `the database is broken: ${one}`),
    ...(dangling > 0 ? [`${dangling} rows refer to others that are not there`] : []),
  ];
}

function wrongSchema(db: DatabaseSync, steps: number): readonly string[] {
  const shipped = migrations.length;
  const version = Number(db.prepare("PRAGMA user_version").get()?.["user_version"]);
  const count = db.prepare("SELECT count FROM counters WHERE name = ?");
  const wrong = Array.from({ length: steps }, (_, index) => shipped + index + 1).filter(
    (number) => count.get(`crash step ${number}`)?.["count"] !== 1,
  );
  return [
    ...(version === shipped + steps ? [] : [`the schema is at step ${version} of ${shipped + steps}`]),
    ...wrong.map((number) => `step ${number} of the schema was not taken once and whole`),
  ];
}

function wrongInbox(db: DatabaseSync, people: readonly Person[]): readonly string[] {
  const rows = db.prepare("SELECT external_id, state FROM inbox").all();
  const done = new Set(rows.filter((row) => row["state"] === 0).map((row) => String(row["external_id"])));
  const acknowledged = people.flatMap((person) => person.acknowledged);
  const missing = acknowledged.filter((id) => !done.has(id));
  return [
    ...missing.map((id) => `delivery ${id} was acknowledged and is not in the inbox`),
    ...(rows.length > acknowledged.length
      ? [`the inbox holds ${rows.length - acknowledged.length} deliveries that nobody sent`]
      : []),
  ];
}

type Queued = Readonly<Record<string, unknown>>;

/** By contact: what was queued for them, in one look, as the rows of what was sent stand in no index of people. */
function outboxOf(db: DatabaseSync): ReadonlyMap<number, readonly Queued[]> {
  const rows = db.prepare("SELECT contact_id, id, state, attempts, reason FROM outbox").all();
  return Map.groupBy<number, Queued>(rows, (row) => Number(row["contact_id"]));
}

function wrongOf(
  person: Person,
  stored: Stored | undefined,
  outbox: ReadonlyMap<number, readonly Queued[]>,
): readonly string[] {
  const { address, acknowledged } = person;
  const messages = person.messages();
  if (stored === undefined)
    return acknowledged.length === 0 ? [] : [`${address}: the person is not in the store`];
  const { contact, session } = stored;
  const rows = outbox.get(contact) ?? [];
  const unsent = rows.filter((row) => row["state"] !== 3);
  const { turn } = session;
  return [
    ...(turn === acknowledged.length ? [] : [`${address}: ${turn} turns for ${acknowledged.length} inputs`]),
    ...(isSameSession(session, person.session())
      ? []
      : [`${address}: the session is not what the inputs lead to`]),
    ...(rows.length === messages
      ? []
      : [`${address}: ${rows.length} rows in the outbox for ${messages} messages`]),
    ...unsent.map((row) => `${address}: a row in the outbox is not marked as sent: ${JSON.stringify(row)}`),
  ];
}
