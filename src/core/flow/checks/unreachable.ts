import { followersOf } from "../explore/links.ts";
import type { Place, Program } from "../program.ts";
import { type Issue, issueAt, type Source } from "../source.ts";
import type { Proof } from "./proof.ts";
import { stepIssue } from "./transcript.ts";

/** Someone can come to every flow and to every step. */
export const unreachable: Proof = ({ source, program, exploration: { reached } }) => {
  const entered = new Set([...reached].map(flowOf));
  const lost = [...program.steps.keys()].filter((place) => !reached.has(place) && entered.has(flowOf(place)));
  return [
    ...[...program.flows.keys()]
      .filter((flow) => !entered.has(flow))
      .flatMap((flow) => lostFlow(source, flow)),
    ...firstOf(program, lost).flatMap((places) => lostSteps(source, places)),
  ];
};

function flowOf(place: Place): string {
  return place.slice(0, place.indexOf(":"));
}

function lostFlow(source: Source, flow: string): readonly Issue[] {
  const file = source.flows.get(flow);
  return file === undefined
    ? []
    : [
        issueAt(
          file,
          ["start"],
          `nothing leads to the flow \`${flow}\``,
          "call it from another flow, let a command or a question lead to it, or remove it",
        ),
      ];
}

function lostSteps(source: Source, [first = "", ...others]: readonly Place[]): readonly Issue[] {
  const what =
    others.length === 0
      ? `no one can come to the step \`${first}\``
      : `the steps ${[first, ...others].map((place) => `\`${place}\``).join(", ")} lead only to one another: no one can come to them`;
  return stepIssue(source, first, [], { what, mend: "let a step that is reached lead there, or remove it" });
}

/** The lost places that no other lost place leads to, and circles of such places: what they lead to needs no mention. */
function firstOf(program: Program, lost: readonly Place[]): readonly (readonly Place[])[] {
  const isLost = new Set(lost);
  const ahead = new Map(lost.map((place) => [place, aheadOf(program, place, isLost)]));
  const circles = lost.map((place) => {
    const others = lost.filter(
      (other) => ahead.get(place)?.has(other) === true && ahead.get(other)?.has(place) === true,
    );
    return others.includes(place) ? others : [place, ...others];
  });
  const firsts = circles.filter((circle) =>
    lost.every(
      (other) => circle.includes(other) || !circle.some((place) => ahead.get(other)?.has(place) === true),
    ),
  );
  return [...new Map(firsts.map((circle) => [circle.toSorted().join(" "), circle])).values()];
}

/** Everything that can follow a place, among these. */
function aheadOf(program: Program, place: Place, among: ReadonlySet<Place>): ReadonlySet<Place> {
  const found = new Set<Place>();
  const work = [place];
  for (const at of work) {
    const step = program.steps.get(at);
    for (const next of step === undefined ? [] : followersOf(program, step)) {
      if (!among.has(next) || found.has(next)) continue;
      found.add(next);
      work.push(next);
    }
  }
  return found;
}
