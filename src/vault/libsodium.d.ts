/** What is used of the package, which has no types of its own. */
declare module "libsodium" {
  /** Compiled C: what points into memory is a number of bytes from its start; a 64-bit length is two halves, the low one first. */
  type Libsodium = {
    /** Its memory; another object after it has grown. */
    readonly HEAPU8: Uint8Array<ArrayBuffer>;
    /** 0 where there is no room. */
    _malloc(bytes: number): number;
    _free(at: number): void;
    /** Writes the text and its tag to `to`, which may be where the text stands. */
    _crypto_aead_chacha20poly1305_ietf_encrypt(
      to: number,
      toLength: 0,
      text: number,
      textLow: number,
      textHigh: 0,
      aad: number,
      aadLow: number,
      aadHigh: 0,
      secretNonce: 0,
      nonce: number,
      key: number,
    ): number;
    /** The other way round; gives -1, and writes zeros, where the tag does not fit. */
    _crypto_aead_chacha20poly1305_ietf_decrypt(
      to: number,
      toLength: 0,
      secretNonce: 0,
      text: number,
      textLow: number,
      textHigh: 0,
      aad: number,
      aadLow: number,
      aadHigh: 0,
      nonce: number,
      key: number,
    ): number;
  };
  // biome-ignore lint/style/noDefaultExport: so the package exports it.
  export default function load(): Promise<Libsodium>;
}
