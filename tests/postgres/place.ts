import type { Clock } from "../../src/app/ports.ts";
import {
  openPostgresStore,
  type PostgresSettings,
  type PostgresStore,
} from "../../src/store/postgres/open.ts";
import type { StorePlace } from "../contract/store/store-engine.ts";
import { silent } from "../logs.ts";
import { type PostgresOptions, type RealPostgres, startPostgres } from "./real-postgres.ts";

const template = "parwana_template";

/** A running PostgreSQL that makes databases with the schema in them, fast. */
export type Databases = {
  readonly postgres: RealPostgres;
  /** Makes a database, or gives one that was emptied; gives its name. */
  readonly make: () => Promise<string>;
  /** Empties a database for the next test: ten times as fast as making another, whose first connections are slow, too. */
  readonly empty: (database: string) => Promise<void>;
  /** Runs a statement as the superuser. */
  readonly admin: (sql: string) => Promise<void>;
  readonly stop: () => Promise<void>;
};

// Broadcasts point to topics, and topics to organisations.
const tables = [
  "broadcasts",
  "topics",
  "orgs",
  "meta",
  "contacts",
  "lookups",
  "tombstones",
  "erasures",
  "inbox",
  "fires",
];
const others = ["outbox", "subscriptions", "broadcast_counts", "cases", "counters", "workers", "paces"];
const emptying = [...tables, ...others].map((table) => `DELETE FROM ${table};`).join("");

/** Starts a PostgreSQL with a template of the newest schema. */
export async function startDatabases(options: PostgresOptions = {}): Promise<Databases> {
  const postgres = await startPostgres(options);
  const admin = async (sql: string): Promise<void> => {
    await postgres.run(sql);
  };
  await admin(`CREATE DATABASE ${template}`);
  await (await openAt(postgres.url(template))).close();
  let made = 0;
  const free: string[] = [];
  return {
    postgres,
    make: async () => {
      const emptied = free.pop();
      if (emptied !== undefined) return emptied;
      made += 1;
      const name = `parwana_${made}`;
      await admin(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY file_copy`);
      return name;
    },
    empty: async (database) => {
      await postgres.run(emptying, database);
      free.push(database);
    },
    admin,
    stop: async () => {
      await postgres.stop();
    },
  };
}

export function openAt(url: string, settings: Partial<PostgresSettings> = {}): Promise<PostgresStore> {
  return openPostgresStore({ url, log: silent, ...settings });
}

/** PostgreSQL's place: a database. Abandoning it means that every connection is cut, and that the lease has run out. */
export async function postgresPlace({ postgres, make, empty, admin }: Databases): Promise<StorePlace> {
  const name = await make();
  return {
    open: (clock: Clock) => openAt(postgres.url(name), { clock }),
    abandon: async (store) => {
      await admin(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await admin(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
      await store.close();
      await admin(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await postgres.run("UPDATE workers SET renewed_at = 'epoch', lease_until = 'epoch'", name);
    },
    remove: () => empty(name),
  };
}
