import libsodium from "libsodium";

export const nonceBytes = 12;
export const tagBytes = 16;

const keyBytes = 32;
/** The most bytes that UTF-8 takes for a UTF-16 unit. */
const bytesOfUnit = 3;
/** The most that libsodium's memory can hold. */
const mostBytes = 2 ** 31 - 1;

const sodium = await libsodium();

// What a call is given and what comes of it stand in a piece of libsodium's own memory, one after another: key, nonce, what
// the text is bound to, text and tag. Calls end before the next begins, so one piece serves them all.
let room = 0;
let keyAt = 0;
let memory = Buffer.alloc(0);

/**
 * Encrypts by ChaCha20-Poly1305 (RFC 8439), text as UTF-8. Gives the encrypted bytes and the 16 of the tag; they stand there
 * until the next call only. The key has 32 bytes, the nonce 12.
 */
export function encrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: string | Uint8Array,
  plain: string | Uint8Array,
): Buffer {
  const { aadAt, textAt, nonceAt } = prepare(key, nonce, aad, most(plain) + tagBytes);
  const length = put(plain, textAt);
  // In place: what was readable is so no more.
  sodium._crypto_aead_chacha20poly1305_ietf_encrypt(
    textAt,
    0,
    textAt,
    length,
    0,
    aadAt,
    textAt - aadAt,
    0,
    0,
    nonceAt,
    keyAt,
  );
  forget(keyAt, keyAt + keyBytes);
  return memory.subarray(textAt, textAt + length + tagBytes);
}

/**
 * Gives back what `encrypt` was given, in memory of its own; undefined where a bit was changed, or where key, nonce or what it
 * is bound to are others.
 */
export function decrypt(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: string | Uint8Array,
  encrypted: Uint8Array,
): Buffer | undefined {
  if (encrypted.length < tagBytes) return undefined;
  const { aadAt, textAt, nonceAt } = prepare(key, nonce, aad, encrypted.length);
  const length = put(encrypted, textAt);
  const status = sodium._crypto_aead_chacha20poly1305_ietf_decrypt(
    textAt,
    0,
    0,
    textAt,
    length,
    0,
    aadAt,
    textAt - aadAt,
    0,
    nonceAt,
    keyAt,
  );
  const plain = status === 0 ? Buffer.from(memory.subarray(textAt, textAt + length - tagBytes)) : undefined;
  forget(keyAt, textAt + length);
  return plain;
}

/** Puts in place all but the text, and says where it stands: the text at the end, with room for so many bytes. */
function prepare(key: Uint8Array, nonce: Uint8Array, aad: string | Uint8Array, textBytes: number) {
  reserve(keyBytes + nonceBytes + most(aad) + textBytes);
  const nonceAt = keyAt + put(key, keyAt);
  const aadAt = nonceAt + put(nonce, nonceAt);
  return { nonceAt, aadAt, textAt: aadAt + put(aad, aadAt) };
}

function reserve(bytes: number): void {
  if (bytes > room) {
    // More would be taken for less: its numbers have 32 bits.
    const at = bytes > mostBytes ? 0 : sodium._malloc(bytes);
    if (at === 0) throw new RangeError(`no memory to seal or open ${bytes} bytes`);
    sodium._free(keyAt);
    [room, keyAt] = [bytes, at];
  }
  const { buffer } = sodium.HEAPU8;
  if (memory.buffer !== buffer) memory = Buffer.from(buffer);
}

/** How many bytes it may take. */
const most = (value: string | Uint8Array): number =>
  typeof value === "string" ? value.length * bytesOfUnit : value.length;

/** Gives how many bytes it took. */
function put(value: string | Uint8Array, at: number): number {
  if (typeof value === "string") return memory.write(value, at, "utf8");
  memory.set(value, at);
  return value.length;
}

function forget(from: number, to: number): void {
  memory.fill(0, from, to);
}
