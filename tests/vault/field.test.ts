import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { open, seal } from "../../src/vault/field.ts";
import { SecretKey } from "../../src/vault/secret-key.ts";
import { refusal } from "./refusal.ts";

const hex = (text: string): Buffer => Buffer.from(text, "hex");
const keyOf = (text: string): SecretKey => new SecretKey(hex(text));
const key = keyOf("07".repeat(32));

type Vector = {
  readonly name: string;
  readonly key: string;
  readonly nonce: string;
  readonly aad: string;
  readonly plain: string;
  readonly cipher: string;
  readonly tag: string;
};

// RFC 8439, 2.8.2 and appendix A.5.
const chacha: readonly Vector[] = [
  {
    name: "the example",
    key: "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
    nonce: "070000004041424344454647",
    aad: "50515253c0c1c2c3c4c5c6c7",
    plain: Buffer.from(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    ).toString("hex"),
    cipher:
      "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116",
    tag: "1ae10b594f09e26a7e902ecbd0600691",
  },
  {
    name: "the decryption",
    key: "1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0",
    nonce: "000000000102030405060708",
    aad: "f33388860000000000004e91",
    plain: Buffer.from(
      "Internet-Drafts are draft documents valid for a maximum of six months and may be updated, replaced, or obsoleted by other documents at any time. It is inappropriate to use Internet-Drafts as reference material or to cite them other than as /\u201cwork in progress./\u201d",
    ).toString("hex"),
    cipher:
      "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43eea09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b948114ad176e008d33bd60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0f9f6157b53c867e4b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523eaf4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a0bb2316053fa76991955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff77987130305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b02709b",
    tag: "eead9d67890cbb22392336fea1851f38",
  },
];

// "The Galois/Counter Mode of Operation", D. McGrew and J. Viega, appendix B, test cases 13, 14 and 16 (AES-256, 96-bit nonce).
const aes: readonly Vector[] = [
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
];

const storedAs = (version: string, { nonce, cipher, tag }: Vector) => hex(version + nonce + cipher + tag);

describe.each([
  ["ChaCha20-Poly1305", "02", chacha],
  ["AES-256-GCM, by which earlier programs sealed,", "01", aes],
])("%s as published", (_, version, published) => {
  it.each(published)("opens the vector: $name", (vector) => {
    const opened = open(keyOf(vector.key), hex(vector.aad), storedAs(version, vector));
    expect(opened.toString("hex")).toBe(vector.plain);
  });

  it.each(published)("refuses the vector with a shortened tag: $name", (vector) => {
    const whole = storedAs(version, vector);
    for (const cut of [1, 4, 8, 12, 16]) {
      const sealed = whole.subarray(0, whole.length - cut);
      expect(refusal(() => open(keyOf(vector.key), hex(vector.aad), sealed))).toBe("unreadable");
    }
  });

  it.each(published)("refuses the vector with any one bit changed: $name", (vector) => {
    const whole = storedAs(version, vector);
    for (let bit = 0; bit < whole.length * 8; bit += 1) {
      expect(refusal(() => open(keyOf(vector.key), hex(vector.aad), flipped(whole, bit)))).toBe("unreadable");
    }
  });
});

function flipped(value: Buffer, bit: number): Buffer {
  const changed = Buffer.from(value);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

describe("another implementation of ChaCha20-Poly1305", () => {
  const algorithm = "chacha20-poly1305";
  const authTagLength = 16;
  const bytes = fc.uint8Array({ maxLength: 600 });

  it("opens what is sealed: 12-byte nonce, 16-byte tag, the associated data as given", () => {
    fc.assert(
      fc.property(bytes, bytes, (plain, aad) => {
        const raw = randomBytes(32);
        const sealed = seal(new SecretKey(Buffer.from(raw)), Buffer.from(aad), plain);
        expect(sealed.length).toBe(1 + 12 + plain.length + authTagLength);
        const theirs = createDecipheriv(algorithm, raw, sealed.subarray(1, 13), { authTagLength });
        theirs.setAAD(aad, { plaintextLength: plain.length });
        theirs.setAuthTag(sealed.subarray(-authTagLength));
        const opened = theirs.update(sealed.subarray(13, -authTagLength));
        theirs.final();
        expect(opened).toEqual(Buffer.from(plain));
      }),
    );
  });

  it("seals what is opened", () => {
    fc.assert(
      fc.property(bytes, bytes, (plain, aad) => {
        const [raw, nonce] = [randomBytes(32), randomBytes(12)];
        const theirs = createCipheriv(algorithm, raw, nonce, { authTagLength });
        theirs.setAAD(aad, { plaintextLength: plain.length });
        const text = Buffer.concat([theirs.update(plain), theirs.final()]);
        const sealed = Buffer.concat([Buffer.of(2), nonce, text, theirs.getAuthTag()]);
        expect(open(new SecretKey(raw), Buffer.from(aad), sealed)).toEqual(Buffer.from(plain));
      }),
    );
  });
});

describe("a secret key", () => {
  it("has 32 bytes, and takes them from where they came", () => {
    const raw = Buffer.alloc(32, 9);
    expect(Buffer.from(new SecretKey(raw).bytes())).toEqual(Buffer.alloc(32, 9));
    expect(raw).toEqual(Buffer.alloc(32));
    for (const length of [0, 31, 33]) expect(() => new SecretKey(Buffer.alloc(length))).toThrow(RangeError);
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

  it("seals and opens what needs more memory than there was, and goes on where there is none to be had", () => {
    const large = Buffer.alloc(20 * 1024 * 1024, "a long answer ");
    expect(open(key, "place", seal(key, "place", large)).equals(large)).toBe(true);
    for (const bytes of [2 ** 32, 2 ** 31, 2 ** 31 - 1_000])
      expect(() => seal(key, "place", new Uint8Array(bytes))).toThrow("no memory");
    expect(open(key, "place", seal(key, "place", "short")).toString()).toBe("short");
    expect(open(key, "place", seal(key, "place", large)).equals(large)).toBe(true);
  });

  it("refuses a value in which any one bit was changed", () => {
    const sealed = seal(key, "place", "an answer of eleven words at most, and then a little");
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      expect(refusal(() => open(key, "place", flipped(sealed, bit)))).toBe("unreadable");
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
