import { type CrashReport, misdeeds } from "../tests/crash/report.ts";
import { type Floor, shown } from "./report.ts";

/** The head of a table of what a platform really did wrong; `misdeedCells` gives a row. */
export const misdeedHead = [
  ...["429", "500", "502 with a page", "dropped before", "dropped after"],
  ...["an update twice at the same time", "an update again"],
];

type Played = Pick<CrashReport, "played">;

/** How often a platform did each of its misdeeds. */
export function misdeedCells({ played }: Played): readonly string[] {
  return misdeeds.map((kind) => shown(played[kind] ?? 0));
}

/** Of all that a platform was to do wrong in these runs, how often it did what it did least often. */
export function rarestOf(reports: readonly Played[]): number {
  const timesOf = (kind: string) => reports.reduce((sum, { played }) => sum + (played[kind] ?? 0), 0);
  return Math.min(...misdeeds.map(timesOf));
}

/** How many copies may come of a message that was taken and whose answer was lost, where nobody can be asked about it. */
export function copiesOfLost(reports: readonly Pick<CrashReport, "played" | "platformCopies">[]): Floor {
  const copies = reports.reduce((sum, { platformCopies }) => sum + platformCopies, 0);
  const lost = reports.reduce((sum, { played }) => sum + (played["drop-after"] ?? 0), 0);
  return { what: "copies a lost answer", value: copies / lost, unit: "", most: 1 };
}
