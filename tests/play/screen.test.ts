import { expect, it } from "vitest";
import { screenLines } from "../../src/play/screen.ts";
import type { Drawn } from "../../src/web/playground/phone.ts";

const drawn: Drawn = {
  id: "1",
  from: "bot",
  at: 0,
  text: "Heading\nplain text\na note",
  entities: [
    { type: "bold", offset: 0, length: 7 },
    { type: "bold", offset: 8, length: 5 },
    { type: "italic", offset: 19, length: 6 },
  ],
  rows: [],
};
const lines = (language: string, styled: boolean) =>
  screenLines(drawn, { language, markOf: () => "1", styled });

it("styles the lines that are bold or italic from end to end, where the terminal can", () => {
  expect(lines("en", true)).toEqual(["\u001b[1mHeading\u001b[0m", "plain text", "\u001b[3ma note\u001b[0m"]);
  expect(lines("en", false)).toEqual(["Heading", "plain text", "a note"]);
});

it("begins each line of a right-to-left language as one", () => {
  expect(lines("ps", false)).toEqual(["\u200fHeading", "\u200fplain text", "\u200fa note"]);
});
