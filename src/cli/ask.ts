import { createInterface } from "node:readline";
import type { Command } from "commander";
import type { AskedQuestion, QuestionAnswer } from "../app/ask-question.ts";
import { formatIssues } from "../content/format-issues.ts";
import { valueAt } from "../core/flow/source.ts";
import { CommandFailed } from "./command-failed.ts";
import { type ContentOptions, contentOption } from "./content-root.ts";
import { table } from "./show.ts";

type Options = ContentOptions & { readonly json?: boolean; readonly locale?: string };
type Answer = (question: AskedQuestion) => QuestionAnswer;
type TitleOf = (entry: string, locale: string) => string;
type Ready = { readonly answer: Answer; readonly titleOf: TitleOf };

/** Adds `ask`: what would be answered to a question, without a conversation. */
export function addAsk(program: Command): void {
  program
    .command("ask")
    .description(
      "tell what would be answered: the red flag that a question raises, else the entries found for it",
    )
    .argument("[question...]", "the question; without it, one is read from each line of stdin")
    .option("--locale <tag>", "the language that the person chose; without it, it is guessed from the words")
    .option("--json", 'read {"id", "q", "locale"?} from each line of stdin, and write an object for each')
    .addOption(contentOption())
    .addHelpText(
      "after",
      `
With --json each line gives {"id", "decision", "entries", "flag", "locale", "score"} in its place. A line that can't be
read gives {"id", "error"} in its place and a message on stderr; the others are answered all the same, and the exit code
is 1.

Examples:
  $ npx parwana ask how long does it take
  $ echo '{"id": "1", "q": "fees chand ast"}' | npx parwana ask --json`,
    )
    .action(ask);
}

async function ask(words: readonly string[], { json = false, locale, content }: Options): Promise<void> {
  if (json && words.length > 0)
    throw new CommandFailed("With --json the questions are read from stdin: give none as arguments.", 2);
  const ready = await open(content);
  if (json) return await answerJson(ready.answer, locale);
  if (words.length > 0) return tellAnswer(ready, words.join(" "), locale);
  for await (const line of createInterface({ input: process.stdin }))
    if (line.trim() !== "") tellAnswer(ready, line, locale);
}

/** What finds answers is only loaded now. */
async function open(root: string): Promise<Ready> {
  const { askQuestion } = await import("../app/ask-question.ts");
  const { compileContent } = await import("../content/load.ts");
  const content = compileContent(root);
  if ("issues" in content) throw new CommandFailed(formatIssues(content.issues));
  const { program, source } = content;
  // Built now, so that it counts as part of the start and not of the first answer.
  program.faq.index();
  return {
    answer: (question) => askQuestion(program, question),
    titleOf: (entry, locale) => {
      const words = source.locales.get(locale)?.get(program.faq.entries.get(entry)?.topic ?? "");
      const title = valueAt(words?.data, [entry, "title"]);
      return typeof title === "string" ? title : "";
    },
  };
}

function tellAnswer({ answer, titleOf }: Ready, question: string, locale: string | undefined): void {
  const { decision, flag, entries, score, locale: language } = answer(asked("", question, locale));
  const head = flag === null ? `${decision}  ${score}  ${language}` : `${decision}  ${flag}  ${language}`;
  const rows = entries.map((entry) => ({ entry, title: titleOf(entry, language) }));
  process.stdout.write(`${head}\n${rows.length === 0 ? "" : `${table(rows)}\n`}\n`);
}

const asked = (id: string, q: string, locale: string | undefined): AskedQuestion =>
  locale === undefined ? { id, q } : { id, q, locale };

async function answerJson(answer: Answer, locale: string | undefined): Promise<void> {
  let place = 0;
  let unread = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    place += 1;
    if (line.trim() === "") continue;
    const read = readQuestion(line, locale);
    if ("error" in read) {
      unread += 1;
      process.stderr.write(`line ${place}: ${read.error}\n`);
    }
    process.stdout.write(`${JSON.stringify("error" in read ? read : answer(read))}\n`);
  }
  if (unread > 0) throw new CommandFailed(`${unread} of ${place} lines could not be read.`);
}

type Unread = { readonly id: string | null; readonly error: string };

function readQuestion(line: string, locale: string | undefined): AskedQuestion | Unread {
  const read = parsed(line);
  if (typeof read !== "object" || read === null) return { id: null, error: "this is not a JSON object" };
  const id = "id" in read && typeof read.id === "string" ? read.id : null;
  if (id === null) return { id, error: 'it has no "id" that is a text' };
  if (!("q" in read) || typeof read.q !== "string") return { id, error: 'it has no "q" that is a text' };
  if (!("locale" in read) || read.locale === null) return asked(id, read.q, locale);
  if (typeof read.locale !== "string") return { id, error: 'its "locale" is not a text' };
  return asked(id, read.q, read.locale);
}

/** The value of a line of JSON; undefined for anything else. The line is never repeated: it is somebody's message. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
