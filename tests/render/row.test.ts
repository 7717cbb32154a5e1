import { describe, expect, it } from "vitest";
import { civilDate } from "../../src/core/dates/civil-date.ts";
import { longestRow } from "../../src/core/nouns/message.ts";
import type { SayButton } from "../../src/core/nouns/say.ts";
import { render } from "../../src/core/render/render.ts";
import type { Translator } from "../../src/core/render/translator.ts";
import { shippedContent } from "../core/shipped.ts";

const { program } = shippedContent();
const today = civilDate(2026, 11, 23);
if (today === undefined) throw new Error("no such day");
const day = today;

/** A row of a title and a person's own word, as they stand. */
const translator: Translator = {
  text: (_language, _key, { title, label }) => `${title ?? ""} ${label ?? ""}`,
  factsIn: () => [],
};

function rowOf(title: string, label: string): string {
  const button: SayButton = { id: "a:1", words: { key: "any:row", params: { title, label } }, cut: "label" };
  const say = { parts: [], buttons: [button], nav: [], lane: "reply" } as const;
  return render({ program, translator }, say, "en", day).message.buttons[0]?.label ?? "";
}

describe("a row that also says something that can be spared", () => {
  it.each([
    ["whole where there is room", "3 Jun", "me", "Work card ends", "3 Jun me Work card ends"],
    ["cut where there is some", "3 Jun 2027", "me", "Work card ends", "3 Jun 2027 me Work card…"],
    [
      "left out where hardly anything of it fits",
      "3 Jun 2027",
      "my youngest",
      "Work",
      "3 Jun 2027 my youngest",
    ],
    [
      "left out before the word is cut",
      "3 Jun 2027",
      "my youngest daughter",
      "Work",
      "3 Jun 2027 my youngest…",
    ],
  ])("has it %s", (_, date, label, title, row) => {
    const words = { key: "any:row", params: { date, label, title } };
    const dated: Translator = {
      text: (_language, _key, values) => `${values["date"]} ${values["label"]} ${values["title"]}`,
      factsIn: () => [],
    };
    const button: SayButton = { id: "a:1", words, cut: "label", spare: "title" };
    const say = { parts: [], buttons: [button], nav: [], lane: "reply" } as const;
    const { message } = render({ program, translator: dated }, say, "en", day);
    expect(message.buttons[0]?.label).toBe(row);
  });
});

describe("a row that holds a person's own word", () => {
  it.each([
    ["cut after a whole word", "Card", "my youngest daughter", "Card my youngest…"],
    ["whole up to the limit", "Card", "a".repeat(longestRow - 5), `Card ${"a".repeat(longestRow - 5)}`],
    [
      "cut to the limit, the mark included",
      "Card",
      "a".repeat(longestRow),
      `Card ${"a".repeat(longestRow - 6)}…`,
    ],
    [
      "of at least two letters, where the row is too long without it",
      "T".repeat(30),
      "daughter",
      `${"T".repeat(30)} da…`,
    ],
  ])("has it %s", (_, title, label, row) => {
    expect(rowOf(title, label)).toBe(row);
  });
});
