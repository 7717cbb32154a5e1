import { readStatus, type TranslationStatus } from "../../src/content/read-status.ts";
import { staleKeys } from "../../src/content/stamp.ts";
import { makeTranslator } from "../../src/content/translator.ts";
import { checkContent, checkTexts } from "../../src/core/flow/checks/check-content.ts";
import { prove } from "../../src/core/flow/checks/prove.ts";
import { compile } from "../../src/core/flow/compile.ts";
import type { Program } from "../../src/core/flow/program.ts";
import type { Issue, Source } from "../../src/core/flow/source.ts";
import type { Ms } from "../../src/core/nouns/time.ts";
import { pastReview } from "../../src/wiring/check-folder.ts";
import { checkRendering } from "../../src/wiring/check-rendering.ts";
import type { Defect, Stage } from "./defect.ts";

export type Statuses = ReadonlyMap<string, ReadonlyMap<string, TranslationStatus>>;

/** The stamps of every language below a folder but English. */
export function statusesOf(root: string, source: Source): Statuses {
  const languages = [...source.locales.keys()].filter((language) => language !== "en");
  return new Map(languages.map((language) => [language, readStatus(root, language).status]));
}

/** What a stage found, in words. */
export type FoundBy = { readonly stage: Stage; readonly what: string };

/**
 * What `parwana check` finds in this content, as far as a stage: compiling, and that stage alone. Gives what matches
 * (`meant`), and whether anything else was found.
 */
export function look(
  source: Source,
  statuses: Statuses,
  now: Ms,
  { stage, says }: Pick<Defect, "stage" | "says">,
): { readonly meant: FoundBy | undefined; readonly other: FoundBy | undefined } {
  const { program, issues } = compile(source);
  const early = errorsOf("compile", issues);
  const found =
    program === undefined || stage === "compile"
      ? early
      : [...early, ...stages[stage]({ source, program, statuses, now })];
  return { meant: found.find(({ what }) => says.test(what)), other: found[0] };
}

type Content = {
  readonly source: Source;
  readonly program: Program;
  readonly statuses: Statuses;
  readonly now: Ms;
};

function errorsOf(stage: Stage, issues: readonly Issue[]): readonly FoundBy[] {
  return issues
    .filter(({ level }) => level === "error")
    .map(({ file, what }) => ({ stage, what: `${file}: ${what}` }));
}

function renderer({ source, program }: Content) {
  return { program, source, translator: makeTranslator(source), warnings: [] };
}

const stages: Readonly<Record<Exclude<Stage, "compile">, (content: Content) => readonly FoundBy[]>> = {
  content: ({ source, program }) => errorsOf("content", checkContent(source, program)),
  translations: ({ source, statuses }) =>
    [...statuses].flatMap(([language, status]) =>
      staleKeys(source, status).map((key) => ({
        stage: "translations" as const,
        what: `${language} ${key} is behind the English`,
      })),
    ),
  facts: ({ program, now }) =>
    pastReview(program, now).map((id) => ({ stage: "facts" as const, what: `${id} is past its review` })),
  texts: (content) => errorsOf("texts", checkTexts(renderer(content))),
  proof: ({ source, program, now }) => errorsOf("proof", prove(source, program, now).issues),
  rendering: (content) => {
    const { exploration } = prove(content.source, content.program, content.now);
    return errorsOf("rendering", checkRendering(renderer(content), exploration, content.now).issues);
  },
};
