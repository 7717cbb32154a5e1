import { unsureAnswers } from "../nouns/value.ts";
import type { AnswerSpec } from "./answer-schema.ts";
import { lastName, split } from "./moves.ts";
import type { FormerAsk, Place } from "./program.ts";
import type { FlowSource, StepOf } from "./schema.ts";
import { shortHash } from "./short-hash.ts";

/**
 * The question as it was under each of its earlier names, with its answers as they were named then. `own`: its options
 * without the two no-answers. None for a question that has always had its name.
 */
export function formerAsks(
  { renamed }: FlowSource,
  place: Place,
  body: StepOf<"ask">,
  own: readonly string[],
): readonly FormerAsk[] {
  const [flow, name] = split(place);
  const steps = new Map(Object.entries(renamed.steps));
  const names = [name, ...[...steps.keys()].filter((old) => lastName(steps, old) === name)];
  const places = [flow, ...renamed.flows].flatMap((at) => names.map((step) => `${at}:${step}`));
  const options = new Map(Object.entries(renamed.options[name] ?? {}));
  const before = new Map([...options.keys()].map((old) => [lastName(options, old), old]));
  const forms = before.size === 0 ? [new Map<string, string>()] : [new Map<string, string>(), before];
  return places.flatMap((old) =>
    forms.filter((form) => old !== place || form.size > 0).map((form) => formerAsk(old, body, own, form)),
  );
}

/** `before`: what an option was called, by its name of now. */
function formerAsk(
  place: Place,
  body: StepOf<"ask">,
  own: readonly string[],
  before: ReadonlyMap<string, string>,
): FormerAsk {
  const old = (option: string) => before.get(option) ?? option;
  const ids = [...own.map(old), ...(body.unsure ? unsureAnswers : [])];
  const hash = shortHash(place, ...ids);
  return {
    place,
    hash,
    answer: withOptions(body.answer, old),
    // They are only recognised, never shown.
    buttons: ids.map((option) => ({ id: `a:${hash}:${option}`, words: { own: {} } })),
    options: new Map([...before].map(([now, was]) => [was, now])),
  };
}

function withOptions(answer: AnswerSpec, old: (option: string) => string): AnswerSpec {
  if (answer.kind !== "choice" && answer.kind !== "several") return answer;
  const { options } = answer;
  if (options === undefined) return answer;
  return Array.isArray(options)
    ? { ...answer, options: options.map(old) }
    : {
        ...answer,
        options: Object.fromEntries(Object.entries(options).map(([id, value]) => [old(id), value])),
      };
}
