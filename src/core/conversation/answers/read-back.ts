import type { AskFrame, StepFrame } from "../../flow/program.ts";
import { shortHash } from "../../flow/short-hash.ts";
import type { SayButton, SayPart } from "../../nouns/say.ts";
import { isUnsure } from "../../nouns/value.ts";
import type { Asking } from "../session.ts";
import type { InnerPrompt, Reading, Said } from "./answer-kind.ts";

type Step = StepFrame & AskFrame;

/** Reads a number back and asks whether it is right; undefined when none is to be read back. */
export function readBack(
  step: Step,
  asking: Asking,
  words: (number: string) => SayPart,
): InnerPrompt | undefined {
  if (asking.kind !== "number") return undefined;
  const hash = shortHash(step.place, "confirm", asking.number);
  const button = (option: "yes" | "change"): SayButton => ({
    id: `a:${hash}:${option}`,
    words: { key: `answers:${option}.label` },
  });
  return { parts: [words(asking.number)], buttons: [button("yes"), button("change")] };
}

/** What a tap under a number that was read back means: it is right, or it is written anew. */
export function pickConfirmed(option: string, asking: Asking | null): Reading {
  if (isUnsure(option)) return { kind: "value", value: option, option };
  return option === "yes" && asking?.kind === "number"
    ? { kind: "value", value: asking.number, option: "otherwise" }
    : { kind: "asking", asking: null };
}

/** What was written instead of such a tap; undefined when it was something else. */
export function readConfirmed(step: Step, said: Said, asking: Asking | null): Reading | undefined {
  const word = step.accept.get(said.text);
  if (word === undefined) return undefined;
  if (isUnsure(word)) return { kind: "value", value: word, option: word };
  if (asking?.kind !== "number") return { kind: "other" };
  return pickConfirmed(word, asking);
}
