import type { AnswerKind, AnswerOf } from "../../flow/answer-schema.ts";
import type { AskFrame, StepFrame, StepOfKind } from "../../flow/program.ts";
import type { SayButton, SayPart } from "../../nouns/say.ts";
import type { Value } from "../../nouns/value.ts";
import type { ReceiptReading } from "../../text/receipt-number.ts";
import type { Asking } from "../session.ts";
import type { Turn } from "../turn.ts";

/** What a person wrote: as it came (identifiers masked), and normalised; and the receipt number in it, where one is asked for. */
export type Said = { readonly raw: string; readonly text: string; readonly receipt?: ReceiptReading };

/** What an answer kind made of what was said or tapped. */
export type Reading =
  /** Understood. `option` is what was picked, where that is not the value itself. */
  | { readonly kind: "value"; readonly value: Value; readonly option: string }
  /** Understood so far; the question goes on in this inner state (`null`: from its beginning). */
  | { readonly kind: "asking"; readonly asking: Asking | null }
  /** Meant as an answer, but not one that can be taken; the parts say why. */
  | { readonly kind: "not-possible"; readonly parts: readonly SayPart[] }
  /** Not an answer to this question. */
  | { readonly kind: "other" };

/** An `ask` step whose answer is of this kind. */
export type AskOf<K extends AnswerKind> = Omit<StepOfKind<"ask">, "answer"> &
  StepFrame &
  AskFrame & { readonly answer: AnswerOf<K> };

/** What is shown while a question is in an inner state. */
export type InnerPrompt = { readonly parts: readonly SayPart[]; readonly buttons: readonly SayButton[] };

/** What there is to know of one kind of answer. All functions are pure but for what they push onto the turn. */
export type AnswerHandler<K extends AnswerKind> = {
  /** The buttons under the question. */
  readonly buttons: (step: AskOf<K>, turn: Turn) => readonly SayButton[];
  /** What is shown in an inner state; undefined when the kind has none or the state is not its own. */
  readonly prompt: (step: AskOf<K>, asking: Asking, turn: Turn) => InnerPrompt | undefined;
  /** One of the shown buttons was chosen. */
  readonly pick: (step: AskOf<K>, option: string, turn: Turn) => Reading;
  /** Something was written. */
  readonly read: (step: AskOf<K>, said: Said, turn: Turn) => Reading;
  /** Whether a bare number of one or two digits is never an answer, so that it picks the button in that position. */
  readonly numbered: boolean;
};

export const other: Reading = { kind: "other" };

/** The reading of a picked option: its value is its id unless the flow gives another. */
export function pickedOption(step: AskFrame, option: string): Reading {
  return { kind: "value", value: step.values.get(option) ?? option, option };
}

/** The buttons that are fixed when the flow is compiled. */
export function fixedButtons(step: AskFrame): readonly SayButton[] {
  return step.buttons;
}

/** For kinds without inner states. */
export function noInnerPrompt(): undefined {
  return undefined;
}

/** An accepted word of the question's own options, or a no-answer where the question allows them. */
export function acceptedOption(step: AskFrame, text: string): Reading | undefined {
  const option = step.accept.get(text);
  return option === undefined ? undefined : pickedOption(step, option);
}
