import type { Ms } from "../../nouns/time.ts";
import { explore } from "../explore/explore.ts";
import type { Exploration } from "../explore/graph.ts";
import { countPaths } from "../explore/paths.ts";
import type { Program } from "../program.ts";
import type { Issue, Source } from "../source.ts";
import { deadEnds } from "./dead-ends.ts";
import { endless } from "./endless.ts";
import { outcomes, outcomesReached } from "./outcomes.ts";
import { promises } from "./promises.ts";
import type { Proof } from "./proof.ts";
import { tables } from "./tables.ts";
import { tooLarge } from "./too-large.ts";
import { unasked } from "./unasked.ts";
import { unreachable } from "./unreachable.ts";
import { unset } from "./unset.ts";

/** What there is in a flow, and how many ways through it there are. */
export type FlowCounts = {
  readonly flow: string;
  readonly steps: number;
  /** Classes of answers to its questions. */
  readonly answers: number;
  /** Conversations that wait in it and that a later step can tell apart. */
  readonly states: number;
  /** Ways from its entries to an end; undefined for flows that are only called. */
  readonly paths: bigint | undefined;
  readonly outcomes: number;
  /** Those that someone comes to. */
  readonly reached: number;
};

/** What was found in everything that can come about in the flows. */
export type Proved = {
  readonly issues: readonly Issue[];
  readonly flows: readonly FlowCounts[];
  readonly exploration: Exploration;
};

const proofs: readonly Proof[] = [unreachable, deadEnds, endless, unasked, unset, tables, outcomes, promises];

/** Goes through every way that a conversation can take (on the day of `now`) and checks what comes about on it. */
export function prove(source: Source, program: Program, now: Ms, limit?: number): Proved {
  const exploration = explore(program, now, limit);
  const content = { source, program, exploration };
  // What was not looked over whole would seem to lack whatever was not come to.
  const run = exploration.tooMany === undefined ? proofs : [tooLarge];
  return {
    issues: run.flatMap((proof) => proof(content)),
    flows: countsOf(program, exploration),
    exploration,
  };
}

function countsOf(program: Program, exploration: Exploration): readonly FlowCounts[] {
  const shown = outcomesReached(program, exploration);
  return [...program.flows.values()].map(({ id, outcomes: declared }) => {
    const steps = [...program.steps.values()].filter(({ inFlow }) => inFlow === id);
    const entries = exploration.entries.filter(
      ({ given }) => given.kind === "entry" && given.entry.flow === id,
    );
    return {
      flow: id,
      steps: steps.length,
      answers: steps.reduce((sum, { place }) => sum + (exploration.classes.get(place) ?? 0), 0),
      states: exploration.states.filter(({ place }) => place.startsWith(`${id}:`)).length,
      paths: entries.length === 0 || exploration.tooMany !== undefined ? undefined : countPaths(entries),
      outcomes: declared.size,
      reached: [...declared.keys()].filter((outcome) => shown.has(`${id}:${outcome}`)).length,
    };
  });
}
