import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { makeTranslator } from "../../src/content/translator.ts";
import { compile } from "../../src/core/flow/compile.ts";
import { isJsonObject, type Source } from "../../src/core/flow/source.ts";
import { goldenText } from "../../src/play/golden.ts";
import { scriptOf } from "../../src/play/script.ts";
import { inFlow, type Plant, type Shipped, stepsIn } from "./edit.ts";

// What no checker can know: that an answer leads to the wrong outcome. Conversations written down by hand know it.

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
  { kind: "swapped edges of two answers", plants: (shipped) => swapped(shipped, "next", "screening/") },
];

/** What is said in every scripted conversation with this content, in English. */
export function conversationsOf(root: string, source: Source): string {
  const { program } = compile(source);
  if (program === undefined) return "";
  const folder = join(root, "tests/conversations/scripts");
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml") && !name.startsWith("faq-"));
  return names
    .map((name) => {
      try {
        const script = scriptOf(parse(readFileSync(join(folder, name), "utf8")));
        return goldenText({ program, translator: makeTranslator(source) }, script, "en");
      } catch (error) {
        return String(error);
      }
    })
    .join("\n");
}
