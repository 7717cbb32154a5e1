import { compile } from "../../src/core/flow/compile.ts";
import { isJsonObject, type Source } from "../../src/core/flow/source.ts";
import { tableNames, tableOf, walk } from "../../tests/oracle/table.ts";
import { inFlow, type Plant, type Shipped, stepsIn } from "./edit.ts";

// What no checker can know: that an answer leads to the wrong outcome. The tables worked by hand know it (tests/oracle/).

function swapped(shipped: Shipped, field: string, flow: string): readonly Plant[] {
  return stepsIn(shipped, "ask").flatMap(({ flow: of, id, body }) => {
    const table = body[field];
    const [one, two] = isJsonObject(table) ? Object.entries(table) : [];
    if (one === undefined || two === undefined || one[1] === two[1] || !of.startsWith(flow)) return [];
    const path = ["steps", id, field];
    return [
      {
        where: `${of}:${id}`,
        source: () =>
          inFlow(inFlow(shipped.source, of, [...path, one[0]], two[1]), of, [...path, two[0]], one[1]),
      },
    ];
  });
}

export const swaps: readonly {
  readonly kind: string;
  readonly plants: (shipped: Shipped) => readonly Plant[];
}[] = [
  { kind: "swapped outcomes of two answers", plants: (shipped) => swapped(shipped, "adds", "screening/") },
  { kind: "swapped ways to an outcome", plants: waysToOutcomes },
];

/** Answers of which one leads to an outcome at once. */
function waysToOutcomes(shipped: Shipped): readonly Plant[] {
  const shown = new Set(
    stepsIn(shipped, "outcome")
      .filter(({ body }) => body["show"] !== "gathered")
      .map(({ flow, id }) => `${flow}:${id}`),
  );
  const leading = stepsIn(shipped, "ask").filter(({ flow, body }) =>
    Object.values(isJsonObject(body["next"]) ? body["next"] : {})
      .slice(0, 2)
      .some((next) => typeof next === "string" && shown.has(`${flow}:${next}`)),
  );
  const places = new Set(leading.map(({ flow, id }) => `${flow}:${id}`));
  return swapped(shipped, "next", "screening/").filter(({ where }) => places.has(where));
}

/** The first row of a hand-worked table that this content does not fulfil; undefined when it fulfils all. */
export function firstBrokenRow(source: Source): string | undefined {
  const { program } = compile(source);
  if (program === undefined) return "nothing compiles";
  for (const name of tableNames) {
    const table = tableOf(name);
    const broken = table.rows.find(({ answers, outcomes, leads }) => {
      try {
        const walked = walk(program, table, answers);
        const same = walked.outcomes.toSorted().join(" ") === outcomes.toSorted().join(" ");
        return !same || (leads !== undefined && walked.leads !== leads);
      } catch {
        return true;
      }
    });
    if (broken !== undefined) return `${name}: ${broken.person}`;
  }
  return undefined;
}
