import { type CameBack, comeBack } from "../app/come-back.ts";
import { listingPeople } from "../app/list-people.ts";
import type { Clock, Log, Vault } from "../app/ports.ts";
import type { Copies } from "../app/ports-copies.ts";
import type { Store } from "../app/ports-store.ts";
import type { Config } from "../config.ts";
import { makeDataFolder } from "../store/sqlite/data-folder.ts";
import { openSqliteStore } from "../store/sqlite/open.ts";
import {
  checkMasterKey,
  existingMasterKey,
  loadMasterKey,
  type MasterKey,
  type MasterKeySettings,
} from "../vault/master-key.ts";
import { makeIndexKey, openVault, vaultOf } from "../vault/vault.ts";
import { peopleLists } from "./people-lists.ts";

type Needs = {
  readonly config: Pick<Config, "databaseUrl"> & MasterKeySettings;
  readonly log: Log;
  readonly clock: Clock;
};

type Opened = {
  readonly store: Store;
  readonly vault: Vault;
  readonly master: MasterKey;
  /** What had to be done because the store was put back from a copy. */
  readonly cameBack: CameBack;
};

/**
 * The store that the configuration names, and its vault. Whoever was erased since a copy was made that was put back is erased
 * again by then. A master key is made, at first run, only once there is a store without data to make it for. Throws Problems
 * and VaultErrors; nothing stays open then.
 */
export async function openStore(needs: Needs): Promise<Opened> {
  const { databaseUrl } = needs.config;
  checkMasterKey(needs.config);
  return databaseUrl === undefined ? inFolder(needs) : inDatabase(needs, databaseUrl);
}

async function inFolder(needs: Needs): Promise<Opened> {
  const { config, log, clock } = needs;
  const store = await openSqliteStore({ dataDir: config.dataDir, log, clock });
  return orClosed(store, () => {
    const isNew = store.metaSync.read() === undefined;
    const master = isNew ? loadMasterKey(config) : existingMasterKey(config);
    return opened(needs, store, openVault(master.key, store.metaSync), master);
  });
}

async function inDatabase(needs: Needs, url: string): Promise<Opened> {
  const { config, log, clock } = needs;
  const [{ openPostgresStore }, { checkDatabase }] = await Promise.all([
    import("../store/postgres/open.ts"),
    import("../store/postgres/check.ts"),
  ]);
  // Before anything is made here or changed there.
  await checkDatabase(url);
  // The commands' socket stands there, and the lists of people.
  makeDataFolder(config.dataDir);
  const store = await openPostgresStore({ url, log, clock });
  return orClosed(store, async () => {
    let made: MasterKey | undefined;
    const wrapped = await store.indexKey(() => {
      made = loadMasterKey(config);
      return makeIndexKey(made.key);
    });
    const master = made ?? existingMasterKey(config);
    return opened(needs, store, vaultOf(master.key, wrapped), master);
  });
}

async function opened(
  { config, log, clock }: Needs,
  store: Store & { readonly copies: Copies },
  vault: Vault,
  master: MasterKey,
): Promise<Opened> {
  const lists = peopleLists(config.dataDir, log);
  const cameBack = await comeBack({ store, copies: store.copies, vault, lists, clock, log });
  return { store: listingPeople(store, vault, lists), vault, master, cameBack };
}

async function orClosed<T>(store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (problem) {
    await store.close();
    throw problem;
  }
}
