import { createCipheriv, createDecipheriv, type KeyObject, randomFillSync } from "node:crypto";
import { VaultError } from "./vault-error.ts";

const algorithm = "aes-256-gcm";
const version = 1;
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
 * Encrypts and authenticates `plain` (text as UTF-8) under a 32-byte AES key, bound to `aad`.
 * Gives version (1 byte) | nonce (12) | ciphertext (as long as the plain bytes) | tag (16), in memory of its own: what
 * keeps it keeps nothing else alive.
 * Random 96-bit nonces are safe for 2^32 values a key (NIST SP 800-38D, 8.3); each person has a key of their own.
 */
export function seal(key: KeyObject, aad: Buffer | string, plain: string | Uint8Array): Buffer {
  const nonce = nextNonce();
  // Its tag is 16 bytes where nothing else is asked for, and to ask takes time.
  const cipher = createCipheriv(algorithm, key, nonce);
  cipher.setAAD(bytesOf(aad));
  // In counter mode update() gives every byte and final() gives none: it only closes the tag.
  const text = cipher.update(bytesOf(plain));
  cipher.final();
  const sealed = Buffer.allocUnsafeSlow(textStart + text.length + tagBytes);
  sealed[0] = version;
  sealed.set(nonce, nonceStart);
  sealed.set(text, textStart);
  sealed.set(cipher.getAuthTag(), textStart + text.length);
  return sealed;
}

/**
 * Gives back the bytes that `seal` was given under the same key and `aad`.
 * Throws VaultError `unreadable` when a bit was changed, the value was cut, or key or `aad` differ; nothing of it is in the error.
 */
export function open(key: KeyObject, aad: Buffer | string, sealed: Uint8Array): Buffer {
  const tagStart = sealed.length - tagBytes;
  if (tagStart < textStart || sealed[0] !== version) throw unreadable();
  const nonce = sealed.subarray(nonceStart, textStart);
  const decipher = createDecipheriv(algorithm, key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(bytesOf(aad));
  decipher.setAuthTag(sealed.subarray(tagStart));
  const plain = decipher.update(sealed.subarray(textStart, tagStart));
  try {
    decipher.final();
  } catch {
    plain.fill(0);
    throw unreadable();
  }
  return plain;
}

// Encoding text here is faster than letting update() do it.
function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === "string" ? Buffer.from(value, "utf8") : value;
}

function unreadable(): VaultError {
  return new VaultError(
    "unreadable",
    "a stored value cannot be read: it was changed or moved, or its key is another one",
  );
}
