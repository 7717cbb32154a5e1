const keyBytes = 32;

/**
 * The 32 bytes that a base64 text (white space around it allowed) stands for, or undefined for anything else.
 * Node's own decoder skips what it does not know, so a damaged key would quietly become another one: it is written back and compared.
 * One byte 32 times is a placeholder, not a key.
 */
export function decodeKey(text: string): Buffer | undefined {
  const written = text.trim();
  const raw = Buffer.from(written, "base64");
  if (raw.length !== keyBytes || raw.toString("base64") !== written) return undefined;
  return raw.every((byte) => byte === raw[0]) ? undefined : raw;
}

/** Key bytes as the line a key file holds. */
export function encodeKey(raw: Buffer): string {
  return `${raw.toString("base64")}\n`;
}
