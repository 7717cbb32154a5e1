import { describe, expect, it } from "vitest";
import { buildFaqIndex } from "../../src/core/faq/faq-index.ts";
import { searchFaq } from "../../src/core/faq/search-faq.ts";
import { type Asked, indexOf } from "../../src/core/flow/index-of.ts";

const entry = (id: string, ...phrasings: string[]) => ({
  id,
  language: "en",
  title: `About ${id}`,
  phrasings,
  text: "",
});
const asked: Asked = [
  [entry("fee", "what does it cost", "how much is the form"), entry("time", "how long will I wait")],
  { concepts: [{ language: "en", concepts: { money: ["cost", "fee"], wait: ["wait", "time"] } }] },
];

describe("an index that is built when it is asked for", () => {
  it("is the same whether it is built at once, in slices, or first one then the other", () => {
    const sliced = indexOf(() => asked);
    while (!sliced.slice());
    const begun = indexOf(() => asked);
    begun.slice();
    begun.slice();
    const { classifier, letters } = buildFaqIndex(...asked);
    for (const index of [sliced(), begun()]) expect(index).toMatchObject({ classifier, letters });
  });

  it("is ready as soon as somebody has asked", () => {
    const index = indexOf(() => asked);
    expect(index.slice()).toBe(false);
    expect(searchFaq(index(), "what does it cost", "en").entries[0]).toBe("fee");
    expect(index.slice()).toBe(true);
  });

  it("is built once", () => {
    let times = 0;
    const index = indexOf(() => {
      times += 1;
      return asked;
    });
    index.slice();
    expect(index()).toBe(index());
    expect(index.slice()).toBe(true);
    expect(times).toBe(1);
  });
});
