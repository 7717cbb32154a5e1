import type { Session } from "../../conversation/session.ts";
import type { FlowId } from "../../nouns/ids.ts";
import type { Say } from "../../nouns/say.ts";
import type { Place, Program } from "../program.ts";
import type { Entry } from "./entries.ts";
import type { Seen } from "./inspect.ts";

/** A conversation that waits for an answer; all that a later step can tell apart. */
export type State = {
  readonly id: number;
  readonly program: Program;
  readonly session: Session;
  /** The question that waits. */
  readonly place: Place;
  /** The way by which it was first reached: the shortest. */
  readonly by: Edge;
  readonly out: Edge[];
};

/** What is given to get on: a way into a flow, an answer, or nothing for so long that the wait is over. */
export type Given =
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "answer"; readonly answer: string; readonly option: boolean }
  | { readonly kind: "wait" };

/** One turn: from a state (undefined: from outside) to the next one (undefined: it is over, or goes to the menu). */
export type Edge = {
  readonly from: State | undefined;
  readonly given: Given;
  /** The steps that are run, in order; a waiting question is the last. */
  readonly steps: readonly Place[];
  /** Outcomes that are shown (`shown`) or gathered for a page (`added`), as `<flow>:<outcome>`. */
  readonly shown: readonly string[];
  readonly added: readonly string[];
  to: State | undefined;
};

/** Something that should not come about, and the shortest way there. */
export type Finding =
  | (Seen & { readonly place: Place; readonly edge: Edge })
  /** The same steps again and again without a question. */
  | { readonly kind: "loop"; readonly place: Place; readonly cycle: readonly Place[]; readonly edge: Edge }
  /** More steps in a row than one turn may take. */
  | { readonly kind: "long"; readonly place: Place; readonly edge: Edge }
  /** A list that is empty there: a question that nobody can answer. */
  | { readonly kind: "empty"; readonly place: Place; readonly edge: Edge }
  /** An answer that is taken, but leads nowhere. */
  | { readonly kind: "stuck"; readonly place: Place; readonly answer: string; readonly edge: Edge };

/** A flow that has more states than may be explored: where most of them wait, and what is remembered there. */
export type TooMany = {
  readonly flow: FlowId;
  readonly place: Place;
  readonly remembered: readonly string[];
  readonly limit: number;
};

/** Everything that can come about in a program's flows. */
export type Exploration = {
  readonly states: readonly State[];
  readonly entries: readonly Edge[];
  readonly reached: ReadonlySet<Place>;
  /** Rows of tables that someone falls into, as `<place>#<row>`. */
  readonly rows: ReadonlySet<string>;
  /** How many classes of answers each question has, at most. */
  readonly classes: ReadonlyMap<Place, number>;
  readonly findings: readonly Finding[];
  readonly tooMany: TooMany | undefined;
  /** What is said in some turn, each once, with the buttons under it. */
  readonly said: readonly Say[];
};
