import { isCivilDate } from "../dates/civil-date.ts";
import { isTimeZone } from "../dates/zone.ts";
import type { FlowId } from "../nouns/ids.ts";
import { type Line, linesOf } from "./condition.ts";
import type { Condition, Test, ValueTest } from "./condition-schema.ts";
import { nearest } from "./nearest.ts";
import type { Program } from "./program.ts";
import type { StepOf, StepSource, ValueFrom } from "./schema.ts";
import { misfitsOf } from "./test-misfits.ts";
import { namesIn, personNames, type TypeOf } from "./value-types.ts";

type Path = readonly (string | number)[];
export type Wrong = readonly [path: Path, what: string, mend: string];

/** What names in a flow are looked up in. */
export type Names = { readonly program: Program; readonly flow: FlowId; readonly typeOf: TypeOf };

/** Names that a condition gives another meaning. */
export const reservedNames: ReadonlySet<string> = new Set(["any", "all", "not", "person"]);

/** Names of answers in a step that nothing gives, tests that don't fit them, and values that can't be kept with a person. */
export function wrongAnswers(names: Names, id: string, body: StepSource): readonly Wrong[] {
  return [
    ...namedIn(body).flatMap(([path, name]) => (name === undefined ? [] : unknownAnswer(names, path, name))),
    ...writtenBy(id, body)
      .filter(([, name]) => reservedNames.has(name))
      .map(
        ([path, name]): Wrong => [path, `\`${name}\` can't be the name of an answer`, "choose another name"],
      ),
    ...(body.kind === "decide" ? inTable(names, body) : []),
    ...(body.kind === "ask" ? keeping(body) : []),
    ...(body.kind === "remind" ? incomplete(body) : []),
  ];
}

/** That nothing gives an answer of this name; nothing when it is known. */
export function unknownAnswer({ program, flow, typeOf }: Names, path: Path, name: string): readonly Wrong[] {
  if (typeOf(flow, name) !== undefined) return [];
  const known = namesIn(program, flow);
  return name.includes(".")
    ? [[path, `nothing is known as \`${name}\``, nearest(name, [...personNames, ...known])]]
    : [[path, `there is no answer \`${name}\` in this flow`, nearest(name, known)]];
}

function writtenBy(id: string, body: StepSource): readonly (readonly [Path, string])[] {
  if (body.kind === "ask") return [[[], id]];
  return body.kind === "set" ? Object.keys(body.values).map((name) => [["values", name], name] as const) : [];
}

/** Every place in a step that names an answer of its flow. */
function namedIn(body: StepSource): readonly (readonly [Path, string | undefined])[] {
  switch (body.kind) {
    case "faq":
      return [[["entry"], body.entry]];
    case "remind":
      return [
        ...(["which", "date", "label"] as const).map((field) => [[field], body[field]] as const),
        [["reminder", "answer"], typeof body.reminder === "object" ? body.reminder.answer : undefined],
      ];
    case "subscribe":
      return "answer" in body.topic ? [[["topic", "answer"], body.topic.answer]] : [];
    case "set":
      return answersIn(body.values, ["values"]);
    case "call":
      return answersIn(body.with ?? {}, ["with"]);
    case "repeat":
      return [
        ...answersIn(body.with ?? {}, ["with"]),
        ...(body.times === undefined ? [] : answersIn({ times: body.times }, [])),
      ];
    default:
      return [];
  }
}

function answersIn(
  values: Readonly<Record<string, ValueFrom>>,
  path: Path,
): readonly (readonly [Path, string])[] {
  return Object.entries(values).flatMap(([name, from]) =>
    "answer" in from ? [[[...path, name, "answer"], from.answer] as const] : [],
  );
}

function inTable(names: Names, { table }: StepOf<"decide">): readonly Wrong[] {
  return table.flatMap(({ when }, at) => wrongConditions(names, ["table", at, "when"], when));
}

function wrongConditions(names: Names, path: Path, condition: Condition): readonly Wrong[] {
  return linesOf(condition).flatMap((line) => wrongLine(names, path, line));
}

function wrongLine(names: Names, path: Path, line: Line): readonly Wrong[] {
  switch (line.kind) {
    case "any":
    case "all":
      return line.conditions.flatMap((one, at) => wrongConditions(names, [...path, line.kind, at], one));
    case "not":
      return wrongConditions(names, [...path, "not"], line.condition);
    case "test":
      return wrongTest(names, [...path, line.name], line.name, line.test);
  }
}

function wrongTest(names: Names, path: Path, name: string, test: Test): readonly Wrong[] {
  const { flow, typeOf, program } = names;
  const type = typeOf(flow, name);
  if (type === undefined) return unknownAnswer(names, path, name);
  const compared = comparedWith(test).flatMap((than): readonly Wrong[] => {
    const unknown = unknownAnswer(names, path, than);
    if (unknown.length > 0) return unknown;
    const other = typeOf(flow, than);
    return other?.kind === "date" && !other.list
      ? []
      : [
          [
            path,
            `\`${than}\` is ${other?.list === true ? "a list, not one date" : "not a date"}`,
            "compare with today, a day, or the answer of a date question",
          ],
        ];
  });
  if (typeof test === "object" && Object.keys(test).length === 0)
    return [
      [path, `nothing is asked of \`${name}\``, "write a value to equal, or tests such as `at-least: 3`"],
    ];
  const misfits = misfitsOf(test, type, program.countries).map(
    ([what, mend]): Wrong => [path, `\`${name}\` ${what}`, mend],
  );
  return [...compared, ...misfits];
}

/** The other answers that a date is compared with. */
function comparedWith(test: Test | ValueTest): readonly string[] {
  if (typeof test !== "object") return [];
  const { before, after, within, "older-than": olderThan } = test;
  const own = [
    before,
    after,
    ...[within, olderThan].map((from) => (typeof from === "object" ? from.of : undefined)),
  ];
  const inner = [
    "some" in test ? test.some : undefined,
    "every" in test ? test.every : undefined,
    "count" in test ? test.count?.of : undefined,
  ].flatMap((one) => (one === undefined ? [] : comparedWith(one)));
  const outside = own.filter((than) => than !== undefined && than !== "today" && !isCivilDate(than));
  return [...outside.filter((than) => than !== undefined), ...inner];
}

function keeping({ keep, answer }: StepOf<"ask">): readonly Wrong[] {
  const { options, typed = {} } = answer.kind === "choice" ? answer : {};
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
  return Object.entries({ options, typed }).flatMap(([path, zones]) =>
    Object.entries(zones)
      .filter(([, zone]) => !isTimeZone(zone))
      .map(
        ([option, zone]): Wrong => [
          ["answer", path, option],
          `there is no time zone \`${zone}\``,
          "use a name such as `Asia/Kabul`",
        ],
      ),
  );
}

function incomplete(body: StepOf<"remind">): readonly Wrong[] {
  if (body.do === "list") return [];
  const field = body.do === "set" || body.do === "about" ? "reminder" : "which";
  const needed = body.do === "change" ? ([field, "date"] as const) : ([field] as const);
  return needed
    .filter((name) => body[name] === undefined)
    .map((name): Wrong => [[], `\`do: ${body.do}\` needs \`${name}\``, `add a line \`${name}:\``]);
}
