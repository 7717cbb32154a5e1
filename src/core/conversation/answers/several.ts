import { shortHash } from "../../flow/short-hash.ts";
import type { SayPart } from "../../nouns/say.ts";
import { isUnsure } from "../../nouns/value.ts";
import { own, type Turn } from "../turn.ts";
import {
  type AnswerHandler,
  type AskOf,
  acceptedOption,
  fixedButtons,
  other,
  type Reading,
} from "./answer-kind.ts";
import { namedOptions } from "./named-options.ts";

/** Any number of the options: tapped one after another and closed with "done", or written at once ("1, 3", "bread and green tea"). */
export const several: AnswerHandler<"several"> = {
  buttons: fixedButtons,
  prompt: (step, asking) => {
    if (asking.kind !== "picked") return undefined;
    const chosen = {
      kind: "list",
      items: asking.options.map((option) => ({ kind: "words", key: optionKey(step, option) }) as const),
    } as const;
    const rest = optionsOf(step).filter((option) => !asking.options.includes(option));
    const hash = shortHash(step.place, "picked", ...rest);
    const buttons = rest.map((option) => ({
      id: `a:${hash}:${option}`,
      words: { key: optionKey(step, option) },
    }));
    return {
      parts: [own("several.chosen", { chosen }), ...(rest.length === 0 ? [] : helpOf(step))],
      buttons: [...buttons, { id: `a:${hash}:done`, words: { key: "answers:done.label" } }],
    };
  },
  pick: (step, option, turn) => {
    if (isUnsure(option)) return { kind: "value", value: option, option };
    const picked = pickedSoFar(turn);
    if (option === "done") return finish(picked);
    return goOn(step, [...picked, option]);
  },
  read: (step, said, turn) => {
    const one = acceptedOption(step, said.text);
    if (one?.kind === "value" && one.option !== joining) return several.pick(step, one.option, turn);
    const [first, ...more] = namedOptions(said, (phrase) => meaningOf(step, phrase, turn)) ?? [];
    if (first === undefined) return other;
    // One is as good as a tap: more may follow. Several at once are all there is.
    return more.length === 0
      ? several.pick(step, first, turn)
      : finish([...new Set([...pickedSoFar(turn), first, ...more])]);
  },
  numbered: false,
};

function helpOf(step: AskOf<"several">): readonly SayPart[] {
  return step.help === undefined ? [] : [step.help];
}

function pickedSoFar(turn: Turn): readonly string[] {
  return turn.session.asking?.kind === "picked" ? turn.session.asking.options : [];
}

function restOf(step: AskOf<"several">, turn: Turn): readonly string[] {
  const picked = pickedSoFar(turn);
  return optionsOf(step).filter((option) => !picked.includes(option));
}

function optionsOf(step: AskOf<"several">): readonly string[] {
  const { options } = step.answer;
  return Array.isArray(options) ? options : Object.keys(options);
}

function optionKey(step: AskOf<"several">, option: string): string {
  return `${step.place}.options.${option}`;
}

/** What the words for "and" mean among those of a question. */
const joining = "and";

/** An option by its words, or by its number among those that are shown: the ones not picked yet. */
function meaningOf(
  step: AskOf<"several">,
  phrase: string,
  turn: Turn,
): { option: string } | "joins" | undefined {
  const option = /^\d{1,2}$/.test(phrase) ? restOf(step, turn)[Number(phrase) - 1] : step.accept.get(phrase);
  if (option === undefined) return undefined;
  if (optionsOf(step).includes(option)) return { option };
  return option === joining ? "joins" : undefined;
}

function goOn(step: AskOf<"several">, options: readonly string[]): Reading {
  const picked = [...new Set(options)];
  return picked.length === optionsOf(step).length
    ? finish(picked)
    : { kind: "asking", asking: { kind: "picked", options: picked } };
}

function finish(options: readonly string[]): Reading {
  if (options.length === 0) return { kind: "not-possible", parts: [own("several.none")] };
  return { kind: "value", value: options, option: "otherwise" };
}
