import { open, seal } from "./field.ts";
import { SecretKey } from "./secret-key.ts";

/** `key` encrypted under `master` for one purpose (`aad`). */
export function wrapKey(master: SecretKey, aad: string, key: SecretKey): Buffer {
  return seal(master, aad, key.bytes());
}

/** The key that was wrapped under `master` for this purpose. Throws VaultError `unreadable` for any other. */
export function unwrapKey(master: SecretKey, aad: string, wrapped: Uint8Array): SecretKey {
  return new SecretKey(open(master, aad, wrapped));
}
