import { formatIssues } from "../content/format-issues.ts";
import type { CheckReport, PastReview } from "../wiring/check-folder.ts";
import { show, table } from "./show.ts";

/** The report for people: what is wrong, then the counts. */
export function checkText({ issues, counts, flows, translations, pastReview: due }: CheckReport): string {
  const blocks = [
    formatIssues(issues),
    counts === undefined ? "" : show(counts, false).trimEnd(),
    table(flows),
    table(translations),
    due.map(reviewText).join("\n"),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function reviewText({ id, file, line, reviewBy, page }: PastReview): string {
  return `${file}:${line}: \`${id}\` is past its review (${reviewBy}) and is not stated. Mend: look at ${page}, then set its days.`;
}
