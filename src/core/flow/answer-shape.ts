import type { Wrong } from "./answer-references.ts";
import type { AnswerSpec } from "./answer-schema.ts";

/**
 * What is wrong with how a question says what it takes, where each field alone would be right: no options or two kinds of
 * them, an option twice, limits that nothing lies between. Paths begin below `answer`.
 */
export function wrongShape(answer: AnswerSpec): readonly Wrong[] {
  switch (answer.kind) {
    case "choice":
      return [...whichOptions(answer), ...twice(answer.options), ...typedToo(answer)];
    case "several":
      return twice(answer.options);
    case "number":
      return crossed("least", answer.least ?? 0, "most", answer.most);
    case "money":
      return crossed("least", 0, "most", answer.most);
    case "date":
      return crossed("earliest", answer.earliest, "latest", answer.latest);
    case "yes-no":
    case "text":
    case "country":
    case "phone":
    case "receipt-number":
      return [];
  }
}

type Choice = Extract<AnswerSpec, { kind: "choice" }>;

function whichOptions({ options, from }: Choice): readonly Wrong[] {
  if (options === undefined && from === undefined)
    return [
      [
        [],
        "the choice has nothing to choose from",
        "list its `options: [a, b]`, or name a list with `from:`",
      ],
    ];
  return options !== undefined && from !== undefined
    ? [[["from"], "the choice has both `options` and `from`", "keep one of the two"]]
    : [];
}

function typedToo({ options = [], typed = {} }: Choice): readonly Wrong[] {
  const shown = Array.isArray(options) ? options : Object.keys(options);
  return Object.keys(typed).flatMap((option): readonly Wrong[] =>
    shown.includes(option)
      ? [[["typed", option], `the option \`${option}\` has a button already`, "remove one, or rename it"]]
      : [],
  );
}

function twice(options: Choice["options"]): readonly Wrong[] {
  if (!Array.isArray(options)) return [];
  return options.flatMap((option: string, at): readonly Wrong[] =>
    options.indexOf(option) < at
      ? [[["options", at], `the option \`${option}\` stands here twice`, "remove one, or rename it"]]
      : [],
  );
}

function crossed(
  low: string,
  from: number | undefined,
  high: string,
  to: number | undefined,
): readonly Wrong[] {
  return from !== undefined && to !== undefined && from > to
    ? [[[high], `no answer is at least ${from} and at most ${to}`, `\`${low}\` has to be below \`${high}\``]]
    : [];
}
