import { expect, it } from "vitest";
import { againstText } from "../../src/cli/against.ts";
import { show } from "../../src/cli/show.ts";

it("shows rows as a table with what is a moment as one, and a count as a count", () => {
  const rows = [
    { id: 7, at: 0, byTemplate: 2 },
    { id: 12, at: 1000, note: "two\nlines" },
  ];
  expect(show(rows, false).split("\n")).toEqual([
    "id  at                        by template  note",
    "7   1970-01-01T00:00:00.000Z  2",
    "12  1970-01-01T00:00:01.000Z               two lines",
    "",
  ]);
});

it("shows an object line by line, and what is nested in it below", () => {
  expect(show({ topic: "a/b", counts: { sent: 1 }, none: undefined }, false)).toBe("topic  a/b\n\nsent  1\n");
});

it("gives programs JSON, and nothing to see for no rows", () => {
  expect(JSON.parse(show([{ at: 0 }], true))).toEqual([{ at: 0 }]);
  expect(show([], false)).toBe("");
});

it("says whether everyone goes on, the places that are gone first", () => {
  const same = { place: "a:b", becomes: "same", goesTo: "a:b" } as const;
  const gone = { place: "a:c", becomes: "gone", goesTo: "" } as const;
  const text = (rows: Parameters<typeof againstText>[0]["rows"]) =>
    againstText({ ok: true, issues: [], rows });
  expect(text([])).toBe("Nobody is in the middle of anything.\n");
  expect(text([same])).toMatch(/\n\nEveryone goes on\.\n$/);
  expect(text([same, gone])).toMatch(/a:c +gone\s+a:b +same[\s\S]*\n\n1 place is no more: /);
  expect(text([gone, { ...gone, place: "a:d" }])).toContain("\n\n2 places are no more: ");
});
