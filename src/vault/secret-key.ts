import { randomBytes } from "node:crypto";

const length = 32;

/**
 * A secret key of 32 bytes. They stand in no property: whoever prints, logs, compares or clones what holds a key shows
 * nothing of it.
 */
export class SecretKey {
  readonly #bytes: Uint8Array;

  /** Takes the 32 bytes over: where they came from they are zero afterwards. */
  constructor(bytes: Uint8Array) {
    if (bytes.length !== length) throw new RangeError(`a secret key has ${length} bytes`);
    this.#bytes = Uint8Array.from(bytes);
    bytes.fill(0);
  }

  static fresh(): SecretKey {
    return new SecretKey(randomBytes(length));
  }

  /** The bytes themselves, for a cipher: not to be kept or changed. */
  bytes(): Uint8Array {
    return this.#bytes;
  }
}
