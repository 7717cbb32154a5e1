import type { StepOfKind } from "../../flow/program.ts";
import type { StepKind } from "../../flow/schema.ts";
import type { FlowId } from "../../nouns/ids.ts";
import type { Given } from "../given.ts";
import type { Turn } from "../turn.ts";

/** Where a step leads. */
export type Move =
  /** To another step of the same flow. */
  | { readonly kind: "go"; readonly step: string }
  /** Into another flow, told this; back to this flow's step `back` when it ends, or never. `again`: earlier rounds stay. */
  | {
      readonly kind: "call";
      readonly flow: FlowId;
      readonly back: string | undefined;
      readonly given: Given;
      readonly again?: boolean;
    }
  /** Stay here until something arrives. */
  | { readonly kind: "wait" }
  /** The flow is over: back to whoever called it. */
  | { readonly kind: "return" }
  /** Leave every flow and show the menu. */
  | { readonly kind: "menu" }
  /** There is no conversation any more. */
  | { readonly kind: "gone" };

/** What a kind of step does when it is reached. */
export type StepRunner<K extends StepKind> = (step: StepOfKind<K>, turn: Turn) => Move;
