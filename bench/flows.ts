import { readSource } from "../src/content/read-source.ts";
import type { Json, Source, SourceFile } from "../src/core/flow/source.ts";
import { tenQuestions, words } from "./ten-questions.ts";

function file(path: string, data: Json): SourceFile {
  return { path, data, lineOf: () => 1 };
}

/** The shipped content with the bench's flow in it. */
export function benchSource(root: string): Source {
  const { source } = readSource(root);
  const flows = new Map([...source.flows, ["bench", file("flows/bench.yaml", tenQuestions)]]);
  const locales = new Map(
    [...source.locales].map(([language, files]) => [
      language,
      new Map([...files, ["bench", file(`locales/${language}/bench.json`, words)]]),
    ]),
  );
  return { flows, locales };
}
