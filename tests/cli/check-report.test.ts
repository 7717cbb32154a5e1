import { describe, expect, it } from "vitest";
import { checkText } from "../../src/cli/check-text.ts";
import { checkFolder } from "../../src/wiring/check-folder.ts";
import { tree } from "../content/tree.ts";
import { smallContent } from "../core/flow/small-content.ts";

const on = (day: string) => checkFolder(tree(smallContent), Date.parse(`${day}T12:00:00Z`));

describe("a fact past its review", () => {
  it("is told with its place and its page, from the day of the review on", () => {
    const due = on("2026-12-06");
    expect(due.pastReview).toEqual([
      {
        id: "fee",
        file: "flows/facts.yaml",
        line: 9,
        reviewBy: "2026-12-06",
        page: "https://example.org/fee",
      },
    ]);
    expect(checkText(due)).toContain(
      "flows/facts.yaml:9: `fee` is past its review (2026-12-06) and is not stated. Mend: look at https://example.org/fee",
    );
    expect(on("2026-12-05").pastReview).toEqual([]);
  });

  it("is no fault of the content: what is wrong does not depend on the day", () => {
    expect(on("2026-12-06").issues).toEqual(on("2026-12-05").issues);
  });
});

describe("the number of ways through a flow", () => {
  const told = (paths: string | null) => {
    const report = on("2026-11-22");
    const [flow] = report.flows;
    if (flow === undefined || report.counts === undefined) throw new Error("nothing was counted");
    const text = checkText({
      ...report,
      flows: [{ ...flow, paths }],
      counts: { ...report.counts, paths: paths ?? "0" },
    });
    return {
      total: /^paths +(.*)$/m.exec(text)?.[1],
      row: text.split("\n").find((line) => line.startsWith(flow.flow)),
    };
  };

  it.each([
    ["0", "0"],
    ["999999", "999999"],
    ["1000000", "1.0 × 10⁶"],
    ["7672228771993648923", "7.6 × 10¹⁸"],
  ])("is told so that it can be read: %s as %s", (paths, wanted) => {
    expect(told(paths).total).toBe(wanted);
    expect(told(paths).row).toContain(`  ${wanted}  `);
  });

  it("is left out where it has none, and exact in the report that programs read", () => {
    expect(told(null).row).not.toContain("null");
    expect(on("2026-11-22").counts?.paths).toMatch(/^\d+$/);
  });
});
