import { randomFillSync } from "node:crypto";
import sodium from "libsodium-wrappers";
import { openAes } from "./aes.ts";
import type { SecretKey } from "./secret-key.ts";
import { VaultError } from "./vault-error.ts";

await sodium.ready;

/** ChaCha20-Poly1305 (RFC 8439). */
const version = 2;
/** AES-256-GCM, as programs before schema 3 sealed. */
const aesVersion = 1;
const nonceStart = 1;
const nonceBytes = 12;
const textStart = nonceStart + nonceBytes;
const tagBytes = 16;

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
export function seal(key: SecretKey, aad: Buffer | string, plain: string | Uint8Array): Buffer {
  const nonce = nextNonce();
  const text = sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
    bytesOf(plain),
    bytesOf(aad),
    null,
    nonce,
    key.bytes(),
  );
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
export function open(key: SecretKey, aad: Buffer | string, sealed: Uint8Array): Buffer {
  const tagStart = sealed.length - tagBytes;
  if (tagStart < textStart) throw unreadable();
  const nonce = sealed.subarray(nonceStart, textStart);
  if (sealed[0] === version) return opened(key, nonce, bytesOf(aad), sealed.subarray(textStart));
  if (sealed[0] !== aesVersion) throw unreadable();
  const [text, tag] = [sealed.subarray(textStart, tagStart), sealed.subarray(tagStart)];
  const plain = openAes(key, nonce, bytesOf(aad), text, tag);
  if (plain === undefined) throw unreadable();
  return plain;
}

function opened(key: SecretKey, nonce: Uint8Array, aad: Uint8Array, text: Uint8Array): Buffer {
  try {
    const plain = sodium.crypto_aead_chacha20poly1305_ietf_decrypt(null, text, aad, nonce, key.bytes());
    return Buffer.from(plain.buffer, plain.byteOffset, plain.length);
  } catch {
    throw unreadable();
  }
}

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? Buffer.from(value, "utf8") : value;
}

function unreadable(): VaultError {
  return new VaultError(
    "unreadable",
    "a stored value cannot be read: it was changed or moved, or its key is another one",
  );
}
