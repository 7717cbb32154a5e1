import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SecretKey } from "../../src/vault/secret-key.ts";
import { openVault, type Place } from "../../src/vault/vault.ts";
import { memoryMeta } from "./memory-meta.ts";
import { refusal, refused } from "./refusal.ts";

const master = new SecretKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index)));
const other = new SecretKey(Buffer.from(Array.from({ length: 32 }, (_, index) => 255 - index)));
const vault = openVault(master, memoryMeta());
const { key: person, wrapped } = vault.newPersonKey(4711);

const name = fc.string({ unit: "grapheme", maxLength: 12 });
const row = fc.oneof(fc.maxSafeInteger(), name);
const anyPlace: fc.Arbitrary<Place> = fc.oneof(
  fc.record({ table: name, column: name, row }),
  fc.record({ table: name, column: name, row, org: name }),
);
const place: Place = { table: "outbox", column: "body", row: 12, org: "7" };

describe("a sealed value", () => {
  it("comes back as it was, whatever the text and the place", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 500 }), anyPlace, (text, where) => {
        expect(vault.open(person, where, vault.seal(person, where, text))).toBe(text);
      }),
    );
  });

  it("comes back with U+FFFD where half a character was given", () => {
    const half = fc.array(fc.integer({ min: 0xd700, max: 0xe0ff }), { maxLength: 20 });
    fc.assert(
      fc.property(half, (units) => {
        const text = String.fromCharCode(...units);
        expect(vault.open(person, place, vault.seal(person, place, text))).toBe(text.toWellFormed());
      }),
    );
  });

  it("opens again after the person's key was stored and read back", () => {
    const sealed = vault.seal(person, place, "text");
    expect(vault.open(vault.openPersonKey(4711, wrapped), place, sealed)).toBe("text");
  });

  it("opens with a row id that a database returns as a string", () => {
    expect(vault.open(person, { ...place, row: "12" }, vault.seal(person, place, "text"))).toBe("text");
  });

  it("treats no organisation as the organisation -", () => {
    const nowhere: Place = { table: "outbox", column: "body", row: 12 };
    expect(vault.open(person, { ...nowhere, org: "-" }, vault.seal(person, nowhere, "text"))).toBe("text");
  });

  it.each([
    ["row", { ...place, row: 13 }],
    ["column", { ...place, column: "parts" }],
    ["table", { ...place, table: "inbox" }],
    ["organisation", { ...place, org: "8" }],
    ["no organisation", { table: "outbox", column: "body", row: 12 }],
    ["shifted table and column", { ...place, table: "outboxb", column: "ody" }],
    ["shifted row and organisation", { ...place, row: 1, org: "27" }],
  ] satisfies [string, Place][])("is refused when it was moved: another %s", (_, elsewhere) => {
    expect(refusal(() => vault.open(person, elsewhere, vault.seal(person, place, "text")))).toBe(
      "unreadable",
    );
  });

  it("is refused at every place but its own", () => {
    const spelled = (at: Place): string =>
      JSON.stringify([at.table, at.column, String(at.row), at.org ?? "-"]);
    fc.assert(
      fc.property(anyPlace, anyPlace, (one, elsewhere) => {
        fc.pre(spelled(one) !== spelled(elsewhere));
        expect(refusal(() => vault.open(person, elsewhere, vault.seal(person, one, "text")))).toBe(
          "unreadable",
        );
      }),
    );
  });

  it("is refused under another person's key, and under the same key with another id", () => {
    const sealed = vault.seal(person, place, "text");
    expect(refusal(() => vault.open(vault.newPersonKey(4712).key, place, sealed))).toBe("unreadable");
    expect(refusal(() => vault.open({ id: 4712, key: person.key }, place, sealed))).toBe("unreadable");
  });

  it.each([0.5, Number.NaN, 2 ** 53])("is not made for a row id that is no safe integer: %d", (bad) => {
    expect(refusal(() => vault.seal(person, { ...place, row: bad }, "text"))).toBe("bad-id");
  });

  it("is not made for a row id that holds half a character", () => {
    expect(refusal(() => vault.seal(person, { ...place, row: "\ud83e" }, "text"))).toBe("bad-id");
  });
});

describe("a person's key", () => {
  it("is random: two keys for one id do not open each other's values", () => {
    const again = vault.newPersonKey(4711).key;
    expect(refusal(() => vault.open(again, place, vault.seal(person, place, "text")))).toBe("unreadable");
  });

  it("is refused for another person, when damaged, and by another master key", () => {
    const elsewhere = openVault(other, memoryMeta());
    const damaged = Buffer.from(wrapped);
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    expect(refusal(() => vault.openPersonKey(4712, wrapped))).toBe("person-key");
    expect(refusal(() => vault.openPersonKey(4711, damaged))).toBe("person-key");
    expect(refusal(() => elsewhere.openPersonKey(4711, wrapped))).toBe("person-key");
  });

  it("does not stand for the index key, nor the index key for it", () => {
    const meta = memoryMeta();
    const fresh = openVault(master, meta);
    expect(refusal(() => fresh.openPersonKey(0, meta.stored()))).toBe("person-key");
    expect(refusal(() => openVault(master, memoryMeta(wrapped)))).toBe("wrong-master-key");
  });

  it("shows nothing of itself when it is logged", () => {
    const raw = Buffer.from(person.key.bytes());
    const shown = `${inspect(person, { depth: 9, showHidden: true })}${JSON.stringify(person)}`;
    expect(shown).not.toContain(raw.toString("hex"));
    expect(shown).not.toContain(raw.toString("base64"));
    expect(shown).not.toContain([...raw].join(","));
    expect(shown).not.toContain([...raw].join(", "));
  });
});

describe("a store under the wrong master key", () => {
  it("is refused with a sentence that says what to put back, and no key", () => {
    const meta = memoryMeta();
    openVault(master, meta);
    const problem = refused(() => openVault(other, meta));
    expect(problem.code).toBe("wrong-master-key");
    expect(problem.message).toMatch(
      /^the master key does not open this store: .*PARWANA_MASTER_KEY.*PARWANA_KEY_FILE/,
    );
    expect(inspect(problem)).not.toContain(Buffer.from(other.bytes()).toString("base64"));
  });

  it("is refused when the stored index key is damaged, too", () => {
    expect(refusal(() => openVault(master, memoryMeta(Buffer.alloc(61, 1))))).toBe("wrong-master-key");
    expect(refusal(() => openVault(master, memoryMeta(Buffer.alloc(0))))).toBe("wrong-master-key");
  });
});

describe("errors", () => {
  it("carry neither the text, nor the place, nor the id", () => {
    const sealed = vault.seal(person, place, "canary-text");
    const problems = [
      refused(() => vault.open(person, { ...place, row: "canary-row" }, sealed)),
      refused(() => vault.openPersonKey(987_654, wrapped)),
      refused(() => vault.seal(person, { ...place, row: "canary-row\ud83e" }, "canary-text")),
    ];
    for (const problem of problems) expect(problem.message).not.toMatch(/canary|987|outbox|4711/);
  });
});
