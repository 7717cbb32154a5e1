import { describe, expect, test } from "vitest";
import { someOf } from "../../bench/check/defect.ts";
import { defects } from "../../bench/check/defects.ts";
import { look, statusesOf } from "../../bench/check/run-checks.ts";
import { dayOf } from "../../src/wiring/check-folder.ts";
import { shippedContent } from "../core/shipped.ts";
import { projectRoot } from "../project-root.ts";

// One of each kind of defect that only a look at everything finds, planted in the shipped content. What a start finds is
// planted in a small content (tests/core/flow/defects.yaml); `npm run bench:check` plants all kinds, and more of each.

const shipped = shippedContent();
const statuses = statusesOf(projectRoot, shipped.source);
const now = dayOf(shipped.program);
const late = defects.filter(({ stage }) => stage !== "compile" && stage !== "content");

test("there are kinds enough, each with a place to plant it", () => {
  expect(defects.length).toBeGreaterThanOrEqual(40);
  expect(late.length).toBeGreaterThanOrEqual(24);
  expect(new Set(defects.map(({ kind }) => kind)).size).toBe(defects.length);
  expect(defects.filter(({ plants }) => plants(shipped).length === 0).map(({ kind }) => kind)).toEqual([]);
});

describe("a check of the shipped content finds", () => {
  test.each(late)("$kind", { timeout: 60_000 }, (defect) => {
    const [plant] = someOf(defect.plants(shipped), 1);
    const found = plant === undefined ? undefined : look(plant.source(), statuses, now, defect);
    expect(found?.meant, `${plant?.where}: ${found?.other?.what ?? "nothing was found"}`).toBeDefined();
  });
});
