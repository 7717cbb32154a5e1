import { createDecipheriv } from "node:crypto";
import type { SecretKey } from "./secret-key.ts";

/**
 * Opens what AES-256-GCM has sealed; undefined where a bit was changed, or key or `aad` differ. Programs before schema 3
 * sealed by it; nothing is sealed by it any more.
 */
export function openAes(
  key: SecretKey,
  nonce: Uint8Array,
  aad: Uint8Array,
  text: Uint8Array,
  tag: Uint8Array,
): Buffer | undefined {
  const decipher = createDecipheriv("aes-256-gcm", key.bytes(), nonce, { authTagLength: tag.length });
  decipher.setAAD(aad);
  decipher.setAuthTag(tag);
  const plain = decipher.update(text);
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return undefined;
  }
}
