export type VaultErrorCode =
  | "key-variable" // PARWANA_MASTER_KEY is not base64 of 32 bytes
  | "key-file-content" // the key file does not hold base64 of 32 bytes
  | "key-file-mode" // others on the machine could read the key file
  | "key-file-place" // the key file would travel with the data it protects
  | "key-file-unreadable"
  | "key-file-not-made"
  | "key-file-missing" // there is data, and no key to it
  | "wrong-master-key"
  | "person-key" // one person's wrapped key cannot be opened
  | "unreadable" // a sealed value was changed, moved, or is under another key
  | "bad-id"; // an id that cannot be bound to a value without ambiguity

/** What the vault throws. Its message names variables, files and remedies, never a key, an id or a content. */
export class VaultError extends Error {
  override readonly name = "VaultError";
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
