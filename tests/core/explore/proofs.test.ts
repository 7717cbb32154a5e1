import { describe, expect, test } from "vitest";
import { prove } from "../../../src/core/flow/checks/prove.ts";
import type { Json } from "../../../src/core/flow/source.ts";
import { programOf, sourceOf, today } from "./small-flows.ts";

const now = Date.parse(`${today}T12:00:00Z`);
const end = { kind: "end" };
const say = (next: string) => ({ kind: "say", next });
const yesNo = (yes: string, no: string) => ({ kind: "ask", answer: { kind: "yes-no" }, next: { yes, no } });
const decide = (rows: readonly (readonly [Json, string])[], otherwise?: string) => ({
  kind: "decide",
  table: rows.map(([when, next]) => ({ when, next })),
  ...(otherwise === undefined ? {} : { otherwise }),
});
const number = (next: string) => ({ kind: "ask", answer: { kind: "number", most: 20 }, next });
const date = (next: string) => ({ kind: "ask", answer: { kind: "date" }, next });

type Steps = Readonly<Record<string, Json>>;
type Flows = Readonly<Record<string, Json>>;

/** What is found in flow `a` with these steps (the first is its start) and in others beside it, as `place: what | transcript`. */
function found(steps: Steps, more: Flows = {}, about: Readonly<Record<string, Json>> = {}, limit?: number) {
  const a: Json = { start: Object.keys(steps)[0] ?? "", ...about, steps };
  const flows = { a, ...more };
  const { issues } = prove(sourceOf(flows), programOf(flows), now, limit);
  return issues.map(({ file, what, transcript = [] }) =>
    [`${file}: ${what}`, ...transcript.slice(1)].join(" | "),
  );
}

const flow = (steps: Steps): Json => ({ start: Object.keys(steps)[0] ?? "", steps });

describe("finds", () => {
  test.each<[what: string, issues: readonly string[], wanted: readonly string[]]>([
    ["nothing in a flow with nothing wrong", found({ q: yesNo("t", "e"), t: say("e"), e: end }), []],
    [
      "a step that nothing leads to",
      found({ q: yesNo("e", "e"), lost: end, e: end }),
      ["flows/a.yaml: no one can come to the step `a:lost`"],
    ],
    [
      "steps that lead only to one another, but not what they lead to",
      found({ q: yesNo("e", "e"), x: say("y"), y: yesNo("x", "z"), z: end, e: end }),
      ["flows/a.yaml: the steps `a:x`, `a:y` lead only to one another: no one can come to them"],
    ],
    [
      "flows that lead only to one another",
      found(
        { q: yesNo("e", "e"), e: end },
        {
          b: flow({ x: say("y"), y: { kind: "call", flow: "c" } }),
          c: flow({ x: { kind: "call", flow: "b" } }),
        },
      ),
      ["flows/b.yaml: nothing leads to the flow `b`", "flows/c.yaml: nothing leads to the flow `c`"],
    ],
    [
      "a reminder that is not set for those who gave no date",
      found({
        q: { kind: "ask", answer: { kind: "date" }, unsure: true, next: "r" },
        r: { kind: "remind", do: "set", reminder: "hearing", date: "q", next: "s" },
        s: say("e"),
        e: end,
      }),
      [
        "flows/a.yaml: `a:r` does nothing for this person: their answer `q` is no date | a:q: a:q → “I don't know”",
      ],
    ],
    [
      "no such reminder where those who gave no date are led past it",
      found({
        q: { kind: "ask", answer: { kind: "date" }, unsure: true, next: { unsure: "e", otherwise: "r" } },
        r: { kind: "remind", do: "set", reminder: "hearing", date: "q", next: "e" },
        e: end,
      }),
      [],
    ],
    [
      "a kind of reminder that an answer names and that is not there",
      found({
        q: { kind: "ask", answer: { kind: "choice", options: ["hearing", "picnic"] }, next: "r" },
        r: { kind: "remind", do: "about", reminder: { answer: "q" }, next: "e" },
        e: end,
      }),
      [
        "flows/a.yaml: `a:r` does nothing for this person: their answer `q` is no kind of reminder, a file in flows/reminders/ | a:q: a:q → picnic",
      ],
    ],
    [
      "a circle without a question",
      found({ q: yesNo("x", "e"), x: say("y"), y: say("x"), e: end }),
      ["flows/a.yaml: the steps `a:x` → `a:y` go round without a question | a:q: a:q → “Yes”"],
    ],
    [
      "a circle without a question across flows",
      found(
        { q: yesNo("x", "e"), x: { kind: "call", flow: "b", next: "x" }, e: end },
        { b: flow({ x: say("e"), e: end }) },
      ),
      ["flows/a.yaml: the steps `a:x` → `b:x` → `b:e` go round without a question | a:q: a:q → “Yes”"],
    ],
    [
      "a gap in a table",
      found({
        n: number("d"),
        d: decide([
          [{ n: { "less-than": 5 } }, "e"],
          [{ n: { "at-least": 6 } }, "e"],
        ]),
        e: end,
      }),
      ["flows/a.yaml: the table of `a:d` has a gap: this person falls into no row | a:n: a:n → 5"],
    ],
    [
      "a gap of one day",
      found({
        t: date("d"),
        d: decide([
          [{ t: { before: "today" } }, "e"],
          [{ t: { after: "today" } }, "e"],
        ]),
        e: end,
      }),
      [
        "flows/a.yaml: the table of `a:d` has a gap: this person falls into no row | a:t: a:t → 2026-11-22 (today)",
      ],
    ],
    [
      "a gap between two dates",
      found({
        t: date("u"),
        u: date("d"),
        d: decide([
          [{ t: { before: "u" } }, "e"],
          [{ t: { after: "u" } }, "e"],
        ]),
        e: end,
      }),
      [
        "flows/a.yaml: the table of `a:d` has a gap: this person falls into no row | a:t: a:t → 2026-11-22 (today) | a:u: a:u → 2026-11-22 (today)",
      ],
    ],
    [
      "rows that overlap and lead to different steps",
      found({
        n: number("d"),
        d: decide(
          [
            [{ n: { "less-than": 5 } }, "e"],
            [{ n: { "less-than": 9 } }, "t"],
          ],
          "e",
        ),
        t: say("e"),
        e: end,
      }),
      [
        "flows/a.yaml: rows 1 and 2 of the table of `a:d` overlap: this person falls into both, and they lead to different steps | a:n: a:n → 5",
      ].map((one) => one.replace("→ 5", "→ 4")),
    ],
    [
      "a row that no one falls into",
      found({
        n: number("d"),
        d: decide([[{ n: { "less-than": 5, "more-than": 6 } }, "e"]], "e"),
        e: end,
      }),
      ["flows/a.yaml: no one can fall into row 1 of the table of `a:d`"],
    ],
    [
      "an answer that is read where it was not asked for",
      found({
        q: yesNo("n", "d"),
        n: number("d"),
        d: decide([[{ n: { "at-least": 3 } }, "e"]], "e"),
        e: end,
      }),
      ["flows/a.yaml: `a:d` reads the answer `n`, which this person was not asked for | a:q: a:q → “No”"],
    ],
    [
      "nothing where a table asks whether it was answered",
      found({
        q: yesNo("n", "d"),
        n: number("d"),
        d: decide([[{ n: { answered: true, "at-least": 3 } }, "e"]], "e"),
        e: end,
      }),
      [],
    ],
    [
      "a set that reads what was not asked for",
      found({
        q: yesNo("n", "s"),
        n: number("s"),
        s: { kind: "set", values: { kept: { answer: "n" } }, next: "e" },
        e: end,
      }),
      ["flows/a.yaml: `a:s` reads the answer `n`, which this person was not asked for | a:q: a:q → “No”"],
    ],
    [
      "questions that no one gets out of",
      found({ q: yesNo("r", "r"), r: yesNo("q", "q") }, {}, { nav: ["back"] }),
      [
        "flows/a.yaml: from the question `a:q` no answer ever leads to an end",
        "flows/a.yaml: from the question `a:r` no answer ever leads to an end | a:q: a:q → “Yes”",
      ],
    ],
    [
      "a question whose list can be empty",
      found({ q: { kind: "ask", answer: { kind: "choice", from: "reminders" }, next: "e" }, e: end }),
      ["flows/a.yaml: the question `a:q` can be asked when its list is empty: it can't be answered"],
    ],
    [
      "an outcome that is gathered but never shown, and one that nothing leads to",
      found(
        { q: { ...yesNo("e", "e"), adds: { yes: "good" } }, e: end },
        {},
        { outcomes: { good: { level: "closed" }, bad: { level: "closed" } } },
      ),
      [
        "flows/a.yaml: no one can reach the outcome `good`",
        "flows/a.yaml: no one can reach the outcome `bad`",
      ],
    ],
    [
      "that a flow is too large",
      found({ n: number("m"), m: number("d"), d: decide([[{ n: 5, m: 7 }, "e"]], "e"), e: end }, {}, {}, 2),
      [
        "flows/a.yaml: the flow `a` has more than 2 states, most of them at `m`, where 1 answers are still remembered (`a:n`)",
      ],
    ],
  ])("%s", (_, issues, wanted) => {
    expect(issues).toEqual(wanted);
  });
});

