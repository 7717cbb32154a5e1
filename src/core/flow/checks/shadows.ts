import { normalise } from "../../text/normalise.ts";
import type { Program, Step } from "../program.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type Source, textsOf } from "../source.ts";
import type { Check } from "./check.ts";

type Ask = Extract<Step, { kind: "ask" }>;

/**
 * What people are told to write as an answer is taken as that answer: it is no command (in any language), unless both
 * lead to the same flow, and raises no red flag. Commands and flags are read before the waiting question.
 */
export const shadows: Check = ({ source, program }) => {
  const found = [...program.steps.values()].flatMap((step) =>
    step.kind === "ask" ? shadowsOf(source, program, step) : [],
  );
  return [...new Map(found.map((issue) => [`${issue.file}:${issue.line}:${issue.what}`, issue])).values()];
};

function shadowsOf(source: Source, program: Program, step: Ask): readonly Issue[] {
  return [...step.accept].flatMap(([word, option]) => {
    const reason = reasonOf(program, step, word, option);
    return reason === undefined ? [] : placesOf(source, step, word, option, reason);
  });
}

/** What the word is taken for instead; undefined when it is taken as the answer. */
function reasonOf(program: Program, step: Ask, word: string, option: string): string | undefined {
  const name = program.commandWords.get(word);
  if (name !== undefined && !leadsToSame(program, step, option, name)) return `the command \`${name}\``;
  const flag = name === undefined ? program.knownWords.get(word) : undefined;
  return flag === undefined ? undefined : `the red flag \`${flag.id}\``;
}

function leadsToSame(program: Program, step: Ask, option: string, name: string): boolean {
  const command = program.commands.get(name);
  const next = typeof step.next === "string" ? step.next : (step.next[option] ?? step.next["otherwise"]);
  const after = program.steps.get(`${step.inFlow}:${next}`);
  return command !== undefined && "flow" in command && after?.kind === "call" && after.flow === command.flow;
}

/** Where the word stands as an answer, in every language that has it. */
function placesOf(source: Source, step: Ask, word: string, option: string, reason: string): readonly Issue[] {
  const keys = [
    `${step.place}.options.${option}`,
    `${step.place}.accept.${option}`,
    `answers:${option}.label`,
    `answers:${option}.accept`,
  ];
  return [...source.locales.keys()].flatMap((language) =>
    keys.flatMap((key) => {
      const at = wordsAt({ source }, language, key);
      const words = typeof at === "string" ? [at] : textsOf(at);
      const [name = "", path = ""] = key.split(":");
      const file = source.locales.get(language)?.get(name);
      if (file === undefined || !words.some((one) => normalise(one) === word)) return [];
      const what = `the answer “${word}” to \`${step.place}\` is read as ${reason} before the question sees it`;
      return [issueAt(file, path.split("."), what, "choose another word for the answer")];
    }),
  );
}
