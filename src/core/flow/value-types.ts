import { isCivilDate } from "../dates/civil-date.ts";
import type { FlowId } from "../nouns/ids.ts";
import type { AnswerOf, AnswerSpec } from "./answer-schema.ts";
import type { Place, Program, Step, StepOfKind } from "./program.ts";
import type { ValueFrom } from "./schema.ts";
import type { ValueType } from "./value-type.ts";

/** The type of a name as a condition of a flow reads it; undefined when nothing is known by that name. */
export type TypeOf = (flow: FlowId, name: string) => ValueType | undefined;

const number: ValueType = { kind: "number", list: false, unsure: false };
const flag: ValueType = { kind: "flag", list: false, unsure: false };
const mixed: ValueType = { kind: "mixed", list: false, unsure: true };

/** What a condition can ask about the person; `conversation/known.ts` answers it. */
const personTypes: ReadonlyMap<string, ValueType> = new Map([
  ["person.reminders", number],
  ["person.dates", number],
  ["person.subscriptions", number],
  ["person.topics", number],
  ["person.time-zone", { kind: "choice", list: false, unsure: false }],
  ["person.stopped", flag],
]);

/** The names of what can be asked about the person. */
export const personNames: readonly string[] = [...personTypes.keys()];

/** The number of the round, in a flow that a `repeat` runs. */
export const roundName = "round";
/** How many rounds a `repeat` had, under the step's name. */
export const countName = "count";

/** The step of this flow that a dotted name begins with, when it is one that gives results, and the result's name. */
export function resultOf(
  program: Pick<Program, "steps">,
  flow: FlowId,
  name: string,
): readonly [step: StepOfKind<"call"> | StepOfKind<"repeat">, result: string] | undefined {
  const dot = name.lastIndexOf(".");
  const step = dot < 0 ? undefined : program.steps.get(`${flow}:${name.slice(0, dot)}`);
  return step?.kind === "call" || step?.kind === "repeat" ? [step, name.slice(dot + 1)] : undefined;
}

/** Looks types up in a program; each is worked out once. */
export function typesIn(program: Pick<Program, "flows" | "steps">): TypeOf {
  const types = new Types(program);
  return (flow, name) => types.of(flow, name);
}

/** The names that a flow's own steps, parameters and rounds give to read in it, those of results included. */
export function namesIn(program: Pick<Program, "flows" | "steps">, flow: FlowId): readonly string[] {
  const steps = [...program.steps.values()].filter(({ inFlow }) => inFlow === flow);
  const own = steps.flatMap((step) => namesGiven(program, step));
  const params = [...(program.flows.get(flow)?.params.keys() ?? [])];
  return [...new Set([...own, ...params, ...(isRepeated(program, flow) ? [roundName] : [])])];
}

function namesGiven(program: Pick<Program, "flows">, step: Step): readonly string[] {
  switch (step.kind) {
    case "ask":
      return [step.id];
    case "set":
      return Object.keys(step.values);
    case "call":
    case "repeat": {
      const results = program.flows.get(step.flow)?.results ?? [];
      const all = step.kind === "repeat" ? [countName, ...results] : results;
      return step.next === undefined ? [] : all.map((result) => `${step.id}.${result}`);
    }
    default:
      return [];
  }
}

function isRepeated({ steps }: Pick<Program, "steps">, flow: FlowId): boolean {
  return [...steps.values()].some((step) => step.kind === "repeat" && step.flow === flow);
}

class Types {
  readonly #program: Pick<Program, "flows" | "steps">;
  readonly #known = new Map<string, ValueType | undefined>();
  /** What `set` steps write, by `<flow>:<name>`. */
  readonly #written = new Map<string, ValueFrom[]>();
  readonly #repeated = new Set<FlowId>();

  constructor(program: Pick<Program, "flows" | "steps">) {
    this.#program = program;
    for (const step of program.steps.values()) {
      if (step.kind === "repeat") this.#repeated.add(step.flow);
      if (step.kind !== "set") continue;
      for (const [name, from] of Object.entries(step.values)) {
        const key = `${step.inFlow}:${name}`;
        this.#written.set(key, [...(this.#written.get(key) ?? []), from]);
      }
    }
  }

