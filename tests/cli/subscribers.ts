import type { ContactRow } from "../../src/app/ports-store.ts";
import { configFrom, openInstallation, openLog } from "../../src/wiring/installation.ts";
import { nothing } from "../contract/store/store-data.ts";

/** One subscriber of a topic, by what the planner looks at. */
export type Subscriber = Pick<ContactRow, "channel" | "language" | "state" | "lastInbound">;

/** Writes subscribers of a topic into an installation that no server runs on. */
export async function subscribe(
  env: NodeJS.ProcessEnv,
  topic: string,
  subscribers: readonly Subscriber[],
): Promise<void> {
  const { parts, close } = await openInstallation(configFrom(env), openLog("error"));
  const { store, vault, clock } = parts;
  for (const [at, subscriber] of subscribers.entries()) {
    const id = store.nextId();
    const { key, wrapped } = vault.newPersonKey(id);
    const sealed = (column: string) => vault.seal(key, { table: "contacts", column, row: id }, "{}");
    const blinds = [vault.blind(subscriber.channel, String(at))];
    const contact: ContactRow = {
      ...subscriber,
      id,
      version: 0,
      lastSeen: clock.now(),
      openKeyboard: undefined,
      wrappedKey: wrapped,
      address: sealed("address"),
      session: sealed("session"),
    };
    await store.turn({
      who: { kind: "address", blinds },
      inbox: undefined,
      fire: undefined,
      now: clock.now(),
      decide: () => ({ ...nothing, contact, blinds, subscribe: [topic] }),
      keep: () => {
        throw new Error("a subscriber could not be written");
      },
    });
  }
  await close();
}
