import { sendPatch } from "../crash/fail-points.ts";
import type { Patch } from "../system/copy-tree.ts";

/** Places in the code at which one of several processes can be made to die. */
export const failPoints = [
  "before-commit",
  "in-commit",
  "after-commit",
  "before-send",
  "after-send-before-mark",
] as const;

export type FailPoint = (typeof failPoints)[number];

/** At which passing at most a point strikes: each is passed for each message or two. */
export const mostPassings = 30;

/** Sets the fail points into a copy of the source. `in-commit`: COMMIT has been sent, and nobody has read what came of it. */
export const failPointPatches: readonly Patch[] = [
  {
    file: "src/store/postgres/connection.ts",
    from: `    const committed = client.query("COMMIT");\n`,
    to: `    crash.at("before-commit");\n    const committed = client.query("COMMIT");\n    crash.at("in-commit");\n`,
  },
  {
    file: "src/store/postgres/connection.ts",
    from: `    if (done.command !== "COMMIT")`,
    to: `    crash.at("after-commit");\n    if (done.command !== "COMMIT")`,
  },
  sendPatch,
];
