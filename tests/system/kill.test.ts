import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { copyTree, type Patch } from "./copy-tree.ts";
import { crashRun } from "./crash-run.ts";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function treeWith(patches: readonly Patch[]): string {
  const folder = mkdtempSync(join(tmpdir(), "parwana-planted-"));
  folders.push(folder);
  return copyTree(folder, patches);
}

describe("kill -9", () => {
  it("twenty times under load: nothing acknowledged is lost, no step is taken twice, order is kept", {
    timeout: 180_000,
  }, async () => {
    const report = await crashRun({ kills: 20, seed: 20_261_122 });
    expect(report.violations).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(400);
  });
});

describe("this test", () => {
  it("sees an acknowledgement that comes before the commit", async () => {
    const root = treeWith([
      {
        file: "src/web/webhook-routes.ts",
        from: 'received.kind === "ignored" ? "done" : await receive(contentOf(received));',
        to: 'received.kind === "ignored" ? "done" : (void receive(contentOf(received)), "done" as Taken);',
      },
    ]);
    const { violations } = await crashRun({ root, kills: 3, seed: 7 });
    expect(violations.join("\n")).toMatch(/acknowledged and is not in the inbox/);
  });

  it("sees an input that is handled each time it comes", async () => {
    const root = treeWith([
      {
        file: "src/app/receive.ts",
        from: "externalId: received.externalId },",
        to: "externalId: received.externalId + Math.random() },",
      },
    ]);
    const { violations } = await crashRun({ root, kills: 1, seed: 7 });
    expect(violations.join("\n")).toMatch(/turns for \d+ inputs/);
  });
});
