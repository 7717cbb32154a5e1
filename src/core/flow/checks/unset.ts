import type { Proof } from "./proof.ts";
import { stepIssue } from "./transcript.ts";

const lacking = {
  date: "is no date",
  kind: "is no kind of reminder, a file in flows/reminders/",
} as const;

/** Whoever comes to a reminder gets it: a date is there, and a kind of that name. Else it would be passed over in silence. */
export const unset: Proof = ({ source, exploration }) =>
  exploration.findings.flatMap((finding) => {
    if (finding.kind !== "unset") return [];
    const { place, name, lacks, edge } = finding;
    return stepIssue(source, place, [], {
      what: `\`${place}\` does nothing for this person: their answer \`${name}\` ${lacking[lacks]}`,
      mend: "lead them past it, with a table before it or a line of their own under `next`",
      edge,
    });
  });
