import type { Names, Wrong } from "./answer-references.ts";
import { nearest } from "./nearest.ts";
import { wrongRounds } from "./round-references.ts";
import type { ParamSource, StepOf, ValueFrom } from "./schema.ts";
import type { ValueType } from "./value-type.ts";
import { typeOfAnswer, typeOfFixed } from "./value-types.ts";

type Call = StepOf<"call"> | StepOf<"repeat">;

/** What is wrong with a step that runs another flow: the flow, what it is given, how often. */
export function wrongCall(names: Names, body: Call): readonly Wrong[] {
  const { program } = names;
  const flow = program.flows.get(body.flow);
  if (flow === undefined)
    return [[["flow"], `there is no flow \`${body.flow}\``, nearest(body.flow, [...program.flows.keys()])]];
  return [
    ...wrongGiven(names, body, flow.params),
    ...(body.kind === "repeat" ? wrongRounds(names, body) : []),
  ];
}

function wrongGiven(names: Names, body: Call, params: ReadonlyMap<string, ParamSource>): readonly Wrong[] {
  const given = body.with ?? {};
  const missing = [...params.keys()]
    .filter((name) => !Object.hasOwn(given, name))
    .map(
      (name): Wrong => [[], `the flow \`${body.flow}\` has to be given \`${name}\``, "give it under `with:`"],
    );
  const wrong = Object.entries(given).flatMap(([name, from]): readonly Wrong[] => {
    const param = params.get(name);
    if (param === undefined)
      return [
        [
          ["with", name],
          `the flow \`${body.flow}\` has no parameter \`${name}\``,
          nearest(name, [...params.keys()]),
        ],
      ];
    return misgiven(typeGiven(names, from), typeOfAnswer(param.answer, param.unsure)).map(
      ([what, mend]): Wrong => [["with", name], `\`${name}\` ${what}`, mend],
    );
  });
  return [...missing, ...wrong];
}

function typeGiven({ flow, typeOf }: Names, from: ValueFrom): ValueType | undefined {
  return "answer" in from ? typeOf(flow, from.answer) : typeOfFixed(from.value);
}

/** Why a value of one type can't be given to a parameter of another. */
function misgiven(type: ValueType | undefined, param: ValueType): readonly (readonly [string, string])[] {
  if (type === undefined || type.kind === "mixed") return [];
  const kindFits =
    type.list === param.list &&
    (type.kind === param.kind ||
      (type.kind === "choice" && (param.kind === "yes-no" || param.kind === "text")));
  if (!kindFits)
    return [[`takes ${said(param)}, not ${said(type)}`, "give it another answer, or change the parameter"]];
  const strange = type.values?.find((value) => param.values?.includes(value) === false);
  if (strange !== undefined)
    return [[`is never \`${strange}\``, "add the option to the parameter, or give it another answer"]];
  return type.unsure && !param.unsure
    ? [["does not take the no-answers", "give the parameter `unsure: true`, or decide before the call"]]
    : [];
}

function said({ kind, list }: ValueType): string {
  return list ? `a list (${kind})` : `\`${kind}\``;
}
