import type { Exploration } from "../explore/graph.ts";
import type { Program } from "../program.ts";
import type { Issue, Source } from "../source.ts";

/** One check of everything that can come about in the flows. Pure; gives what it finds, in no particular order. */
export type Proof = (content: {
  readonly source: Source;
  readonly program: Program;
  readonly exploration: Exploration;
}) => readonly Issue[];
