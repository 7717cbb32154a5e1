import { formatIssues } from "../content/format-issues.ts";
import type { CheckReport, PastReview } from "../wiring/check-folder.ts";
import { show, table } from "./show.ts";

/** The report for people: what is wrong, then the counts. */
export function checkText({ issues, counts, flows, translations, pastReview: due }: CheckReport): string {
  const blocks = [
    formatIssues(issues),
    counts === undefined ? "" : show({ ...counts, paths: roundCount(counts.paths) }, false).trimEnd(),
    table(flows.map((flow) => ({ ...flow, paths: flow.paths === null ? null : roundCount(flow.paths) }))),
    table(translations),
    due.map(reviewText).join("\n"),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

const mostDigits = 6;
const superscripts = [..."⁰¹²³⁴⁵⁶⁷⁸⁹"];

/** Digits of a count as people take them in: whole up to six of them, then two and a power of ten, cut off, not rounded up. */
function roundCount(digits: string): string {
  if (digits.length <= mostDigits) return digits;
  const power = [...String(digits.length - 1)].map((digit) => superscripts[Number(digit)]).join("");
  return `${digits.slice(0, 1)}.${digits.slice(1, 2)} × 10${power}`;
}

function reviewText({ id, file, line, reviewBy, page }: PastReview): string {
  return `${file}:${line}: \`${id}\` is past its review (${reviewBy}) and is not stated. Mend: look at ${page}, then set its days.`;
}