  of(flow: FlowId, name: string): ValueType | undefined {
    const key = `${flow}:${name}`;
    if (this.#known.has(key)) return this.#known.get(key);
    // A name that is set from itself, over however many steps, has no type of its own.
    this.#known.set(key, undefined);
    const type = name.includes(".") ? this.#dotted(flow, name) : this.#own(flow, name);
    this.#known.set(key, type);
    return type;
  }

  #dotted(flow: FlowId, name: string): ValueType | undefined {
    const person = personTypes.get(name);
    if (person !== undefined) return person;
    const given = resultOf(this.#program, flow, name);
    if (given !== undefined) return this.#result(...given);
    const dot = name.lastIndexOf(".");
    const other = name.slice(0, dot);
    return this.#program.flows.has(other) ? this.of(other, name.slice(dot + 1)) : undefined;
  }

  #result(step: StepOfKind<"call"> | StepOfKind<"repeat">, result: string): ValueType | undefined {
    if (step.next === undefined) return undefined;
    if (step.kind === "repeat" && result === countName) return number;
    const results = this.#program.flows.get(step.flow)?.results ?? [];
    const type = results.includes(result) ? this.of(step.flow, result) : undefined;
    return type === undefined || step.kind === "call" ? type : { ...type, list: true };
  }

  #own(flow: FlowId, name: string): ValueType | undefined {
    const place = `${flow}:${name}`;
    const param = this.#program.flows.get(flow)?.params.get(name);
    const asked = this.#program.steps.get(place);
    const written = (this.#written.get(place) ?? []).map((from) => this.#from(flow, from));
    return merged([
      ...(param === undefined ? [] : [typeOfAnswer(param.answer, param.unsure)]),
      ...(asked?.kind === "ask" ? [typeOfAnswer(asked.answer, asked.unsure, place)] : []),
      ...written.filter((type) => type !== undefined),
      ...(name === roundName && this.#repeated.has(flow) ? [number] : []),
    ]);
  }

  #from(flow: FlowId, from: ValueFrom): ValueType | undefined {
    return "answer" in from ? this.of(flow, from.answer) : typeOfFixed(from.value);
  }
}

/** The type of what a question, or a parameter declared like one, is answered with. */
export function typeOfAnswer(answer: AnswerSpec, unsure: boolean, question?: Place): ValueType {
  const asked = question === undefined ? {} : { question };
  switch (answer.kind) {
    case "yes-no":
      return { kind: "yes-no", list: false, unsure, values: ["yes", "no"], ...asked };
    case "choice":
    case "several": {
      const values = valuesOf(answer);
      return {
        kind: "choice",
        list: answer.kind === "several",
        unsure,
        ...(values === undefined ? {} : { values }),
        ...asked,
      };
    }
    default:
      return { kind: answer.kind, list: false, unsure, ...asked };
  }
}

/** A picked option stands for itself, or in a `choice` for what the flow says; lists made while talking are not known. */
function valuesOf(answer: AnswerOf<"choice"> | AnswerOf<"several">): readonly string[] | undefined {
  const { kind, options } = answer;
  if (options === undefined) return undefined;
  if (kind === "several") return Array.isArray(options) ? options : Object.keys(options);
  return [
    ...(Array.isArray(options) ? options : Object.values(options)),
    ...Object.values(answer.typed ?? {}),
  ];
}

/** The type of a value that is written in a flow. */
export function typeOfFixed(value: string | number | boolean): ValueType {
  if (typeof value === "number") return number;
  if (typeof value === "boolean") return flag;
  if (isCivilDate(value)) return { kind: "date", list: false, unsure: false };
  return { kind: "choice", list: false, unsure: false, values: [value] };
}

/** The type of a name that is written in several places. */
function merged(types: readonly ValueType[]): ValueType | undefined {
  const [first, ...others] = types;
  return others.reduce<ValueType | undefined>(
    (type, other) => (type === undefined ? other : both(type, other)),
    first,
  );
}

function both(one: ValueType, other: ValueType): ValueType {
  const question = one.question ?? other.question;
  const words = question === undefined ? {} : { question };
  const kind = sharedKind(one, other);
  if (kind === undefined) return { ...mixed, ...words };
  const values = together(one.values, other.values);
  const unsure = one.unsure || other.unsure;
  return { kind, list: one.list, unsure, ...words, ...(values === undefined ? {} : { values }) };
}

function sharedKind(one: ValueType, other: ValueType): ValueType["kind"] | undefined {
  if (one.list !== other.list) return undefined;
  if (one.kind === other.kind) return one.kind;
  return [one, other].every(({ kind }) => kind === "yes-no" || kind === "choice") ? "choice" : undefined;
}

function together(
  some: readonly string[] | undefined,
  others: readonly string[] | undefined,
): readonly string[] | undefined {
  return some === undefined || others === undefined ? undefined : [...new Set([...some, ...others])];
}
