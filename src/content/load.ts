import { checkContent } from "../core/flow/checks/check-content.ts";
import { compile } from "../core/flow/compile.ts";
import type { Program } from "../core/flow/program.ts";
import type { Issue, Source } from "../core/flow/source.ts";
import type { Translator } from "../core/render/translator.ts";
import { readSource } from "./read-source.ts";
import { makeTranslator } from "./translator.ts";

/** Content ready to talk with; `warnings` do not keep it from being used. */
export type Content = {
  readonly program: Program;
  readonly translator: Translator;
  readonly source: Source;
  readonly warnings: readonly Issue[];
};

/** Content, or why there is none; `compiled` is what a check can look further at, where only the checks refused it. */
export type Loaded = Content | { readonly issues: readonly Issue[]; readonly compiled?: Content };

/**
 * Reads and compiles content without checking it, for those who need an answer sooner than a proof. Gives only issues
 * where an error keeps it from being compiled. Never throws for what stands in the files.
 */
export function compileContent(
  root: string,
): Pick<Content, "program" | "source"> | { readonly issues: readonly Issue[] } {
  const { source, issues: unreadable } = readSource(root);
  if (unreadable.length > 0) return { issues: unreadable };
  const { program, issues } = compile(source);
  return program === undefined ? { issues } : { program, source };
}

/**
 * Reads, compiles and checks `<root>/flows` and `<root>/locales`. All or nothing: one error anywhere gives only issues.
 * Files that can't be read are told alone, as all that refers to them would seem wrong too. Never throws for what
 * stands in the files.
 */
export function loadContent(root: string): Loaded {
  const { source, issues: unreadable } = readSource(root);
  if (unreadable.length > 0) return { issues: unreadable };
  const { program, issues: uncompiled } = compile(source);
  const issues = program === undefined ? uncompiled : [...uncompiled, ...checkContent(source, program)];
  if (program === undefined) return { issues };
  const compiled = { program, translator: makeTranslator(source), source, warnings: issues };
  return issues.some(({ level }) => level === "error") ? { issues, compiled } : compiled;
}
