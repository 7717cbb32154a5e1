import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { open, seal } from "./field.ts";

const keyBytes = 32;

/** A new random 32-byte key. The bytes live on only inside the KeyObject. */
export function freshKey(): KeyObject {
  return takeKey(randomBytes(keyBytes));
}

/** `key` encrypted under `master` for one purpose (`aad`). */
export function wrapKey(master: KeyObject, aad: Buffer, key: KeyObject): Buffer {
  const raw = key.export();
  const wrapped = seal(master, aad, raw);
  raw.fill(0);
  return wrapped;
}

/** The key that was wrapped under `master` for this purpose. Throws VaultError `unreadable` for any other. */
export function unwrapKey(master: KeyObject, aad: Buffer, wrapped: Uint8Array): KeyObject {
  return takeKey(open(master, aad, wrapped));
}

function takeKey(raw: Buffer): KeyObject {
  const key = createSecretKey(raw);
  raw.fill(0);
  return key;
}
