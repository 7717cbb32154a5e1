import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { contentFingerprint, watchContent } from "../../src/content/watch.ts";
import { tree } from "./tree.ts";

const edits: readonly (readonly [what: string, edit: (root: string) => void])[] = [
  ["a changed file", (root) => writeFileSync(join(root, "flows/menu.yaml"), "start: other\n")],
  [
    "a new file in a new folder",
    (root) => {
      mkdirSync(join(root, "locales/en/faq"));
      writeFileSync(join(root, "locales/en/faq/basics.json"), "{}");
    },
  ],
  [
    "a file put in another's place",
    (root) => {
      writeFileSync(join(root, "menu.next"), "start: these\n");
      renameSync(join(root, "menu.next"), join(root, "flows/menu.yaml"));
    },
  ],
  ["a folder that is gone", (root) => rmSync(join(root, "flows"), { recursive: true })],
];

test.each(edits)("is told once: %s", async (_what, edit) => {
  const root = tree({ "flows/menu.yaml": "start: there\n" });
  const changed = vi.fn();
  const { close, ready } = watchContent(root, 5, changed);
  onTestFinished(close);
  await ready;
  edit(root);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 5000 });
});

test("is told also of what was changed before the first look", async () => {
  const root = tree({ "flows/menu.yaml": "start: there\n" });
  const changed = vi.fn();
  const seen = await contentFingerprint(root);
  writeFileSync(join(root, "flows/menu.yaml"), "start: elsewhere\n");
  onTestFinished(watchContent(root, 5, changed, seen).close);
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1), { timeout: 5000 });
});
