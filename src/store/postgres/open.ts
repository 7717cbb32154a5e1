import { Problem } from "../../app/errors.ts";
import type { Clock, Log } from "../../app/ports.ts";
import type { Copies } from "../../app/ports-copies.ts";
import type { Store } from "../../app/ports-store.ts";
import type { Migration } from "../schema/migration.ts";
import { migrations } from "../schema/migrations.ts";
import { defaultRetention, type Retention } from "../schema/retention.ts";
import { openDatabase, type Statement } from "./connection.ts";
import { copiesOf } from "./copies.ts";
import { openingProblem } from "./failure.ts";
import { idsFrom, largestId } from "./ids.ts";
import { migrate } from "./migrate.ts";
import { refuseIfMoving } from "./moving.ts";
import { Session } from "./session.ts";
import { storeOf } from "./store.ts";

export type PostgresSettings = {
  /** `postgres://user:password@host:port/database`. Never repeated in a message. */
  readonly url: string;
  readonly log: Log;
  /** The wall clock; the machine's own by default. What passes between processes goes by the database's. */
  readonly clock?: Clock;
  readonly retention?: Partial<Retention>;
  /** Every step of the schema; the tests have other ones. */
  readonly steps?: readonly Migration[];
};

/** The store, and where the vault keeps its wrapped index key before anything else is opened. */
export type PostgresStore = Store & {
  /** The wrapped index key; where there is none yet, `made` becomes it. Of several processes, one makes it for all. */
  readonly indexKey: (make: () => Uint8Array) => Promise<Uint8Array>;
  readonly copies: Copies;
};

/**
 * Opens the store in a PostgreSQL database. Throws Problem `store-unavailable` with what to do when it can't be reached or
 * used, `store-newer` when its schema is from a newer program. Nothing stays open then, and nothing was changed.
 */
export async function openPostgresStore(settings: PostgresSettings): Promise<PostgresStore> {
  const { url, log, clock = { now: () => Date.now() } } = settings;
  const db = openDatabase(url, log);
  try {
    await migrate(db, settings.steps ?? migrations);
    await refuseIfMoving(db.read);
    const ids = idsFrom(await largestId(db.read), 0, clock);
    const session = new Session({ db, ids, clock, log });
    await session.open();
    const retention = { ...defaultRetention, ...settings.retention };
    const store = storeOf({ db, session, ids, clock, log, retention });
    return {
      ...store,
      copies: copiesOf(db),
      indexKey: async (make) => {
        const known = await store.readMeta(indexKeyName);
        if (known !== undefined) return known;
        await db.read(writeOnce, [indexKeyName, make()]);
        const written = await store.readMeta(indexKeyName);
        if (written === undefined)
          throw new Problem("store-unavailable", "the index key could not be written");
        return written;
      },
    };
  } catch (problem) {
    await db.end();
    throw openingProblem(problem);
  }
}

const indexKeyName = "index-key";
const writeOnce: Statement = {
  name: "meta-write-once",
  text: "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING",
};
