import { normalise } from "../../text/normalise.ts";
import type { Step } from "../program.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type Source, textsOf } from "../source.ts";
import type { Check } from "./check.ts";

/** A word means one thing: no two commands, and no two options of a question, are called by the same word in any languages. */
export const words: Check = ({ source, program }) => {
  const commands = collisions(source, [...program.commands.keys()].map((name) => ({ meaning: name, keys: [`commands:${name}.words`, `commands:${name}.label`] })));
  const questions = [...program.steps.values()].flatMap((step) => (step.kind === "ask" ? collisions(source, meaningsOf(step)) : []));
  return [...new Map([...commands, ...questions].map((issue) => [`${issue.file}:${issue.line}:${issue.what}`, issue])).values()];
};

type Meaning = { readonly meaning: string; readonly keys: readonly string[] };

function meaningsOf(step: Extract<Step, { kind: "ask" }>): readonly Meaning[] {
  return step.buttons.map(({ id }) => {
    const option = id.slice(id.indexOf(":", 2) + 1);
    return { meaning: option, keys: [`${step.place}.options.${option}`, `${step.place}.accept.${option}`, `answers:${option}.label`, `answers:${option}.accept`] };
  });
}

function collisions(source: Source, meanings: readonly Meaning[]): readonly Issue[] {
  const taken = new Map<string, string>();
  const issues: Issue[] = [];
  for (const { meaning, keys } of meanings) {
    for (const key of keys) {
      for (const [language, files] of source.locales) {
        const [name = "", path = ""] = key.split(":");
        const at = wordsAt({ source }, language, key);
        const file = files.get(name);
        for (const word of typeof at === "string" ? [at] : textsOf(at)) {
          const normal = normalise(word);
          const before = taken.get(normal);
          if (before === undefined) taken.set(normal, meaning);
          else if (before !== meaning && file !== undefined) issues.push(issueAt(file, path.split("."), `the word “${word}” means \`${meaning}\` here and \`${before}\` elsewhere`, "choose another word for one of them"));
        }
      }
    }
  }
  return issues;
}
