import { sourceLanguage, valueAt } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import type { Content } from "./load.ts";

type Loaded = Pick<Content, "program" | "source">;

/** The words that the platforms themselves show: the bot's description and commands, and WhatsApp's templates. */
export function channelWords({ program, source }: Loaded) {
  const text = (language: Language, file: string, path: readonly string[]): string => {
    const at =
      valueAt(source.locales.get(language)?.get(file)?.data, path) ??
      valueAt(source.locales.get(sourceLanguage)?.get(file)?.data, path);
    return typeof at === "string" ? at : "";
  };
  const profileIn = (language: Language) => ({
    description: text(language, "profile", ["description"]),
    shortDescription: text(language, "profile", ["short-description"]),
    commands: program.commandMenu.map((name) => ({
      command: name.replaceAll("-", "_"),
      description: text(language, "commands", [name, "description"]),
    })),
  });
  const templates = Object.entries(program.templates).map(([name, { variables, languages }]) => ({
    name,
    variables,
    languages: Object.fromEntries(
      Object.entries(languages).map(([language, code]) => [
        language,
        { code, text: text(language, "templates", [name]) },
      ]),
    ),
  }));
  return {
    telegram: {
      fallback: profileIn(sourceLanguage),
      languages: Object.fromEntries(program.languages.map((language) => [language, profileIn(language)])),
    },
    templates,
  };
}
