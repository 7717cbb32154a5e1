import type { Proof } from "./proof.ts";
import { stepIssue } from "./transcript.ts";

/** No step reads an answer that was not given on the way there; `answered` asks whether it was. */
export const unasked: Proof = ({ source, exploration }) =>
  exploration.findings.flatMap((finding) => {
    if (finding.kind !== "unasked") return [];
    const { place, name, row, edge } = finding;
    return stepIssue(source, place, row === undefined ? [] : ["table", row, "when"], {
      what: `\`${place}\` reads the answer \`${name}\`, which this person was not asked for`,
      mend:
        row === undefined
          ? "ask for it on every way there"
          : "ask for it on every way there, or begin the row with `answered: true`",
      edge,
    });
  });
