import type { Content } from "../../src/content/load.ts";
import { makeTranslator } from "../../src/content/translator.ts";
import { compile } from "../../src/core/flow/compile.ts";
import type { Program } from "../../src/core/flow/program.ts";
import type { Json, SourceFile } from "../../src/core/flow/source.ts";
import type { Renderer } from "../../src/core/render/render.ts";

/** A file that was never on a disk. */
function fileOf(path: string, data: Json): SourceFile {
  return { path, data, lineOf: () => 1 };
}

/** The shipped content with flows of a test's own (their words in English), compiled. */
export function withFlows(
  { source }: Content,
  flows: Readonly<Record<string, Json>>,
  words: Readonly<Record<string, Json>>,
): Renderer & { readonly program: Program } {
  const ownFlows = Object.entries(flows).map(
    ([name, data]) => [name, fileOf(`flows/${name}.yaml`, data)] as const,
  );
  const ownWords = Object.entries(words).map(
    ([name, data]) => [name, fileOf(`locales/en/${name}.json`, data)] as const,
  );
  const all = {
    flows: new Map([...source.flows, ...ownFlows]),
    locales: new Map(source.locales).set("en", new Map([...(source.locales.get("en") ?? []), ...ownWords])),
  };
  const { program, issues } = compile(all);
  if (program === undefined) throw new Error(issues.map(({ file, what }) => `${file}: ${what}`).join("\n"));
  return { program, translator: makeTranslator(all) };
}
