import { randomFillSync } from "node:crypto";
import { openAes } from "./aes.ts";
import { decrypt, encrypt, nonceBytes, tagBytes } from "./chacha.ts";
import type { SecretKey } from "./secret-key.ts";
import { VaultError } from "./vault-error.ts";

/** ChaCha20-Poly1305 (RFC 8439). */
const version = 2;
/** AES-256-GCM, as programs before schema 3 sealed. */
const aesVersion = 1;
const nonceStart = 1;
const textStart = nonceStart + nonceBytes;

// One system call for 341 nonces instead of one each. Not larger: a virtual machine resumed twice from one snapshot
// would hand out the rest of its pool twice.
const noncePool = Buffer.alloc(nonceBytes * 341);
let poolUsed = noncePool.length;

function nextNonce(): Buffer {
  if (poolUsed >= noncePool.length) {
    randomFillSync(noncePool);
    poolUsed = 0;
  }
  const nonce = noncePool.subarray(poolUsed, poolUsed + nonceBytes);
  poolUsed += nonceBytes;
  return nonce;
}

/**
 * Encrypts and authenticates `plain` (text as UTF-8) under a key, bound to `aad`, by ChaCha20-Poly1305 (RFC 8439).
 * Gives version (1 byte) | nonce (12) | ciphertext (as long as the plain bytes) | tag (16), in memory of its own: what
 * keeps it keeps nothing else alive.
 * Among 2^32 random 96-bit nonces of one key two are alike with a chance of 2^-33; each person has a key of their own.
 */
export function seal(key: SecretKey, aad: string | Uint8Array, plain: string | Uint8Array): Buffer {
  const nonce = nextNonce();
  const text = encrypt(key.bytes(), nonce, aad, plain);
  const sealed = Buffer.allocUnsafeSlow(textStart + text.length);
  sealed[0] = version;
  sealed.set(nonce, nonceStart);
  sealed.set(text, textStart);
  return sealed;
}

/**
 * Gives back the bytes that `seal` was given under the same key and `aad`.
 * Throws VaultError `unreadable` when a bit was changed, the value was cut, or key or `aad` differ; nothing of it is in the error.
 */
export function open(key: SecretKey, aad: string | Uint8Array, sealed: Uint8Array): Buffer {
  const tagStart = sealed.length - tagBytes;
  if (tagStart < textStart) throw unreadable();
  const plain = opened(key, aad, sealed, tagStart);
  if (plain === undefined) throw unreadable();
  return plain;
}

function opened(
  key: SecretKey,
  aad: string | Uint8Array,
  sealed: Uint8Array,
  tagStart: number,
): Buffer | undefined {
  const nonce = sealed.subarray(nonceStart, textStart);
  if (sealed[0] === version) return decrypt(key.bytes(), nonce, aad, sealed.subarray(textStart));
  if (sealed[0] !== aesVersion) return undefined;
  const bound = typeof aad === "string" ? Buffer.from(aad, "utf8") : aad;
  return openAes(key, nonce, bound, sealed.subarray(textStart, tagStart), sealed.subarray(tagStart));
}

function unreadable(): VaultError {
  return new VaultError(
    "unreadable",
    "a stored value cannot be read: it was changed or moved, or its key is another one",
  );
}
