import type { Language } from "../nouns/language.ts";
import { templatesSchema } from "./file-schemas.ts";
import type { Program } from "./program.ts";
import { flowFile, needWords, type Reading, readFile, wordsAt } from "./reading.ts";
import { issueAt } from "./source.ts";

const key = "whatsapp-language";
/** As WhatsApp writes its languages: en, pt_BR, prs_AF, fil (Meta's list of supported languages of templates). */
const code = /^[a-z]{2,3}(?:_[A-Z]{2,3})?$/;

/** The templates, each in every language that there is, under the code that the language's `profile.json` has for WhatsApp. */
export function compileTemplates(reading: Reading): Program["templates"] | undefined {
  const file = flowFile(reading, "templates");
  const templates = file === undefined ? undefined : readFile(reading, file, templatesSchema)?.templates;
  if (templates === undefined) return undefined;
  for (const name of Object.keys(templates)) needWords(reading, `templates:${name}`);
  const languages = Object.fromEntries(
    reading.languages.flatMap((language) => {
      const known = codeOf(reading, language);
      return known === undefined ? [] : [[language, known] as const];
    }),
  );
  return Object.fromEntries(
    Object.entries(templates).map(([name, template]) => [name, { ...template, languages }]),
  );
}

function codeOf(reading: Reading, language: Language): string | undefined {
  const known = wordsAt(reading, language, `profile:${key}`);
  const profile = reading.source.locales.get(language)?.get("profile");
  if (typeof known === "string" && code.test(known)) {
    const other = reading.languages.find((one) => wordsAt(reading, one, `profile:${key}`) === known);
    if (profile !== undefined && other !== undefined && other !== language)
      reading.issues.push(
        issueAt(profile, [key], `\`${known}\` is the code of \`${other}\` too`, "give each its own"),
      );
    return known;
  }
  // A file that is missing is told where words are compared.
  if (profile === undefined) return undefined;
  const what =
    known === undefined
      ? `\`${key}\` is missing: the code by which WhatsApp knows the language`
      : `\`${key}\` is no code of WhatsApp's for a language`;
  reading.issues.push(issueAt(profile, [key], what, `write it as WhatsApp does: \`"${key}": "pt_BR"\``));
  return undefined;
}
