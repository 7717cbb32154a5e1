import { patch } from "../system/copy-tree.ts";
import { telegram } from "./on-telegram.ts";
import type { PlantedBug } from "./planted-bugs.ts";
import { type CrashOptions, crashRun } from "./run.ts";

/** The most kills after which a planted bug has to have been seen, and how many fall on one store. */
const mostKills = 40;
const aStore = 8;

/** What was said of a planted bug, and after how many kills; empty where it was not seen. */
export type Seen = { readonly kills: number; readonly said: string };

/** Plants a bug in a tree with fail points, kills until a promise is seen broken, and takes the bug out again. */
export async function seeBug(
  bug: PlantedBug,
  options: Pick<CrashOptions, "root" | "seed" | "parent">,
): Promise<Seen> {
  const unplant = patch(options.root, bug.patches);
  try {
    let kills = 0;
    while (kills < mostKills) {
      const report = await crashRun({
        ...options,
        platform: bug.platform ?? telegram,
        seed: options.seed + kills,
        kills: aStore,
        sendsInFlight: 4,
        aims: bug.aims,
        untilBroken: true,
      });
      kills += report.kills;
      const said = report.violations.find((violation) => bug.seenAs.test(violation));
      if (said !== undefined) return { kills, said };
    }
    return { kills, said: "" };
  } finally {
    unplant();
  }
}
