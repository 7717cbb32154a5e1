import { isCivilDate } from "../dates/civil-date.ts";
import { isTimeZone } from "../dates/zone.ts";
import type { CompiledFlow } from "./compile-flow.ts";
import type { Condition, Test } from "./condition-schema.ts";
import { nearest } from "./nearest.ts";
import type { Program } from "./program.ts";
import type { StepOf, StepSource } from "./schema.ts";

type Path = readonly (string | number)[];
export type Wrong = readonly [path: Path, what: string, mend: string];

/** What a condition can ask about the person; `conversation/known.ts` answers it. */
const personValues = ["reminders", "dates", "subscriptions", "topics", "time-zone", "stopped"].map(
  (name) => `person.${name}`,
);

/** The names that a step gives its flow to read: a question's own, and what a `set` writes. */
export function answersGiven(id: string, body: Pick<StepSource, "kind"> | StepOf<"set">): readonly string[] {
  if (body.kind === "ask") return [id];
  return body.kind === "set" && "values" in body ? Object.keys(body.values) : [];
}

/** Names of answers in a step that no question gives, and values that can't be kept with a person. */
export function wrongAnswers(program: Program, { source }: CompiledFlow, body: StepSource): readonly Wrong[] {
  const given = Object.entries(source.steps).flatMap(([id, step]) => answersGiven(id, step));
  const named = namedIn(body).flatMap(([path, name]) =>
    name === undefined ? [] : [unknown(path, name, given)],
  );
  const inTable = body.kind === "decide" ? conditions(program, body, given) : [];
  return [
    ...named.flat(),
    ...inTable,
    ...(body.kind === "ask" ? keeping(body) : []),
    ...(body.kind === "remind" ? incomplete(body) : []),
  ];
}

function unknown(path: Path, name: string, given: readonly string[]): readonly Wrong[] {
  return given.includes(name)
    ? []
    : [[path, `there is no answer \`${name}\` in this flow`, nearest(name, given)]];
}

/** Every place in a step that names an answer of its flow. */
function namedIn(body: StepSource): readonly (readonly [Path, string | undefined])[] {
  switch (body.kind) {
    case "faq":
      return [[["entry"], body.entry]];
    case "remind":
      return (["which", "date", "label"] as const).map((field) => [[field], body[field]] as const);
    case "subscribe":
      return "answer" in body.topic ? [[["topic", "answer"], body.topic.answer]] : [];
    case "set":
      return Object.entries(body.values).flatMap(([name, from]) =>
        "answer" in from ? [[["values", name, "answer"], from.answer] as const] : [],
      );
    default:
      return [];
  }
}

function conditions(
  program: Program,
  { table }: StepOf<"decide">,
  given: readonly string[],
): readonly Wrong[] {
  return table.flatMap(({ when }, at) =>
    namesIn(when).flatMap((name): readonly Wrong[] => {
      const path = ["table", at, "when"];
      if (!name.includes(".")) return unknown(path, name, given);
      if (personValues.includes(name) || isElsewhere(program, name)) return [];
      return [[path, `nothing is known as \`${name}\``, nearest(name, personValues)]];
    }),
  );
}

/** Whether `<flow>.<answer>` is a question of that flow, or set there. */
function isElsewhere(program: Program, name: string): boolean {
  const dot = name.lastIndexOf(".");
  const [flow, answer] = [name.slice(0, dot), name.slice(dot + 1)];
  return [...program.steps.values()].some(
    (step) =>
      step.inFlow === flow &&
      ((step.kind === "ask" && step.id === answer) ||
        (step.kind === "set" && Object.hasOwn(step.values, answer))),
  );
}

function namesIn(condition: Condition): readonly string[] {
  return Object.entries(condition).flatMap(([name, line]) => {
    if (Array.isArray(line)) return line.flatMap(namesIn);
    if (name === "not") return isCondition(line) ? namesIn(line) : [];
    return [name, ...comparedWith(line)];
  });
}

function isCondition(line: Condition[string]): line is Condition {
  return typeof line === "object" && !Array.isArray(line);
}

/** The other answer that a date is compared with. */
function comparedWith(line: Test | Condition | readonly Condition[]): readonly string[] {
  if (typeof line !== "object") return [];
  const than = "before" in line ? line.before : "after" in line ? line.after : undefined;
  return typeof than !== "string" || than === "today" || isCivilDate(than) ? [] : [than];
}

function keeping({ keep, answer }: StepOf<"ask">): readonly Wrong[] {
  const options = answer.kind === "choice" ? answer.options : undefined;
  if (keep === "language")
    return answer.kind === "choice" && answer.from === "languages"
      ? []
      : [[["keep"], "only a choice `from: languages` can be kept as the language", "ask for it that way"]];
  if (keep === undefined) return [];
  if (options === undefined || Array.isArray(options))
    return [
      [
        ["keep"],
        "only a choice whose options stand for time zones can be kept as one",
        "write `kabul: Asia/Kabul`",
      ],
    ];
  return Object.entries(options)
    .filter(([, zone]) => !isTimeZone(zone))
    .map(
      ([option, zone]): Wrong => [
        ["answer", "options", option],
        `there is no time zone \`${zone}\``,
        "use a name such as `Asia/Kabul`",
      ],
    );
}

function incomplete(body: StepOf<"remind">): readonly Wrong[] {
  const field = body.do === "set" ? "reminder" : "which";
  const needed = body.do === "change" ? ([field, "date"] as const) : ([field] as const);
  return needed
    .filter((name) => body[name] === undefined)
    .map((name): Wrong => [[], `\`do: ${body.do}\` needs \`${name}\``, `add a line \`${name}:\``]);
}
