import type { Names, Wrong } from "./answer-references.ts";
import { nearest } from "./nearest.ts";
import type { StepOf } from "./schema.ts";
import type { ValueType } from "./value-type.ts";
import { roundName } from "./value-types.ts";

/** How many rounds there are has to be known, by one way only, and never more than the step allows. */
export function wrongRounds(names: Names, body: StepOf<"repeat">): readonly Wrong[] {
  const { program, typeOf } = names;
  if ((body.times === undefined) === (body.again === undefined))
    return [[[], "a repeat has either `times` or `again`", "give it exactly one of the two"]];
  const results = program.flows.get(body.flow)?.results ?? [];
  const lists = results
    .filter((name) => typeOf(body.flow, name)?.list === true)
    .map(
      (name): Wrong => [
        ["flow"],
        `the result \`${name}\` of \`${body.flow}\` is a list already`,
        "a round gives one value for each result: `set` what matters of it",
      ],
    );
  const round = program.steps.has(`${body.flow}:${roundName}`)
    ? ([
        [
          ["flow"],
          `\`${body.flow}\` has a step \`${roundName}\`, the name of the round's number`,
          "rename it",
        ],
      ] as const)
    : [];
  return [
    ...lists,
    ...round,
    ...(body.again === undefined
      ? wrongTimes(names, body)
      : wrongAgain(body.again, results, typeOf(body.flow, body.again))),
  ];
}

function wrongAgain(
  again: string,
  results: readonly string[],
  type: ValueType | undefined,
): readonly Wrong[] {
  if (!results.includes(again))
    return [[["again"], `the flow gives no result \`${again}\``, nearest(again, results)]];
  return type === undefined || type.kind === "yes-no" || type.values?.includes("yes") === true
    ? []
    : [[["again"], `\`${again}\` is not answered with yes or no`, "name a yes-no question of the flow"]];
}

function wrongTimes(names: Names, { times, most }: StepOf<"repeat">): readonly Wrong[] {
  if (times === undefined) return [];
  if ("answer" in times) return wrongTimesAnswered(names, times.answer, most);
  return typeof times.value === "number" && times.value <= most
    ? []
    : [[["times"], `it is no number up to ${most}`, "write a number, and `most:` where it is more than 10"]];
}

function wrongTimesAnswered(names: Names, answer: string, most: number): readonly Wrong[] {
  const type = names.typeOf(names.flow, answer);
  if (type === undefined) return [];
  if (type.kind !== "number" || type.list)
    return [[["times"], `\`${answer}\` is not a number`, "name a number question"]];
  const limit = limitOf(names, type);
  return limit !== undefined && limit <= most
    ? []
    : [
        [
          ["times"],
          `\`${answer}\` can be more than the ${most} rounds there are`,
          `give that question \`most: ${most}\`, or the repeat a larger \`most\``,
        ],
      ];
}

function limitOf({ program }: Names, { question }: ValueType): number | undefined {
  const step = question === undefined ? undefined : program.steps.get(question);
  return step?.kind === "ask" && step.answer.kind === "number" ? step.answer.most : undefined;
}
