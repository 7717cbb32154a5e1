import { expect, test } from "vitest";
import { checkFolder } from "../../src/wiring/check-folder.ts";
import { tree } from "../content/tree.ts";
import { smallContent } from "../core/flow/small-content.ts";

const now = Date.parse("2026-11-22T12:00:00Z");

/** What is found in the small content after these places were changed, as `file:line what`. */
function found(changes: Readonly<Record<string, readonly [from: string, to: string]>>): readonly string[] {
  const changed = Object.entries(changes).map(([path, [from, to]]) => {
    const text = smallContent[path] ?? "";
    if (!text.includes(from)) throw new Error(`${path} does not hold ${from}`);
    return [path, text.replace(from, to)] as const;
  });
  const { issues } = checkFolder(tree({ ...smallContent, ...Object.fromEntries(changed) }), now);
  return issues
    .filter(({ what }) => what.includes("label"))
    .map(({ file, line, what }) => `${file}:${line} ${what}`);
}

test("a label that is too long is told once, at its own place, however many messages it stands in", () => {
  expect(found({})).toEqual([]);
  const long = "The menu with everything that there is";
  expect(found({ "locales/en/commands.json": ['"label": "menu"', `"label": "${long}"`] })).toEqual([
    expect.stringMatching(
      /^locales\/en\/commands\.json:\d+ the label `menu\.label` has 38 characters; 20 fit on its button$/,
    ),
  ]);
});

test("labels that are too long in several places are told each", () => {
  const all = found({
    "locales/en/commands.json": ['"label": "menu"', '"label": "The menu with everything that there is"'],
    "locales/es/trip.json": ["Limao", "Lima, la ciudad de los reyes"],
  });
  expect(all).toHaveLength(2);
  expect(all.join()).toContain("`zone.options.lima` has 28 characters; 24 fit");
});
