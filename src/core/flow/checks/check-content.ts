import type { Program } from "../program.ts";
import type { Issue, Source } from "../source.ts";
import type { Check } from "./check.ts";
import { labels } from "./labels.ts";
import { placeholders } from "./placeholders.ts";
import { translations } from "./translations.ts";
import { words } from "./words.ts";

/** Every check, in the order their findings are told. */
const checks: readonly Check[] = [translations, placeholders, labels, words];

/** Runs every check on content that compiled. */
export function checkContent(source: Source, program: Program): readonly Issue[] {
  return checks.flatMap((check) => check({ source, program }));
}
