import { env } from "node:process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { explore } from "../../../src/core/flow/explore/explore.ts";
import { walk } from "./brute-force.ts";
import { programOf, smallFlows, today } from "./small-flows.ts";

const runs = Number(env["EXPLORE_RUNS"] ?? 40);
const now = Date.parse(`${today}T12:00:00Z`);

test(
  "comes to the same steps and questions as trying everything does",
  () => {
    fc.assert(
      fc.property(smallFlows, (flows) => {
        const program = programOf(flows);
        const walked = walk(program, now, today, 1500);
        fc.pre(walked !== undefined);
        const { states, entries, reached, rows } = explore(program, now);
        expect([...reached].sort()).toEqual([...walked.steps].sort());
        const shown = [...entries, ...states.flatMap(({ out }) => out)].flatMap((edge) => edge.shown);
        expect([...new Set(shown)].sort()).toEqual([...walked.shown].sort());
        expect([...rows].sort()).toEqual([...walked.rows].sort());
        expect([...new Set(states.map(({ session }) => session.frames.join(" ")))].sort()).toEqual(
          [...walked.frames].sort(),
        );
      }),
      { numRuns: runs, endOnFailure: true },
    );
  },
  Math.max(120_000, runs * 2_000),
);
