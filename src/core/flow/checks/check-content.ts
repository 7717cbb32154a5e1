import type { Renderer } from "../../render/render.ts";
import type { Program } from "../program.ts";
import type { Issue, Source } from "../source.ts";
import { answers } from "./answers.ts";
import { braces } from "./braces.ts";
import type { Check } from "./check.ts";
import { figures } from "./figures.ts";
import { glossary } from "./glossary.ts";
import { labels } from "./labels.ts";
import { nativeLines } from "./native-lines.ts";
import { placeholders } from "./placeholders.ts";
import { reminderRows } from "./reminder-rows.ts";
import { shadows } from "./shadows.ts";
import { statements } from "./statements.ts";
import { templates } from "./templates.ts";
import { translations } from "./translations.ts";
import { unusedWords } from "./unused-words.ts";
import { words } from "./words.ts";

/** Every check, in the order their findings are told. */
const checks: readonly Check[] = [translations, placeholders, braces, templates, labels, reminderRows, words];

/** Runs every check on content that compiled. */
export function checkContent(source: Source, program: Program): readonly Issue[] {
  return checks.flatMap((check) => check({ source, program }));
}

/** Checks that read every word: they take too long for a start. */
const readings: readonly Check[] = [figures, glossary, shadows, statements, unusedWords, nativeLines];

/** Reads every text as people will read it: figures typed in, the glossary's words, answers that are too long. */
export function checkTexts(content: Renderer & { readonly source: Source }): readonly Issue[] {
  return [...readings.flatMap((check) => check(content)), ...answers(content)];
}
