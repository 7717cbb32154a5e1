import { expect, it } from "vitest";
import { plaintextColumns } from "../../src/vault/plaintext-columns.ts";

// The kinds of column that may be stored as they are, and the names each goes by.
const allowed = [
  /^(?:[a-z_]+_)?id$/,
  /^(?:channel|language|lane|state|version|report|reason|ref)$/,
  /^(?:last_seen|last_inbound|not_before|not_after|[a-z]+_at)$/,
  /^(?:count|attempts)$/,
];
// What is nobody's own: an organisation's public words, names of counts, values of the installation.
const nobodys: Readonly<Record<string, readonly string[]>> = {
  topics: ["titles"],
  orgs: ["name"],
  broadcasts: ["texts"],
  broadcast_counts: ["name"],
  counters: ["name"],
  meta: ["key", "value"],
};

it.each(Object.entries(plaintextColumns))(
  "lists only columns of the published kinds: %s",
  (table, columns) => {
    const other = columns.filter((column) => !allowed.some((kind) => kind.test(column)));
    expect(other).toEqual(nobodys[table] ?? []);
    expect(new Set(columns).size).toBe(columns.length);
  },
);
