import { expect, it } from "vitest";
import { People } from "../../src/app/people.ts";
import { SecretKey } from "../../src/vault/secret-key.ts";
import { openVault } from "../../src/vault/vault.ts";
import { memoryMeta } from "../vault/memory-meta.ts";

/** A vault that counts how often it computes where a look-up leads. */
function counting() {
  const vault = openVault(SecretKey.fresh(), memoryMeta());
  let computed = 0;
  const people = new People({
    ...vault,
    blind: (channel, address) => {
      computed += 1;
      return vault.blind(channel, address);
    },
  });
  return { vault, people, computed: () => computed };
}

it("computes where an address leads once, and again for another channel", () => {
  const { vault, people, computed } = counting();
  const expected = [vault.blind("telegram", "1000")];
  expect(people.blinds("telegram", ["1000"])).toEqual(expected);
  expect(people.blinds("telegram", ["1000"])).toEqual(expected);
  expect(computed()).toBe(1);
  expect(people.blinds("whatsapp", ["1000"])).toEqual([vault.blind("whatsapp", "1000")]);
  expect(people.blinds("telegram", ["1000"])).toEqual(expected);
});

it("keeps nothing of a person who was let go, open or not", () => {
  const { people, computed } = counting();
  const person = people.create(1, ["1000"], "en", "content");
  people.blinds("telegram", ["1000"]);
  people.remember(1, person);
  people.drop(1);
  people.blinds("telegram", ["1000"]);
  expect(computed()).toBe(2);
  people.drop(2, ["1000"]);
  people.blinds("telegram", ["1000"]);
  expect(computed()).toBe(3);
});
