import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { patch } from "../system/copy-tree.ts";
import { failPoints } from "./fail-points.ts";
import { numbersTree } from "./numbers-tree.ts";
import { telegram } from "./on-telegram.ts";
import { whatsapp } from "./on-whatsapp.ts";
import { plantedBugs } from "./planted-bugs.ts";
import { type CrashReport, misdeeds } from "./report.ts";
import { crashRun } from "./run.ts";
import { seeBug } from "./see-bug.ts";

let folder: string;
let root: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "parwana-tree-"));
  root = numbersTree(join(folder, "tree"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seed = 20_261_122;
const aims = ["after-commit", "before-send", "between-steps", "after-send-before-mark"] as const;

describe("kill -9", () => {
  it("sixty times, anywhere and at each fail point: nothing is lost, nothing doubled, order is kept", {
    timeout: 600_000,
  }, async () => {
    const [four, one] = await Promise.all([
      crashRun({ root, platform: telegram, kills: 30, seed, sendsInFlight: 4 }),
      crashRun({ root, platform: telegram, kills: 30, seed: seed + 1, sendsInFlight: 1 }),
    ]);
    expect(four.violations).toEqual([]);
    expect(one.violations).toEqual([]);
    expect(four.kills + one.kills).toBe(60);
    expect(notPlayed(four, one)).toEqual([]);
    // Of each message that was taken and not answered for, one copy, and as many as that were taken so.
    expect(four.platformCopies).toBe(four.played["drop-after"]);
    expect(one.platformCopies).toBe(one.played["drop-after"]);
    expect(new Set([...Object.keys(four.struck), ...Object.keys(one.struck)])).toEqual(new Set(failPoints));
    expect(four.acknowledged + one.acknowledged).toBeGreaterThan(1_000);
  });

  it("on WhatsApp, eight times where a message is under way: all that, and nothing is sent once more", {
    timeout: 600_000,
  }, async () => {
    const report = await crashRun({ root, platform: whatsapp, kills: 8, seed, sendsInFlight: 4, aims });
    expect(report.violations).toEqual([]);
    expect(report.copies).toEqual(Array(8).fill(0));
    expect(report.struck["between-steps"]).toBe(2);
    expect(Object.values(report.struck).reduce((sum, one) => sum + one)).toBeGreaterThan(4);
    expect(report.acknowledged).toBeGreaterThan(100);
  });
});

describe("a server that is left alone", () => {
  const leftAlone = { platform: telegram, kills: 0, messages: 400, seed, sendsInFlight: 512 };

  it("loses, doubles and misplaces nothing, whatever the platform does wrong", {
    timeout: 120_000,
  }, async () => {
    const report = await crashRun({ root, ...leftAlone });
    expect(report.violations).toEqual([]);
    expect(report.kills).toBe(0);
    expect(report.messages).toBeGreaterThanOrEqual(400);
    expect(notPlayed(report)).toEqual([]);
    expect(report.platformCopies).toBe(report.played["drop-after"]);
  });

  it.each(plantedBugs.filter(({ seenWithoutKill = false }) => seenWithoutKill))(
    "is seen when it $name",
    { timeout: 240_000 },
    async ({ patches, seenAs }) => {
      const unplant = patch(root, patches);
      try {
        const { violations } = await crashRun({ root, ...leftAlone });
        expect(violations.join("\n")).toMatch(seenAs);
      } finally {
        unplant();
      }
    },
  );
});

/** What the platform was to do wrong, and never did. */
function notPlayed(...reports: readonly CrashReport[]): readonly string[] {
  return misdeeds.filter((kind) => reports.every(({ played }) => (played[kind] ?? 0) === 0));
}

describe("this harness", () => {
  it.each(plantedBugs.filter(({ slow = false }) => !slow))(
    "sees a server that $name",
    { timeout: 600_000 },
    async (bug) => {
      const { said } = await seeBug(bug, { root, seed });
      expect(said).toMatch(bug.seenAs);
    },
  );
});
