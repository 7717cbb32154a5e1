import type { Language } from "../../nouns/language.ts";
import { normalise } from "../../text/normalise.ts";
import { typedOptions } from "../compile-flow.ts";
import type { Step } from "../program.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type Source, type SourceFile, textsOf } from "../source.ts";
import type { Check } from "./check.ts";

/**
 * A word means one thing: no two of the commands and languages, and no two options of a question, are called by the same
 * word in any languages.
 */
export const words: Check = ({ source, program }) => {
  const commands = [...program.commands.keys()].map((name) => ({
    meaning: name,
    keys: [`commands:${name}.words`, `commands:${name}.label`],
  }));
  // A language's own file holds all that it is called, in whatever language.
  const languages = program.languages.map((language) => ({
    meaning: language,
    keys: ["profile:language", "profile:names"],
    within: language,
  }));
  const always = collisions(source, [...commands, ...languages]);
  const questions = [...program.steps.values()].flatMap((step) =>
    step.kind === "ask" ? collisions(source, meaningsOf(step)) : [],
  );
  return [
    ...new Map(
      [...always, ...questions].map((issue) => [`${issue.file}:${issue.line}:${issue.what}`, issue]),
    ).values(),
  ];
};

/** `within`: the only language whose words count; absent: all do. */
type Meaning = {
  readonly meaning: string;
  readonly keys: readonly string[];
  readonly within?: Language;
};

function meaningsOf(step: Extract<Step, { kind: "ask" }>): readonly Meaning[] {
  const shown = step.buttons.map(({ id }) => id.slice(id.indexOf(":", 2) + 1));
  return [...shown, ...typedOptions(step)].map((option) => {
    return {
      meaning: option,
      keys: [
        `${step.place}.options.${option}`,
        `${step.place}.accept.${option}`,
        `answers:${option}.label`,
        `answers:${option}.accept`,
      ],
    };
  });
}

type Called = {
  readonly meaning: string;
  readonly word: string;
  readonly file: SourceFile;
  readonly path: readonly string[];
};

function collisions(source: Source, meanings: readonly Meaning[]): readonly Issue[] {
  const taken = new Map<string, string>();
  return meanings
    .flatMap((meaning) => calledBy(source, meaning))
    .flatMap(({ meaning, word, file, path }) => {
      const normal = normalise(word);
      const before = taken.get(normal) ?? meaning;
      taken.set(normal, before);
      if (before === meaning) return [];
      const what = `the word “${word}” means \`${meaning}\` here and \`${before}\` elsewhere`;
      return [issueAt(file, path, what, "choose another word for one of them")];
    });
}

/** Every word for a meaning, in every language, with its place. */
function calledBy(source: Source, { meaning, keys, within }: Meaning): readonly Called[] {
  return keys.flatMap((key) => {
    const [name = "", path = ""] = key.split(":");
    return [...source.locales].flatMap(([language, files]) => {
      if (within !== undefined && within !== language) return [];
      const at = wordsAt({ source }, language, key);
      const file = files.get(name);
      const words = typeof at === "string" ? [at] : textsOf(at);
      return file === undefined ? [] : words.map((word) => ({ meaning, word, file, path: path.split(".") }));
    });
  });
}
