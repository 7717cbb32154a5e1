import type { SayButton, SayPart } from "../nouns/say.ts";
import { unsureAnswers } from "../nouns/value.ts";
import { normalise } from "../text/normalise.ts";
import type { AnswerKind } from "./answer-schema.ts";
import { formerAsks } from "./former-asks.ts";
import type { AnswerParam, AskFrame, Flow, Place, Step, StepFrame } from "./program.ts";
import { hasWords, needWords, type Reading, readFile, textsInAll, wordsAt } from "./reading.ts";
import { type FlowSource, flowSchema, type StepOf, type StepSource } from "./schema.ts";
import { shortHash } from "./short-hash.ts";
import { type SourceFile, sourceLanguage } from "./source.ts";
import type { TypeOf } from "./value-types.ts";

/** A flow with its steps, ready to run; references to other flows are not looked at here. */
export type CompiledFlow = {
  readonly flow: Flow;
  readonly steps: readonly Step[];
  readonly source: FlowSource;
  readonly file: SourceFile;
};

/** Compiles one flow file and asks for the English words it needs. */
export function compileFlow(reading: Reading, id: string, file: SourceFile): CompiledFlow | undefined {
  const source = readFile(reading, file, flowSchema);
  if (source === undefined) return undefined;
  const near = new Map(Object.keys(source.steps).map((step) => [step, `${id}:${step}`]));
  const steps = Object.entries(source.steps).map(([step, body]) =>
    compileStep(reading, { flow: id, source, near }, step, body),
  );
  for (const outcome of Object.keys(source.outcomes)) needWords(reading, `${id}:outcomes.${outcome}`);
  const outcomes = new Map(
    Object.entries(source.outcomes).map(([name, { level, offers }]) => [name, { level, offers }]),
  );
  const params = new Map(Object.entries(source.params));
  const { start, "start-again": again, results, promises } = source;
  return {
    flow: { id, start, again, params, results, promises, outcomes },
    steps,
    source,
    file,
  };
}

/** The step with the types of the answers that its words speak of; they can be known only when all flows are. */
export function withTypes(step: Step, typeOf: TypeOf): Step {
  if (step.answerParams.length === 0) return step;
  const answerParams = step.answerParams.map((param) => ({
    ...param,
    type: typeOf(step.inFlow, param.name),
  }));
  return { ...step, answerParams };
}

const parts = ["heading", "text", "note"] as const;

/** Kinds that say something of their own when they are reached, and so need a text. */
const speaking: ReadonlySet<StepSource["kind"]> = new Set(["say", "ask", "hand-over", "forget"]);

type Around = {
  readonly flow: string;
  readonly source: FlowSource;
  readonly near: ReadonlyMap<string, Place>;
};

function compileStep(reading: Reading, { flow, source, near }: Around, id: string, body: StepSource): Step {
  const place = `${flow}:${id}`;
  if (speaking.has(body.kind)) needWords(reading, `${place}.text`);
  if (body.kind === "outcome" && body.show === "gathered") needWords(reading, `${place}.none`);
  const frame: StepFrame = {
    place,
    inFlow: flow,
    id,
    near,
    alone: [place],
    parts: partsAt(reading, place),
    answerParams: answerParamsAt(reading, flow, place),
  };
  return body.kind === "ask"
    ? { ...body, ...frame, ...askFrame(reading, source, place, body) }
    : { ...body, ...frame };
}

function partsAt(reading: Reading, place: string): readonly SayPart[] {
  return parts
    .filter((style) => hasWords(reading, `${place}.${style}`))
    .map((style) => ({ style, words: { key: `${place}.${style}` } }));
}

