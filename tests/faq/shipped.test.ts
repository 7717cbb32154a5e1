import { describe, expect, it } from "vitest";
import { readMessages } from "../../bench/faq/messages.ts";
import { rowOf } from "../../src/core/faq/rows.ts";
import { searchFaq } from "../../src/core/faq/search-faq.ts";
import { shippedContent } from "../core/shipped.ts";

const loaded = shippedContent();
const index = loaded.program.faq.index();

describe("the shipped questions", () => {
  it.each([
    ["filing-fee", "en", "What is the filing fee?"],
    ["filing-fee or parole-grant-fee", "en", "how much is the parole fee"],
    ["filing-fee", "es", "¿Cuánto cuesta presentar la solicitud?"],
    ["what-is-parole", "en", "whats humanitarian parol"],
    ["what-is-parole", "fa-AF", "پارول بشردوستانه چیست؟"],
    ["what-is-parole", "ps", "بشري پارول څه شی دی؟"],
    ["what-is-parole", "en", "پارول بشردوستانه چیست؟"],
    ["privacy", "en", "will you tell the government that I texted you?"],
    ["privacy", "fa-AF", "به اداره مهاجرت می‌گویید که من اینجا نوشتم؟"],
    ["privacy", "ps", "حکومت ته به ووایئ؟"],
    ["privacy", "es", "¿le van a decir al gobierno?"],
    ["privacy", "es", "¿Migración se entera de que les escribí?"],
    ["privacy", "en", "who sees what I write"],
  ])("are answered at once: %s (%s: %s)", (ids, language, text) => {
    const { decision, entries } = searchFaq(index, text, language);
    expect(decision).toBe("answer");
    expect(ids.split(" or ")).toContain(entries[0]);
  });

  it("answer their own titles and phrasings with their own entry", () => {
    const { table, entries } = index.exact;
    const own = entries.flatMap((place, phrasing): [string, number][] => {
      const words = Array.from(rowOf(table.rows, phrasing), (word) => index.book.words[word] ?? "");
      return index.ids[place] === undefined ? [] : [[words.join(" "), place]];
    });
    // Every so many, as there are more than ten thousand.
    const asked = own.filter((_, at) => at % 23 === 0);
    const astray = asked
      .map(([text, place]) => ({
        text,
        id: index.ids[index.wholeOf[place] ?? -1],
        found: searchFaq(index, text, "en"),
      }))
      .filter(({ id, found }) => found.decision !== "answer" || found.entries[0] !== id);
    expect(asked.length).toBeGreaterThan(200);
    expect(astray).toEqual([]);
  });

  const messages = readMessages("faq-dev.jsonl").filter(({ kind }) => kind !== "rf");
  const found = messages.map(({ text, lang, expected, kind }) => {
    const { decision, entries } = searchFaq(index, text, lang);
    const right = expected.includes(entries[0] ?? "");
    return { kind, decision, right, inThree: expected.some((id) => entries.includes(id)) };
  });
  const share = <T>(all: readonly T[], good: (one: T) => boolean) => all.filter(good).length / all.length;

  it("are nearly always right when they are answered at once", () => {
    const direct = found.filter(({ decision }) => decision === "answer");
    expect(share(direct, ({ right }) => right)).toBeGreaterThanOrEqual(0.92);
    expect(share(found, ({ decision }) => decision === "answer")).toBeGreaterThanOrEqual(0.2);
  });

  it("are mostly among the three that are offered", () => {
    expect(
      share(
        found.filter(({ kind }) => kind !== "oos"),
        ({ inThree }) => inThree,
      ),
    ).toBeGreaterThanOrEqual(0.9);
  });

  it("are not given to people who ask for something else", () => {
    expect(
      share(
        found.filter(({ kind }) => kind === "oos"),
        ({ decision }) => decision === "answer",
      ),
    ).toBe(0);
  });
});
