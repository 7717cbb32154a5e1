import type { Ms } from "../core/nouns/time.ts";
import type { Heard } from "./ports-channel.ts";
import type { Store } from "./ports-store.ts";

const key = "whatsapp heard-until";

/** From when on something may have come by WhatsApp that this installation did not hear, as its store remembers it. */
export function heardIn(store: Pick<Store, "readMeta" | "writeMeta">): Heard {
  return {
    get: async () => {
      const value = Number(Buffer.from((await store.readMeta(key)) ?? []).toString("utf8"));
      return Number.isSafeInteger(value) && value > 0 ? value : undefined;
    },
    set: (since: Ms) => store.writeMeta(key, Buffer.from(String(since), "utf8")),
  };
}
