import type { AnswerKind } from "./answer-schema.ts";

/** What is known beforehand of the values that a name can have. */
export type ValueType = {
  /** `flag` is true or false; `mixed` is written in different ways, so that nothing is known. */
  readonly kind: Exclude<AnswerKind, "several"> | "flag" | "mixed";
  /** A list of these: the picks of a `several`, or one for each round of a `repeat`. */
  readonly list: boolean;
  /** Every value there is, where that is known beforehand. */
  readonly values?: readonly string[];
  /** Whether it can be one of the two no-answers. */
  readonly unsure: boolean;
  /** The place of the question whose words say what it is. */
  readonly question?: string;
};
