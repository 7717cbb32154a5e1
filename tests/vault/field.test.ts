import { createSecretKey, webcrypto } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { open, seal } from "../../src/vault/field.ts";
import { refusal } from "./refusal.ts";

const key = createSecretKey(Buffer.alloc(32, 7));
const hex = (text: string): Buffer => Buffer.from(text, "hex");

// "The Galois/Counter Mode of Operation", D. McGrew and J. Viega, appendix B, test cases 13, 14 and 16 (AES-256, 96-bit nonce).
const published = [
  {
    name: "nothing at all",
    key: "00".repeat(32),
    nonce: "00".repeat(12),
    aad: "",
    plain: "",
    cipher: "",
    tag: "530f8afbc74536b9a963b4f1c4cb738b",
  },
  {
    name: "one block",
    key: "00".repeat(32),
    nonce: "00".repeat(12),
    aad: "",
    plain: "00".repeat(16),
    cipher: "cea7403d4d606b6e074ec5d3baf39d18",
    tag: "d0d1c8a799996bf0265b98b5d48ab919",
  },
  {
    name: "associated data and a part of a block",
    key: "feffe9928665731c6d6a8f9467308308".repeat(2),
    nonce: "cafebabefacedbaddecaf888",
    aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    plain:
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    cipher:
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
    tag: "76fc6ece0f4e1768cddf8853bb2d551b",
  },
] as const;

describe("AES-256-GCM as published", () => {
  it.each(published)("opens the vector: $name", (vector) => {
    const sealed = hex(`01${vector.nonce}${vector.cipher}${vector.tag}`);
    const opened = open(createSecretKey(hex(vector.key)), hex(vector.aad), sealed);
    expect(opened.toString("hex")).toBe(vector.plain);
  });

  it.each(published)("refuses the vector with a shortened tag: $name", (vector) => {
    const whole = hex(`01${vector.nonce}${vector.cipher}${vector.tag}`);
    for (const cut of [1, 4, 8, 12, 16]) {
      const sealed = whole.subarray(0, whole.length - cut);
      expect(refusal(() => open(createSecretKey(hex(vector.key)), hex(vector.aad), sealed))).toBe(
        "unreadable",
      );
    }
  });

  it("is read by another interface to the cipher: 12-byte nonce, 16-byte tag, the associated data as given", async () => {
    const raw = hex(published[2].key);
    const sealed = seal(createSecretKey(raw), "where it stands", "سلام");
    const theirs = await webcrypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const how = {
      name: "AES-GCM",
      iv: sealed.subarray(1, 13),
      additionalData: Buffer.from("where it stands"),
      tagLength: 128,
    };
    const plain = await webcrypto.subtle.decrypt(how, theirs, sealed.subarray(13));
    expect(Buffer.from(plain).toString("utf8")).toBe("سلام");
    expect(sealed.length).toBe(1 + 12 + Buffer.byteLength("سلام") + 16);
  });
});

describe("seal and open", () => {
  it("gives back any bytes under any associated data", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.uint8Array({ maxLength: 80 }), (plain, aad) => {
        const bound = Buffer.from(aad);
        expect(open(key, bound, seal(key, bound, plain))).toEqual(Buffer.from(plain));
      }),
    );
  });

  it("refuses a value in which any one bit was changed", () => {
    const sealed = seal(key, "place", "an answer of eleven words at most, and then a little");
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(refusal(() => open(key, "place", changed))).toBe("unreadable");
    }
  });

  it("refuses a value cut at any length, or longer than it was", () => {
    const sealed = seal(key, "place", "text");
    for (let length = 0; length < sealed.length; length += 1) {
      expect(refusal(() => open(key, "place", sealed.subarray(0, length)))).toBe("unreadable");
    }
    expect(refusal(() => open(key, "place", Buffer.concat([sealed, Buffer.of(0)])))).toBe("unreadable");
  });

  it("refuses any other associated data", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        fc.pre(one !== other);
        expect(refusal(() => open(key, other, seal(key, one, "text")))).toBe("unreadable");
      }),
    );
  });

  it("never uses a nonce twice, across hundreds of pool refills", () => {
    const seen = new Set<string>();
    for (let count = 0; count < 100_000; count += 1) {
      seen.add(seal(key, "", "").toString("latin1", 1, 13));
    }
    expect(seen.size).toBe(100_000);
  });

  it("keeps a value as it is after the pool was refilled under it", () => {
    const sealed = seal(key, "place", "text");
    const before = sealed.toString("hex");
    for (let count = 0; count < 1000; count += 1) seal(key, "", "");
    expect(sealed.toString("hex")).toBe(before);
    expect(open(key, "place", sealed).toString()).toBe("text");
  });
});