describe("a promise", () => {
  const danger = (level: string) => ({
    outcomes: { high: { level }, low: { level: "worth-asking" } },
    promises: [{ monotone: { of: "q", order: ["no", "yes"], "never-lowers": "urgency" } }],
  });
  const shows = (outcome: string, next: string) => ({ kind: "outcome", outcome, show: "now", next });
  const steps = {
    q: yesNo("high", "r"),
    high: shows("high", "r"),
    r: yesNo("low", "e"),
    low: shows("low", "e"),
    e: end,
  };

  test("that holds is proved", () => {
    expect(found(steps, {}, danger("lawyer-first"))).toEqual([]);
    // Less by itself, but whoever answers `r` alike gets the same besides.
    expect(found(steps, {}, danger("closed"))).toEqual([]);
  });

  test("that does not hold is shown to be broken by two people", () => {
    const broken = { ...steps, high: shows("high", "e") };
    expect(found(broken, {}, danger("closed"))).toEqual([
      "flows/a.yaml: with `yes` instead of `no`, and all else answered alike, this person gets a less urgent result | with `no`: a:q: a:q → “No” | with `no`: a:r: a:r → “Yes” (a:low) | with `yes`: a:q: a:q → “Yes” (a:high)",
    ]);
  });

  test("of a question or an answer that is not there is refused", () => {
    const about = (of: string, order: readonly string[]) => ({
      promises: [{ monotone: { of, order, "never-lowers": "urgency" } }],
    });
    const small = { q: yesNo("e", "e"), e: end };
    expect(found(small, {}, about("p", ["no", "yes"]))).toEqual([
      "flows/a.yaml: there is no question `p` in this flow",
    ]);
    expect(found(small, {}, about("q", ["no", "maybe"]))).toEqual([
      "flows/a.yaml: the question `q` has no answer `maybe`",
    ]);
  });
});
