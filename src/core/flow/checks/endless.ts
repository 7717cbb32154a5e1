import type { Proof } from "./proof.ts";
import { stepIssue } from "./transcript.ts";

/** Between two questions there are few steps: nothing runs in a circle without asking, in one flow or across several. */
export const endless: Proof = ({ source, exploration }) =>
  exploration.findings.flatMap((finding) => {
    if (finding.kind === "loop")
      return stepIssue(source, finding.place, [], {
        what: `the steps ${finding.cycle.map((place) => `\`${place}\``).join(" → ")} go round without a question`,
        mend: "ask something on the way, or lead out of the circle",
        edge: finding.edge,
      });
    if (finding.kind !== "long") return [];
    return stepIssue(source, finding.place, [], {
      what: `more steps without a question than one turn takes lead to \`${finding.place}\``,
      mend: "ask something on the way",
      edge: finding.edge,
    });
  });
