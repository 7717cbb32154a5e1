import { describe, expect, it } from "vitest";
import { buildLexicon, conceptsOfWord } from "../../src/core/faq/lexicon.ts";
import { finish } from "../../src/core/faq/slices.ts";
import { addWord, openVocabulary } from "../../src/core/faq/vocabulary.ts";
import { conceptsIn } from "../../src/core/faq/word-book.ts";

const lists = [
  { language: "en", concepts: { fee: ["fee", "price"], work: ["job", "work permit"], many: ["how many"] } },
  { language: "fa-AF", concepts: { fee: ["فیس", "قیمت", "qimat"], work: ["درخواست"], many: ["so", "چند"] } },
];
const names = ["fee", "work", "many"];
const vocabulary = finish(openVocabulary(["so", "this"]));
const lexicon = finish(buildLexicon(lists, vocabulary, (word) => word < 2));

function conceptsOf(text: string): string[] {
  const numbers = text.split(" ").map((word) => addWord(vocabulary, word));
  const stems = numbers.map((number) => vocabulary.stemOf[number] ?? -1);
  const concepts = numbers.map((number, at) =>
    conceptsOfWord(lexicon, vocabulary.words[number] ?? "", number, stems[at] ?? -1),
  );
  return conceptsIn({ stems, concepts }, lexicon).map((at) => names[at] ?? "");
}

describe("concepts", () => {
  it.each([
    ["a word as it is written", "the price", ["fee"]],
    ["a word of another language", "قیمت", ["fee"]],
    ["its Latin spelling", "qimat", ["fee"]],
    ["a Latin spelling that sounds like it", "darkhwast", ["work"]],
    ["a word with an ending", "prices", ["fee"]],
    ["a phrase", "a work permit please", ["work"]],
    [
      "several, each once, in the order of their numbers",
      "how many what job price fee",
      ["fee", "work", "many"],
    ],
    ["half a phrase: none", "work", []],
    ["a phrase in another order: none", "permit work", []],
    ["a spelling that is also a word of a Latin-script language: none", "so", []],
    ["an unknown word: none", "butterfly", []],
  ])("%s", (_what, text, found) => {
    expect(conceptsOf(text)).toEqual(found);
  });
});
