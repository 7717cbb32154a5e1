import type { OutcomeLevel } from "../core/flow/schema.ts";
import type { FlowId } from "../core/nouns/ids.ts";
import type { Language } from "../core/nouns/language.ts";

/** What a box is for, which decides its colours. Outcomes have their level's. */
export type Tone = OutcomeLevel | "ask" | "say" | "decide" | "flow" | "act" | "turn" | "missing";

/** One paragraph in a box. What the bot says is in the language drawn; all else is in the authors' words. */
export type Row =
  | { readonly kind: "heading" | "text" | "note" | "tech"; readonly text: string }
  /** A row of a decision table: its number (or `else`) is what stands on its arrow. */
  | { readonly kind: "rule"; readonly mark: string; readonly text: string }
  /** An outcome that some answers add to those gathered. */
  | {
      readonly kind: "adds";
      readonly level: OutcomeLevel | undefined;
      readonly mark: string;
      readonly text: string;
    };

export type Box = {
  readonly id: string;
  readonly tone: Tone;
  /** `pill`: where a way begins or ends; `flow`: another flow; `box`: everything else. */
  readonly shape: "box" | "pill" | "flow";
  /** The small line at the top: what it is, and its name. */
  readonly caption: string;
  /** The level's heading, for an outcome that is shown. */
  readonly band: string | undefined;
  readonly rows: readonly Row[];
  readonly reachable: boolean;
  /** The flow that the box stands for. */
  readonly opens: FlowId | undefined;
};

export type Arrow = {
  readonly from: string;
  readonly to: string;
  /** Answers, or numbers of table rows; none where there is only one way. */
  readonly labels: readonly string[];
  /** `late`: the way that is gone when nobody answers; `both`: there, and straight back. */
  readonly kind: "way" | "late" | "both";
  /** Whether the labels are words of the language drawn. */
  readonly spoken: boolean;
  readonly reachable: boolean;
};

/** A flow as boxes and arrows, before anything has a place. */
export type Picture = {
  readonly flow: FlowId;
  readonly language: Language;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** The levels that its outcomes have, in order, with their headings. */
  readonly levels: readonly { readonly level: OutcomeLevel; readonly words: string }[];
};
