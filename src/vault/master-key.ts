import { isInside } from "./inside.ts";
import { checkKeyPlace, makeKeyFile, readKeyFile } from "./key-file.ts";
import { decodeKey } from "./key-text.ts";
import { SecretKey } from "./secret-key.ts";
import { VaultError } from "./vault-error.ts";

export type MasterKeySettings = {
  /** PARWANA_MASTER_KEY: base64 of 32 bytes. Wins over the file. */
  readonly masterKey?: string | undefined;
  /** PARWANA_KEY_FILE: where the key is kept, and made at first run. */
  readonly keyFile: string;
  /** DATA_DIR: where the key must not be, since whoever copies the data would have the key too. */
  readonly dataDir: string;
};

export type MasterKey = { readonly key: SecretKey; readonly origin: "variable" | "file" | "made" };

/**
 * The host's master key: from the variable, else from the file, else made into the file (first run).
 * Throws VaultError (`key-variable`, `key-file-…`) with what to do about it.
 */
export function loadMasterKey(settings: MasterKeySettings): MasterKey {
  const known = knownKey(settings);
  if (known !== undefined) return known;
  if (makeKeyFile(settings.keyFile)) return { key: readMade(settings.keyFile), origin: "made" };
  // Another process made it between our look and our try.
  return { key: readMade(settings.keyFile), origin: "file" };
}

/** Throws what `loadMasterKey` would, as far as that can be known before anything is made; makes nothing. */
export function checkMasterKey(settings: MasterKeySettings): void {
  if (knownKey(settings) === undefined) checkKeyPlace(settings.keyFile);
}

/**
 * The master key of data that is there already, which one made now would not open. Throws VaultError: `key-file-missing` where
 * there is none, and what `loadMasterKey` throws.
 */
export function existingMasterKey(settings: MasterKeySettings): MasterKey {
  const known = knownKey(settings);
  if (known === undefined) throw missing(settings.keyFile);
  return known;
}

function knownKey({ masterKey, keyFile, dataDir }: MasterKeySettings): MasterKey | undefined {
  if (masterKey !== undefined) return { key: fromVariable(masterKey), origin: "variable" };
  if (isInside(keyFile, dataDir)) throw insideData(keyFile);
  const text = readKeyFile(keyFile);
  return text === undefined ? undefined : { key: fromFile(keyFile, text), origin: "file" };
}

function readMade(file: string): SecretKey {
  return fromFile(file, readKeyFile(file) ?? "");
}

function fromVariable(text: string): SecretKey {
  const raw = decodeKey(text);
  if (raw === undefined) {
    throw new VaultError(
      "key-variable",
      "PARWANA_MASTER_KEY must be 32 random bytes as base64 (44 characters, for instance from `openssl rand -base64 32`). " +
        "Correct it, or remove it to use the file that PARWANA_KEY_FILE names",
    );
  }
  return new SecretKey(raw);
}

function fromFile(file: string, text: string): SecretKey {
  const raw = decodeKey(text);
  if (raw === undefined) {
    throw new VaultError(
      "key-file-content",
      `the key file ${file} (PARWANA_KEY_FILE) must hold 32 random bytes as base64 on one line. ` +
        "Put back the key you kept; only where nothing was ever stored, delete the file and a new one is made",
    );
  }
  return new SecretKey(raw);
}

function missing(file: string): VaultError {
  return new VaultError(
    "key-file-missing",
    `there is no key file ${file} (PARWANA_KEY_FILE): put back the key that the data was made with, which was kept apart from it`,
  );
}

function insideData(file: string): VaultError {
  return new VaultError(
    "key-file-place",
    `the key file ${file} (PARWANA_KEY_FILE) is inside DATA_DIR: a copy of the data would carry its own key. ` +
      "Move the file out of DATA_DIR and set PARWANA_KEY_FILE to its new place",
  );
}
