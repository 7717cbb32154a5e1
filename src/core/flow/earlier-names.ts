import type { FlowId } from "../nouns/ids.ts";

/** An earlier flow goes on as this one; `retired`: this is another one, which is begun. */
export type Move = { readonly to: FlowId; readonly retired: boolean };

/** What became of names that earlier content had. Names of steps stand under the flow's name of now. */
export type Moves = {
  /** An earlier flow, and the one that goes on for it; `retired`: it is another one, which is begun. */
  readonly flows: ReadonlyMap<FlowId, Move>;
  readonly names: ReadonlyMap<string, string>;
  readonly retired: ReadonlyMap<string, string>;
  /** By the question's place: an answer's old name, and the one it has now. */
  readonly options: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** By `<flow>:<outcome>`. */
  readonly outcomes: ReadonlyMap<string, string>;
};
