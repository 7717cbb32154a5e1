import { People } from "../../src/app/people.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { loadMasterKey } from "../../src/vault/master-key.ts";
import { openVault } from "../../src/vault/vault.ts";
import { noLog, type Place } from "./population.ts";

/**
 * Milliseconds for each of these chats, from the address to the opened person, one after another: as a message finds its
 * conversation, in a store that has only just been opened.
 */
export async function lookUp(place: Place, chats: readonly number[]): Promise<readonly number[]> {
  const store = await openSqliteStore({ dataDir: place.dataDir, log: noLog });
  const vault = openVault(loadMasterKey(place).key, store.metaSync);
  const people = new People(vault);
  const took: number[] = [];
  const one = async (chat: number): Promise<void> => {
    const from = performance.now();
    await store.turn({
      who: { kind: "address", blinds: [vault.blind("telegram", String(chat))] },
      inbox: undefined,
      fire: undefined,
      now: Date.now(),
      decide: (contact) => {
        if (contact === undefined) throw new Error("somebody was not found");
        people.open(contact);
        took.push(performance.now() - from);
        return undefined;
      },
      keep: () => {
        throw new Error("a look-up failed");
      },
    });
  };
  try {
    for (const chat of chats) await one(chat);
  } finally {
    await store.close();
  }
  return took;
}
