import type { ConceptWords } from "../faq/lexicon.ts";
import { conceptsSchema } from "./file-schemas.ts";
import { type Reading, readFile } from "./reading.ts";
import { issueAt, type SourceFile, sourceLanguage } from "./source.ts";

/**
 * Reads `locales/<language>/concepts.json`: words that mean nearly the same, by a name that all languages share. A
 * language may do without. A name that English lacks is an error: most likely it is mistyped, and would join nothing.
 */
export function compileConcepts(reading: Reading): readonly ConceptWords[] {
  const english = reading.source.locales.get(sourceLanguage)?.get("concepts");
  const names = new Set(
    english === undefined ? [] : Object.keys(readFile(reading, english, conceptsSchema) ?? {}),
  );
  return reading.languages.flatMap((language) => {
    const file = reading.source.locales.get(language)?.get("concepts");
    const concepts = file === undefined ? undefined : readFile(reading, file, conceptsSchema);
    if (file === undefined || concepts === undefined) return [];
    const unknown = Object.keys(concepts).filter((name) => !names.has(name));
    reading.issues.push(...unknown.map((name) => unknownConcept(file, name)));
    return [{ language, concepts }];
  });
}

function unknownConcept(file: SourceFile, name: string) {
  const what = `locales/${sourceLanguage}/concepts.json has no concept \`${name}\``;
  return issueAt(file, [name], what, "correct the name, or give the concept its English words too");
}
