import { mkdirSync } from "node:fs";
import type { Clock, Log, Vault } from "../app/ports.ts";
import type { Store } from "../app/ports-store.ts";
import type { Config } from "../config.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import type { MasterKey } from "../vault/master-key.ts";
import { makeIndexKey, openVault, vaultOf } from "../vault/vault.ts";

type Needs = {
  readonly config: Pick<Config, "dataDir" | "databaseUrl">;
  /** Loads the master key, or makes it at first run. */
  readonly loadMaster: () => MasterKey;
  readonly log: Log;
  readonly clock: Clock;
};

type Opened = { readonly store: Store; readonly vault: Vault; readonly master: MasterKey };

/** The store that the configuration names, and its vault. Throws Problems; nothing stays open then. */
export function openStore(needs: Needs): Promise<Opened> {
  const { databaseUrl } = needs.config;
  return databaseUrl === undefined ? inFolder(needs) : inDatabase(needs, databaseUrl);
}

async function inFolder({ config, loadMaster, log, clock }: Needs): Promise<Opened> {
  const master = loadMaster();
  const store = await openSqliteStore({ dataDir: config.dataDir, log, clock });
  return orClosed(store, async () => ({ store, master, vault: openVault(master.key, store.metaSync) }));
}

async function inDatabase({ config, loadMaster, log, clock }: Needs, url: string): Promise<Opened> {
  const [{ openPostgresStore }, { checkDatabase }] = await Promise.all([
    import("../store/postgres/open.ts"),
    import("../store/postgres/check.ts"),
  ]);
  // Before a key is made, and before anything is changed there.
  await checkDatabase(url);
  const master = loadMaster();
  const store = await openPostgresStore({ url, log, clock });
  return orClosed(store, async () => {
    const wrapped = await store.indexKey(() => makeIndexKey(master.key));
    // The commands' socket stands there.
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    return { store, master, vault: vaultOf(master.key, wrapped) };
  });
}

async function orClosed<T>(store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (problem) {
    await store.close();
    throw problem;
  }
}
