import type { Defect } from "./defect.ts";
import { inFlow, type Path, type Plant, stepsIn, textAt } from "./edit.ts";
import { at, type Found, inFlows, inSteps, nowhere, tableOf, withFlow, withSteps } from "./plant.ts";

const ids = (steps: readonly Found[], flow: string) => steps.filter((step) => step.flow === flow);

/** Defects of single edges and steps. */
const edges: readonly Defect[] = [
  {
    kind: "dropped edge of an answer",
    stage: "compile",
    says: /leads nowhere/,
    plants: (shipped) =>
      inSteps(shipped, "ask", ({ body }) => {
        const [first] = tableOf(body).filter(([option]) => option !== "otherwise");
        return first === undefined || tableOf(body).some(([option]) => option === "otherwise")
          ? []
          : [[["next", first[0]], undefined]];
      }),
  },
  {
    kind: "edge to a step that is not there",
    stage: "compile",
    says: /there is no step/,
    plants: (shipped) =>
      ["say", "ask", "outcome"].flatMap((kind) =>
        inSteps(shipped, kind, ({ body }) => (typeof body["next"] === "string" ? [[["next"], nowhere]] : [])),
      ),
  },
  {
    kind: "dropped step",
    stage: "compile",
    says: /there is no step/,
    plants: (shipped) => inSteps(shipped, "outcome", () => [[[], undefined]]),
  },
  {
    kind: "step that nothing leads to",
    stage: "proof",
    says: /no one can come to the step/,
    plants: (shipped) =>
      inFlows(shipped, (flow) => withSteps(shipped.source, flow, { "lost-a": { kind: "end" } })),
  },
  {
    kind: "orphan cycle",
    stage: "proof",
    says: /lead only to one another/,
    plants: (shipped) =>
      inFlows(shipped, (flow) =>
        withSteps(shipped.source, flow, {
          "lost-a": { kind: "say", next: "lost-b" },
          "lost-b": { kind: "say", next: "lost-a" },
        }),
      ),
  },
  {
    kind: "orphan cycle across sub-flows",
    stage: "proof",
    says: /nothing leads to the flow|would run inside itself/,
    plants: ({ source }) => [
      {
        where: "lost/one, lost/two",
        source: () =>
          withFlow(
            withFlow(
              source,
              "lost/one",
              { a: { kind: "say", next: "b" }, b: { kind: "call", flow: "lost/two" } },
              "a",
            ),
            "lost/two",
            { a: { kind: "say", next: "b" }, b: { kind: "call", flow: "lost/one" } },
            "a",
          ),
      },
    ],
  },
  {
    kind: "edge past a step",
    stage: "proof",
    says: /no one can come to the step/,
    plants: (shipped) =>
      stepsIn(shipped, "outcome").flatMap((step): readonly Plant[] => {
        const next = textAt(step.body, ["next"]);
        const [before, ...others] = ids(stepsIn(shipped), step.flow).filter(
          ({ body }) => body["next"] === step.id || tableOf(body).some(([, to]) => to === step.id),
        );
        if (next === undefined || before === undefined || others.length > 0) return [];
        const leading = tableOf(before.body).filter(([, to]) => to === step.id);
        const paths: readonly Path[] =
          leading.length === 0 ? [["next"]] : leading.map(([option]) => ["next", option]);
        return [
          {
            where: at(step),
            source: () =>
              paths.reduce(
                (all, path) => inFlow(all, step.flow, ["steps", before.id, ...path], next),
                shipped.source,
              ),
          },
        ];
      }),
  },
  {
    kind: "unknown start",
    stage: "compile",
    says: /there is no step/,
    plants: (shipped) => inFlows(shipped, (flow) => inFlow(shipped.source, flow, ["start"], nowhere)),
  },
];

/** Defects of ways that come round or don't come out. */
const circles: readonly Defect[] = [
  {
    kind: "loop without a question",
    stage: "proof",
    says: /go round without a question/,
    plants: (shipped) => inSteps(shipped, "say", ({ id }) => [[["next"], id]]),
  },
  {
    kind: "loop without a question across sub-flows",
    stage: "proof",
    says: /would run inside itself|go round without/,
    plants: ({ source }) => [
      {
        where: "help, urgent",
        source: () =>
          inFlow(
            inFlow(source, "help", ["steps", "done"], { kind: "call", flow: "urgent" }),
            "urgent",
            ["steps", "done"],
            { kind: "call", flow: "help" },
          ),
      },
      {
        where: "person, legal-help",
        source: () =>
          inFlow(source, "legal-help", ["steps", "done"], { kind: "call", flow: "person", next: "places" }),
      },
    ],
  },
  {
    kind: "no way out of a flow",
    stage: "proof",
    says: /no answer ever leads to an end/,
    plants: ({ source }) => [
      {
        where: "language",
        source: () =>
          inFlow(
            inFlow(
              inFlow(source, "language", ["nav"], []),
              "language",
              ["steps", "changed", "next"],
              "language",
            ),
            "language",
            ["steps", "done"],
            undefined,
          ),
      },
      {
        where: "onboarding",
        source: () =>
          inFlow(
            inFlow(source, "onboarding", ["steps", "privacy", "next"], "language"),
            "onboarding",
            ["steps", "done"],
            undefined,
          ),
      },
    ],
  },
  {
    kind: "flow that nothing leads to",
    stage: "proof",
    says: /nothing leads to the flow/,
    plants: ({ source }) => [
      {
        where: "lost/alone",
        source: () =>
          withFlow(source, "lost/alone", { a: { kind: "say", next: "b" }, b: { kind: "end" } }, "a"),
      },
      {
        where: "updates",
        source: () =>
          inFlow(
            inFlow(source, "commands", ["commands", "updates", "flow"], "help"),
            "menu",
            ["steps", "updates", "flow"],
            "help",
          ),
      },
    ],
  },
  {
    kind: "list that can be empty",
    stage: "proof",
    says: /can be asked when its list is empty/,
    plants: ({ source }) => [
      {
        where: "reminders:which",
        source: () => inFlow(source, "reminders", ["steps", "first", "next", "no"], "which"),
      },
      {
        where: "updates:join",
        source: () => inFlow(source, "updates", ["steps", "can-join", "otherwise"], "join"),
      },
    ],
  },
];

/** Defects of steps and of the ways between them. */
export const flowDefects: readonly Defect[] = [...edges, ...circles];
