import type { Finding } from "../explore/graph.ts";
import type { Program, StepOfKind } from "../program.ts";
import type { Issue, Source } from "../source.ts";
import type { Proof } from "./proof.ts";
import { stepIssue } from "./transcript.ts";

/**
 * Whoever comes to a decision table falls into exactly one way on (rows that lead to the same step may both hold), and
 * into each row falls someone.
 */
export const tables: Proof = ({ source, program, exploration }) => [
  ...exploration.findings.flatMap((finding) => ofFinding(source, finding)),
  ...decides(program)
    .filter(({ place }) => exploration.reached.has(place))
    .flatMap((step) => emptyRows(source, step, exploration.rows)),
];

function decides(program: Program): readonly StepOfKind<"decide">[] {
  return [...program.steps.values()].flatMap((step) => (step.kind === "decide" ? [step] : []));
}

function ofFinding(source: Source, finding: Finding): readonly Issue[] {
  const { place, edge } = finding;
  if (finding.kind === "gap")
    return stepIssue(source, place, ["table"], {
      what: `the table of \`${place}\` has a gap: this person falls into no row`,
      mend: "add a row for them, or `otherwise`",
      edge,
    });
  if (finding.kind !== "overlap") return [];
  const [first, second] = finding.rows;
  return stepIssue(source, place, ["table", second, "when"], {
    what: `rows ${first + 1} and ${second + 1} of the table of \`${place}\` overlap: this person falls into both, and they lead to different steps`,
    mend: `say in row ${second + 1} what row ${first + 1} does not say`,
    edge,
  });
}

function emptyRows(source: Source, { place, table }: StepOfKind<"decide">, rows: ReadonlySet<string>) {
  return table.flatMap((_, row) =>
    rows.has(`${place}#${row}`)
      ? []
      : stepIssue(source, place, ["table", row, "when"], {
          what: `no one can fall into row ${row + 1} of the table of \`${place}\``,
          mend: "correct the row, or remove it",
        }),
  );
}
