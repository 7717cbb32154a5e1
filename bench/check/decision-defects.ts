import { isJsonObject, valueAt } from "../../src/core/flow/source.ts";
import type { Defect } from "./defect.ts";
import { inAllWords, inFlow, type Plant, stepsIn, textAt } from "./edit.ts";
import { inFlows, inSteps, nowhere, rowsOf } from "./plant.ts";

/** Defects of decision tables and of what they read. */
const decisions: readonly Defect[] = [
  {
    kind: "missing default",
    stage: "proof",
    says: /has a gap|no one can come|no one can fall/,
    plants: (shipped) =>
      inSteps(shipped, "decide", ({ body }) =>
        body["otherwise"] === undefined ? [] : [[["otherwise"], undefined]],
      ),
  },
  {
    kind: "dropped row",
    stage: "proof",
    says: /has a gap/,
    plants: (shipped) =>
      inSteps(shipped, "decide", ({ body }) =>
        body["otherwise"] === undefined && rowsOf(body).length > 1 ? [[["table", 0], undefined]] : [],
      ),
  },
  {
    kind: "rows that overlap",
    stage: "proof",
    says: /overlap/,
    plants: (shipped) =>
      inSteps(shipped, "decide", ({ body }) => {
        const [first] = rowsOf(body);
        const when = valueAt(first, ["when"]);
        const other = textAt(body, ["otherwise"]) ?? textAt(rowsOf(body)[1], ["next"]);
        return when === undefined || other === undefined
          ? []
          : [[["table", rowsOf(body).length], { when, next: other }]];
      }),
  },
  {
    kind: "row that no one falls into",
    stage: "proof",
    says: /no one can fall into row/,
    plants: (shipped) =>
      inSteps(shipped, "decide", ({ body }) => {
        const when = valueAt(rowsOf(body)[0], ["when"]);
        const next = valueAt(rowsOf(body)[0], ["next"]);
        return when === undefined || next === undefined
          ? []
          : [[["table", 0, "when"], { all: [when, { not: when }] }]];
      }),
  },
  {
    kind: "gap of one day",
    stage: "proof",
    says: /has a gap/,
    plants: ({ source }) =>
      ["reminder-set", "reminder-change"].map((flow) => ({
        where: `${flow}:how-near`,
        source: () => {
          const next = textAt(source.flows.get(flow)?.data, ["steps", "how-near", "otherwise"]) ?? nowhere;
          const row = { when: { not: { day: { within: 31 } }, day: { after: "today" } }, next };
          return inFlow(
            inFlow(source, flow, ["steps", "how-near", "otherwise"], undefined),
            flow,
            ["steps", "how-near", "table", 2],
            row,
          );
        },
      })),
  },
  {
    kind: "threshold moved into the next row",
    stage: "proof",
    says: /overlap/,
    plants: ({ source }) =>
      ["reminder-set", "reminder-change"].map((flow) => ({
        where: `${flow}:how-near`,
        source: () =>
          inFlow(source, flow, ["steps", "how-near", "table", 1, "when"], {
            not: { day: { "older-than": 3 } },
          }),
      })),
  },
  {
    kind: "answer read before it is asked",
    stage: "proof",
    says: /was not asked for/,
    plants: (shipped) =>
      [...shipped.program.flows.values()].flatMap(({ id: flow, start }): readonly Plant[] => {
        const asks = stepsIn(shipped, "ask").filter(
          (step) =>
            step.flow === flow &&
            step.id !== start &&
            isJsonObject(step.body["answer"]) &&
            step.body["answer"]["kind"] === "yes-no",
        );
        const [later] = asks.slice(-1);
        if (later === undefined) return [];
        const table = [{ when: { [later.id]: "yes" }, next: start }];
        return [
          {
            where: `${flow}:${later.id}`,
            source: () =>
              inFlow(
                inFlow(shipped.source, flow, ["steps", "early"], {
                  kind: "decide",
                  table,
                  otherwise: start,
                }),
                flow,
                ["start"],
                "early",
              ),
          },
        ];
      }),
  },
  {
    kind: "test that does not fit the answer",
    stage: "compile",
    says: /is for lists|not a list|`some`/,
    plants: (shipped) =>
      inSteps(shipped, "decide", ({ body, id }) => {
        const when = valueAt(rowsOf(body)[0], ["when"]);
        const name = isJsonObject(when)
          ? Object.keys(when).find((one) => !one.includes(".") && !["any", "all", "not"].includes(one))
          : undefined;
        return name === undefined
          ? []
          : [[["table", 0, "when"], { [name]: { some: { "at-least": id.length } } }]];
      }),
  },
  {
    kind: "promise that is broken",
    stage: "proof",
    says: /less urgent result/,
    plants: ({ source }) =>
      ["danger-in-us", "danger-abroad"].map((outcome) => ({
        where: `screening/start:${outcome}`,
        source: () =>
          inFlow(
            inFlow(
              source,
              "screening/start",
              ["promises"],
              [
                {
                  monotone: { of: "danger", order: ["nobody", "abroad", "in-us"], "never-lowers": "urgency" },
                },
              ],
            ),
            "screening/start",
            ["outcomes", outcome, "level"],
            "closed",
          ),
      })),
  },
];

/** Defects of outcomes. */
const results: readonly Defect[] = [
  {
    kind: "outcome that no one can reach",
    stage: "proof",
    says: /no one can reach the outcome/,
    plants: (shipped) =>
      inFlows(shipped, (flow) =>
        inAllWords(
          inFlow(shipped.source, flow, ["outcomes", "lost-outcome"], { level: "closed" }),
          flow,
          ["outcomes", "lost-outcome"],
          "Lost.",
        ),
      ),
  },
  {
    kind: "outcome that no answer adds any more",
    stage: "proof",
    says: /no one can reach the outcome/,
    plants: (shipped) =>
      inSteps(shipped, "ask", ({ body }) => {
        const adds = body["adds"];
        const [first] = isJsonObject(adds) ? Object.keys(adds) : [];
        return first === undefined ? [] : [[["adds", first], undefined]];
      }),
  },
  {
    kind: "unknown outcome",
    stage: "compile",
    says: /there is no outcome/,
    plants: (shipped) =>
      inSteps(shipped, "outcome", ({ body }) =>
        body["outcome"] === undefined ? [] : [[["outcome"], nowhere]],
      ),
  },
  {
    kind: "outcome for an option that is not there",
    stage: "compile",
    says: /has no answer/,
    plants: (shipped) =>
      inSteps(shipped, "ask", ({ body }) =>
        isJsonObject(body["adds"]) ? [[["adds", nowhere], Object.values(body["adds"])[0] ?? null]] : [],
      ),
  },
];

/** Defects of decision tables and outcomes. */
export const decisionDefects: readonly Defect[] = [...decisions, ...results];
