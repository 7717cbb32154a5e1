import { expect, it } from "vitest";
import { plaintextColumns } from "../../src/vault/plaintext-columns.ts";

// The kinds of column that may be stored as they are, and the names each goes by.
const allowed = [
  /^(?:[a-z]+_)?id$/,
  /^(?:channel|language|topic|lane|state)$/,
  /^(?:fire_at|last_seen|last_inbound)$/,
  /^(?:count|attempts|queued|sent|delivered|read|failed)$/,
];

it.each(Object.entries(plaintextColumns))("lists only columns of the published kinds: %s", (_, columns) => {
  expect(columns.filter((column) => !allowed.some((kind) => kind.test(column)))).toEqual([]);
  expect(new Set(columns).size).toBe(columns.length);
});