/** The answers that a step's English words speak of, as `{{answers.<step>}}`. */
function answerParamsAt(reading: Reading, flow: string, place: string): readonly AnswerParam[] {
  const texts = parts.map((style) => wordsAt(reading, sourceLanguage, `${place}.${style}`));
  const names = texts.flatMap((text) =>
    typeof text === "string"
      ? [...text.matchAll(/\{\{answers\.([a-z0-9.-]+)\}\}/g)].map(([, name = ""]) => name)
      : [],
  );
  return [...new Set(names)].map((name) => ({
    param: `answers.${name}`,
    name,
    key: `${flow}:${name}`,
    type: undefined,
  }));
}

function askFrame(reading: Reading, source: FlowSource, place: string, body: StepOf<"ask">): AskFrame {
  const own = ownOptions(body);
  const ids = [...own, ...(body.unsure ? unsureAnswers : [])];
  const hash = shortHash(place, ...ids);
  const keyOf = (option: string) =>
    own.includes(option) && body.answer.kind !== "yes-no"
      ? `${place}.options.${option}`
      : `answers:${option}.label`;
  const buttons = ids.map(
    (option): SayButton => ({ id: `a:${hash}:${option}`, words: { key: keyOf(option) } }),
  );
  const typed = typedOptions(body);
  for (const key of [...ids.map(keyOf), ...typed.map((option) => `${place}.options.${option}`)])
    needWords(reading, key);
  const nav = (body.nav ?? source.nav).map((command) => ({
    id: `c:${command}`,
    words: { key: `commands:${command}.label` },
  }));
  return {
    hash,
    buttons,
    nav,
    offered: [...buttons, ...nav].map(({ id }) => id),
    accept: acceptedWords(reading, place, body, [...ids, ...typed]),
    help: hasWords(reading, `${place}.help`) ? { style: "text", words: { key: `${place}.help` } } : undefined,
    about: hasWords(reading, `${place}.about`) ? `${place}.about` : undefined,
    values: valuesOf(body),
    former: formerAsks(source, place, body, own),
  };
}

/** The fixed options of a question that have a button, without the two no-answers. */
export function ownOptions({ answer }: Pick<StepOf<"ask">, "answer">): readonly string[] {
  if (answer.kind === "yes-no") return ["yes", "no"];
  if (answer.kind !== "choice" && answer.kind !== "several") return [];
  return Array.isArray(answer.options) ? answer.options : Object.keys(answer.options ?? {});
}

/** The options of a question that have no button: they are taken when they are written. */
export function typedOptions({ answer }: Pick<StepOf<"ask">, "answer">): readonly string[] {
  return answer.kind === "choice" ? Object.keys(answer.typed ?? {}) : [];
}

function valuesOf({ answer }: StepOf<"ask">): ReadonlyMap<string, string> {
  const options = answer.kind === "choice" || answer.kind === "several" ? answer.options : undefined;
  const typed = answer.kind === "choice" ? Object.entries(answer.typed ?? {}) : [];
  return new Map([
    ...(options === undefined || Array.isArray(options) ? [] : Object.entries(options)),
    ...typed,
  ]);
}

/** Words that are taken besides a question's own options: when it is closed, or when an answer is read back. */
const sharedWords: Readonly<Partial<Record<AnswerKind, readonly string[]>>> = {
  several: ["done", "and"],
  date: ["yes", "no"],
  phone: ["yes", "no"],
  "receipt-number": ["yes", "no"],
};

function acceptedWords(
  reading: Reading,
  place: string,
  body: StepOf<"ask">,
  ids: readonly string[],
): ReadonlyMap<string, string> {
  const accepted = new Map<string, string>();
  const shared = sharedWords[body.answer.kind] ?? [];
  for (const option of [...ids, ...shared]) {
    const keys = [
      `${place}.options.${option}`,
      `${place}.accept.${option}`,
      `answers:${option}.label`,
      `answers:${option}.accept`,
    ];
    for (const word of keys.flatMap((key) => textsInAll(reading, key))) {
      const normal = normalise(word);
      if (normal !== "" && !accepted.has(normal)) accepted.set(normal, option);
    }
  }
  return accepted;
}
