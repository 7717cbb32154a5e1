import type { State } from "../explore/graph.ts";
import { leadingTo } from "../explore/paths.ts";
import type { Program } from "../program.ts";
import type { Issue } from "../source.ts";
import type { Proof } from "./proof.ts";
import { stepIssue } from "./transcript.ts";

/** Every question can be answered, every answer leads somewhere, and by answering one comes to an end or to a way out. */
export const deadEnds: Proof = ({ source, program, exploration }) => [
  ...exploration.findings.flatMap((finding): readonly Issue[] => {
    const { place, edge } = finding;
    if (finding.kind === "empty")
      return stepIssue(source, place, ["answer"], {
        what: `the question \`${place}\` can be asked when its list is empty: it can't be answered`,
        mend: "look with `person.…: { at-least: 1 }` in a table before it whether there is something to choose",
        edge,
      });
    if (finding.kind !== "stuck") return [];
    return stepIssue(source, place, ["next"], {
      what: `the answer \`${finding.answer}\` to \`${place}\` leads nowhere`,
      mend: "give it a line under `next`, or add `otherwise`",
      edge,
    });
  }),
  ...trapped(program, exploration.states).flatMap((state) =>
    stepIssue(source, state.place, [], {
      what: `from the question \`${state.place}\` no answer ever leads to an end`,
      mend: "let one of the answers lead to an `end`, or offer `menu` under `nav`",
      edge: state.by,
    }),
  ),
];

/** One state of each question from which neither answers nor buttons lead out. */
function trapped(program: Program, states: readonly State[]): readonly State[] {
  const free = leadingTo(
    states,
    ({ out, place }) =>
      out.some(({ to, steps }) => to === undefined && steps.length > 0) || offersWayOut(program, place),
  );
  const inside = states.filter((state) => !free.has(state) && state.out.length > 0);
  return [...new Map(inside.map((state) => [state.place, state])).values()];
}

/** Whether a button under the question leaves the flow. */
function offersWayOut(program: Program, place: string): boolean {
  const step = program.steps.get(place);
  return (
    step?.kind === "ask" &&
    step.nav.some(({ id }) => program.commands.get(id.slice("c:".length))?.do === "open")
  );
}
