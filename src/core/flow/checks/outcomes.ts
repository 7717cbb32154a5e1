import type { Exploration, State } from "../explore/graph.ts";
import { leadingTo } from "../explore/paths.ts";
import type { Program } from "../program.ts";
import { issueAt } from "../source.ts";
import type { Proof } from "./proof.ts";

/** Someone comes to every outcome: it is shown at once, or gathered on a way that leads to a page of results. */
export const outcomes: Proof = ({ source, program, exploration }) => {
  const reached = outcomesReached(program, exploration);
  return [...program.flows.values()].flatMap((flow) => {
    const file = source.flows.get(flow.id);
    return [...flow.outcomes.keys()]
      .filter((outcome) => file !== undefined && !reached.has(`${flow.id}:${outcome}`))
      .flatMap((outcome) =>
        file === undefined
          ? []
          : [
              issueAt(
                file,
                ["outcomes", outcome],
                `no one can reach the outcome \`${outcome}\``,
                "let a step show it or an answer add it, or remove it",
              ),
            ],
      );
  });
};

/** Every outcome that someone gets to see, as `<flow>:<outcome>`. */
export function outcomesReached(program: Program, exploration: Exploration): ReadonlySet<string> {
  const pages = new Set(
    [...program.steps.values()].flatMap((step) =>
      step.kind === "outcome" && step.show === "gathered" ? [step.place] : [],
    ),
  );
  const hasPage = (steps: readonly string[]) => steps.some((place) => pages.has(place));
  const before = leadingTo(exploration.states, ({ out }: State) => out.some(({ steps }) => hasPage(steps)));
  const edges = [...exploration.entries, ...exploration.states.flatMap(({ out }) => out)];
  return new Set(
    edges.flatMap(({ shown, added, steps, to }) => [
      ...shown,
      ...(hasPage(steps) || (to !== undefined && before.has(to)) ? added : []),
    ]),
  );
}
