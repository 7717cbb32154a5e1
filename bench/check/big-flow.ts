import type { Json, Source, SourceFile } from "../../src/core/flow/source.ts";

/** Steps of one block of the generated flow. */
const blockSteps = 10;

/** A block: questions of five kinds, tables that read them, one that reads an answer of the block before, results. */
function block(at: number, last: boolean): Readonly<Record<string, Json>> {
  const name = (step: string) => `${step}-${at}`;
  const earlier = at > 0 ? `yn-${at - 1}` : name("yn");
  const next = last ? "result" : `yn-${at + 1}`;
  return {
    [name("yn")]: {
      kind: "ask",
      answer: { kind: "yes-no" },
      unsure: true,
      adds: { yes: "good", unsure: "ask" },
      next: name("by-yn"),
    },
    [name("by-yn")]: {
      kind: "decide",
      table: [
        { when: { [name("yn")]: "yes" }, next: name("told") },
        { when: { [name("yn")]: "no" }, next: name("number") },
      ],
      otherwise: name("day"),
    },
    [name("told")]: { kind: "say", next: name("number") },
    [name("number")]: { kind: "ask", answer: { kind: "number", most: 20 }, next: name("by-number") },
    [name("by-number")]: {
      kind: "decide",
      table: [
        { when: { [name("number")]: { "less-than": 3 } }, next: name("day") },
        { when: { [name("number")]: { "at-least": 3, "at-most": 10 } }, next: name("choice") },
        { when: { [name("number")]: { "more-than": 10 } }, next: name("good") },
      ],
    },
    [name("good")]: { kind: "outcome", outcome: "good", show: "later", next: name("choice") },
    [name("day")]: { kind: "ask", answer: { kind: "date" }, next: name("by-day") },
    [name("by-day")]: {
      kind: "decide",
      table: [
        { when: { [name("day")]: { before: "today" } }, next: name("choice") },
        { when: { [name("day")]: { within: 30 } }, next: name("good") },
      ],
      otherwise: name("choice"),
    },
    [name("choice")]: {
      kind: "ask",
      answer: { kind: "choice", options: ["one", "two", "three", "four"] },
      next: name("by-both"),
    },
    [name("by-both")]: {
      kind: "decide",
      table: [
        { when: { [name("choice")]: { "one-of": ["one", "two"] }, [earlier]: "yes" }, next: next },
        { when: { [name("choice")]: { "one-of": ["three", "four"] }, [earlier]: "yes" }, next: next },
      ],
      otherwise: next,
    },
  };
}

/** A content with one more flow, of so many steps, that a command opens. Its words are the same in every language. */
export function withBigFlow(source: Source, steps: number): Source {
  const blocks = Array.from({ length: Math.floor((steps - 2) / blockSteps) }, (_, at) => at);
  const bodies = Object.assign({}, ...blocks.map((at) => block(at, at === blocks.length - 1)));
  const flow: Json = {
    start: "yn-0",
    outcomes: { good: { level: "worth-asking" }, ask: { level: "lawyer-first" } },
    steps: {
      ...bodies,
      result: { kind: "outcome", show: "gathered", next: "done" },
      done: { kind: "end" },
    },
  };
  const options = { one: "First", two: "Second", three: "Third", four: "Fourth" };
  const words: Json = {
    ...Object.fromEntries(
      blocks.flatMap((at) => [
        [`yn-${at}`, { text: `Is it so (${at})?` }],
        [`told-${at}`, { text: `It is so (${at}).` }],
        [`number-${at}`, { text: `How many (${at})?` }],
        [`day-${at}`, { text: `When (${at})?` }],
        [`choice-${at}`, { text: `Which (${at})?`, options }],
      ]),
    ),
    result: { text: "This is what came of it.", none: "Nothing came of it." },
    outcomes: { good: "It is good.", ask: "It is to be asked." },
  };
  const commands = source.flows.get("commands");
  const data = commands?.data;
  const opened =
    typeof data === "object" && data !== null && "commands" in data && commands !== undefined
      ? {
          ...commands,
          data: { ...data, commands: { ...Object(data["commands"]), help: { do: "open", flow: "big" } } },
        }
      : commands;
  return {
    flows: new Map([
      ...source.flows,
      ...(opened === undefined ? [] : [["commands", opened] as const]),
      ["big", fileOf("flows/big.yaml", flow)],
    ]),
    locales: new Map(
      [...source.locales].map(([language, files]) => [
        language,
        new Map([...files, ["big", fileOf(`locales/${language}/big.json`, words)]]),
      ]),
    ),
  };
}

function fileOf(path: string, data: Json): SourceFile {
  return { path, data, lineOf: () => 1 };
}
