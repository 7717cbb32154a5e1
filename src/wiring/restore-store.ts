import type { CameBack } from "../app/come-back.ts";
import type { Clock, Log } from "../app/ports.ts";
import type { Config } from "../config.ts";
import { type PuttingBack, putBack } from "../store/sqlite/backup-put-back.ts";
import { existingMasterKey, type MasterKey } from "../vault/master-key.ts";
import { vaultOf } from "../vault/vault.ts";
import { checkBackup, removeSeal } from "./backup-seal.ts";
import { openStore } from "./open-store.ts";
import { peopleLists } from "./people-lists.ts";

export type RestoreNeeds = {
  readonly config: Pick<Config, "dataDir" | "databaseUrl" | "masterKey" | "keyFile">;
  readonly log: Log;
  readonly clock: Clock;
};

export type RestoreOrder = {
  readonly file: string;
  /** Whether a store that is there may be put aside. */
  readonly replace: boolean;
  /** Whether what waited when the backup was made is sent: right only where no server ran since. */
  readonly sendQueued: boolean;
};

export type Restored = {
  /** When the backup was made, ms. */
  readonly madeAt: number | undefined;
  /** Where the store that was there is kept. */
  readonly kept: string | undefined;
  /** False where the list of those erased could not be completed from the store that was there. */
  readonly tombstonesRead: boolean;
} & CameBack;

/**
 * Puts a backup in the place of the store in the folder, after looking at all of it; then erases again who was erased since, and
 * ends what may have gone out since. Throws Problems and VaultErrors that say what to do; nothing was changed then, unless it
 * says so.
 */
export async function restoreStore(needs: RestoreNeeds, order: RestoreOrder): Promise<Restored> {
  const { config, log, clock } = needs;
  const placed = place(needs, order, existingMasterKey(config));
  const { store, cameBack } = await openStore({ config, log, clock });
  await store.close();
  return { ...placed, ...cameBack };
}

/**
 * Notes that the database was put back from a dump, and does what that asks for. Throws Problems and VaultErrors that say what
 * to do; where the key does not open what is in it, nothing was changed.
 */
export async function restoreDatabase({ config, log, clock }: RestoreNeeds, url: string): Promise<CameBack> {
  const { key } = existingMasterKey(config);
  const { indexKeyIn, markPutBack } = await import("../store/postgres/copies.ts");
  const wrappedIndexKey = await indexKeyIn(url);
  if (wrappedIndexKey !== undefined) vaultOf(key, wrappedIndexKey);
  await markPutBack(url, clock.now());
  const { store, cameBack } = await openStore({ config, log, clock });
  await store.close();
  return cameBack;
}

function place(
  { config, log, clock }: RestoreNeeds,
  { file, replace, sendQueued }: RestoreOrder,
  master: MasterKey,
): Pick<Restored, "madeAt" | "kept" | "tombstonesRead"> {
  const { dataDir } = config;
  const at = putBack(dataDir, file, replace);
  try {
    // The copy, not the file: this is what will be served from, whatever becomes of the file meanwhile.
    const { wrappedIndexKey, madeAt, length } = checkBackup(at.copy, file);
    vaultOf(master.key, wrappedIndexKey);
    removeSeal(at.copy, length);
    const tombstonesRead = listTombstones(at, dataDir, log);
    return { kept: at.decide(new Date(clock.now()), !sendQueued), tombstonesRead, madeAt };
  } finally {
    at.close();
  }
}

/** The store that is about to go knows who was erased even where the list beside it was lost. */
function listTombstones(at: PuttingBack, dataDir: string, log: Log): boolean {
  const tombstones = at.tombstones();
  const lists = peopleLists(dataDir, log);
  const listed = lists.erased();
  const known = (tombstones ?? []).map((one) => Buffer.from(one).toString("hex"));
  lists.addErased(known.filter((one) => !listed.has(one)));
  return tombstones !== undefined;
}
