import type { VaultMeta } from "../../src/vault/vault.ts";

/** A place for the wrapped index key, as a store keeps it: the first write stays. */
export function memoryMeta(stored?: Uint8Array): VaultMeta & { stored(): Uint8Array } {
  let kept = stored;
  return {
    read: () => kept,
    write: (wrapped) => {
      kept ??= wrapped;
    },
    stored: () => {
      if (kept === undefined) throw new Error("no index key was written");
      return kept;
    },
  };
}
