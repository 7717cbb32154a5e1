import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { open, seal } from "./field.ts";
import { frame } from "./frame.ts";
import { SecretKey } from "./secret-key.ts";
import { VaultError, type VaultErrorCode } from "./vault-error.ts";
import { unwrapKey, wrapKey } from "./wrap.ts";

/** Where a sealed value stands. It can be read there and nowhere else. No organisation is written as "-". */
export type Place = {
  readonly table: string;
  readonly column: string;
  readonly row: number | string;
  readonly org?: string | undefined;
};

/** A person's data key, ready for use. `id` is the contact's opaque id. Whoever keeps these must drop them at an erasure. */
export type PersonKey = { readonly id: number; readonly key: SecretKey };

/** Where the wrapped index key is kept. `write` must leave a value that is already there (two first runs at once). */
export type VaultMeta = {
  read(): Uint8Array | undefined;
  write(wrappedIndexKey: Buffer): void;
};

export type Vault = {
  /** A new key for a person, and the same key wrapped by the master key, to be stored. Destroying what is stored erases the person. */
  newPersonKey(id: number): { key: PersonKey; wrapped: Buffer };
  /** Throws VaultError `person-key` when it was wrapped by another master key, for another person, or is damaged. */
  openPersonKey(id: number, wrapped: Uint8Array): PersonKey;
  /**
   * Encrypts text for one place. A lone surrogate half becomes U+FFFD, as in every UTF-8 text. Throws VaultError `bad-id`
   * for a place that can't be told from another one.
   */
  seal(key: PersonKey, place: Place, plain: string): Buffer;
  /** Throws VaultError `unreadable` when anything differs from what was sealed: bits, place or person. */
  open(key: PersonKey, place: Place, sealed: Uint8Array): string;
  /**
   * What an address is looked up by: 16 bytes, the same for the same channel and address as long as the index key lives.
   * Throws VaultError `bad-id` for an address that holds half a character.
   */
  blind(channel: string, address: string): Buffer;
  /** 16 bytes that recognise an erased contact in a restored backup without keeping its id. */
  tombstone(contactId: number): Buffer;
};

// Half of HMAC-SHA256. What hides an address is the secret key, not the length; 128 bits keep the chance that any two of
// 10^8 addresses meet below 10^-22, and halve the largest unique index.
const hmacBytes = 16;
const noOrganisation = "-";
const indexKeyPurpose = frame("parwana/index-key/1");

/**
 * The vault of one store: opens its index key with the master key, or makes one at first run.
 * Throws VaultError `wrong-master-key` when the store was made under another master key.
 */
export function openVault(master: SecretKey, meta: VaultMeta): Vault {
  const stored = meta.read();
  if (stored !== undefined) return vaultOf(master, stored);
  const made = makeIndexKey(master);
  meta.write(made);
  return vaultOf(master, meta.read() ?? made);
}

/** A new random index key wrapped by the master key: for a store that can only be read and written asynchronously. */
export function makeIndexKey(master: SecretKey): Buffer {
  return wrapKey(master, indexKeyPurpose, SecretKey.fresh());
}

/** The vault of a store whose wrapped index key was already read. Throws VaultError `wrong-master-key`. */
export function vaultOf(master: SecretKey, wrappedIndexKey: Uint8Array): Vault {
  // HMAC takes a key faster from Node's own object than as bytes.
  const indexKey = createSecretKey(openIndexKey(master, wrappedIndexKey).bytes());
  return {
    newPersonKey: (id) => {
      const key = SecretKey.fresh();
      return { key: { id, key }, wrapped: wrapKey(master, personKeyPurpose(id), key) };
    },
    openPersonKey: (id, wrapped) => ({ id, key: openPerson(master, id, wrapped) }),
    seal: (key, place, plain) => seal(key.key, fieldPurpose(key, place), plain),
    open: (key, place, sealed) => open(key.key, fieldPurpose(key, place), sealed).toString("utf8"),
    blind: (channel, address) => shortHmac(indexKey, frame("parwana/address/1", channel, address)),
    tombstone: (contactId) => shortHmac(indexKey, frame("parwana/tombstone/1", contactId)),
  };
}

function fieldPurpose(key: PersonKey, place: Place): string {
  return frame("parwana/field/1", place.table, place.column, place.row, place.org ?? noOrganisation, key.id);
}

function personKeyPurpose(id: number): string {
  return frame("parwana/person-key/1", id);
}

function openIndexKey(master: SecretKey, wrapped: Uint8Array): SecretKey {
  return unwrapOr("wrong-master-key", wrongMasterKey, master, indexKeyPurpose, wrapped);
}

function openPerson(master: SecretKey, id: number, wrapped: Uint8Array): SecretKey {
  return unwrapOr("person-key", wrongPersonKey, master, personKeyPurpose(id), wrapped);
}

const wrongMasterKey =
  "the master key does not open this store: put back the key it was made with, which was kept apart from its backups, " +
  "as PARWANA_MASTER_KEY or in the file that PARWANA_KEY_FILE names (./parwana.key by default)";

const wrongPersonKey =
  "the master key does not open a person's key: it was wrapped by another master key, belongs to another person, or is damaged";

function unwrapOr(
  code: VaultErrorCode,
  message: string,
  master: SecretKey,
  purpose: string,
  wrapped: Uint8Array,
): SecretKey {
  try {
    return unwrapKey(master, purpose, wrapped);
  } catch (problem) {
    if (problem instanceof VaultError) throw new VaultError(code, message);
    throw problem;
  }
}

function shortHmac(key: KeyObject, input: string): Buffer {
  return createHmac("sha256", key).update(input, "utf8").digest().subarray(0, hmacBytes);
}
