import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SecretKey } from "../../src/vault/secret-key.ts";
import { makeIndexKey, openVault, vaultOf } from "../../src/vault/vault.ts";
import { memoryMeta } from "./memory-meta.ts";

const master = SecretKey.fresh();
const address = "+10000000000";

describe("the blind index", () => {
  const vault = openVault(master, memoryMeta());

  it("is 16 bytes, and the same for the same channel and address", () => {
    expect(vault.blind("whatsapp", address)).toHaveLength(16);
    expect(vault.blind("whatsapp", address)).toEqual(vault.blind("whatsapp", address));
  });

  it("differs for any other channel or address, wherever the one ends and the other begins", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (channel, chat, channel2, chat2) => {
        fc.pre(channel !== channel2 || chat !== chat2);
        expect(vault.blind(channel, chat)).not.toEqual(vault.blind(channel2, chat2));
      }),
    );
    expect(vault.blind("a\0b", "c")).not.toEqual(vault.blind("a", "b\0c"));
  });

  it("differs from a tombstone of the same digits", () => {
    expect(vault.tombstone(1000)).toHaveLength(16);
    expect(vault.tombstone(1000)).toEqual(vault.tombstone(1000));
    expect(vault.tombstone(1000)).not.toEqual(vault.tombstone(1001));
    expect(vault.tombstone(1000)).not.toEqual(vault.blind("telegram", "1000"));
    expect(vault.tombstone(1000)).not.toEqual(vault.blind("", "1000"));
  });

  it("is the same after the store is opened again", () => {
    const meta = memoryMeta();
    const before = openVault(master, meta);
    const after = openVault(master, meta);
    expect(after.blind("telegram", "1000")).toEqual(before.blind("telegram", "1000"));
    expect(after.tombstone(1000)).toEqual(before.tombstone(1000));
  });

  it("is not derived from the master key: two stores under one master key differ", () => {
    const elsewhere = openVault(master, memoryMeta());
    expect(elsewhere.blind("telegram", "1000")).not.toEqual(vault.blind("telegram", "1000"));
  });

  it("uses the key that was stored when another process wrote one first", () => {
    const first = makeIndexKey(master);
    let asked = 0;
    const late = openVault(master, {
      read: () => {
        asked += 1;
        return asked === 1 ? undefined : first;
      },
      write: () => undefined,
    });
    expect(late.blind("telegram", "1000")).toEqual(vaultOf(master, first).blind("telegram", "1000"));
  });
});

describe("what a store already holds", () => {
  // Written once by the first version. A change that breaks this loses every store there is.
  it("stays readable", () => {
    const hex = (text: string): Buffer => Buffer.from(text, "hex");
    const vault = vaultOf(
      new SecretKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index))),
      hex(
        "0187ade0ebab05ffbd3129d50092536f51c345fb43999ef86dabcf3bb2b625916f791588c902c9fbdd4687e75aafe7522a6d0c6e307d3e0c2b83b136fb",
      ),
    );
    const person = vault.openPersonKey(
      4711,
      hex(
        "01b9868dac13e5864cbd768c226244ad3c0bef889f5ce10a1e6a809f182ecd600fd0a8f1a55c8f0ae7e50a85928069f7b70334849c84ac867061638471",
      ),
    );
    const sealed = hex("011bf83ec21593fb3df15456646624cb198f908b673297b74285587f64969f2733b31dfca0");
    expect(vault.open(person, { table: "outbox", column: "body", row: 12 }, sealed)).toBe("سلام");
    expect(vault.blind("telegram", "1000").toString("hex")).toBe("a8004688c8ea15ec82d36dd06a3ad2ba");
    expect(vault.tombstone(4711).toString("hex")).toBe("63a0293ef10d03e250178387444a3d80");
  });
});
