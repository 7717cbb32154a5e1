import { advance } from "../../src/core/conversation/advance.ts";
import { newSession, type Session } from "../../src/core/conversation/session.ts";
import { compile } from "../../src/core/flow/compile.ts";
import type { Program } from "../../src/core/flow/program.ts";
import type { Json } from "../../src/core/flow/source.ts";
import { benchSource } from "../flows.ts";
import { textOf } from "../ten-questions.ts";

/** Questions that differ in nothing but their place: what the tenth costs more than the first, all ten cost more. */
const names = Array.from({ length: 12 }, (_, at) => `a${at + 1}`);

const flow: Json = {
  start: "a1",
  nav: [],
  steps: Object.fromEntries([
    ...names.map((name, at) => [
      name,
      { kind: "ask", answer: { kind: "yes-no" }, nav: [], next: names[at + 1] ?? "again" },
    ]),
    ["again", { kind: "call", flow: "alike" }],
  ]),
};
const texts: Json = Object.fromEntries(names.map((name) => [name, { text: textOf(name) }]));

function compiled(root: string): Program {
  const { flows, locales } = benchSource(root);
  const file = (path: string, data: Json) => ({ path, data, lineOf: () => 1 });
  const { program } = compile({
    flows: new Map([...flows, ["alike", file("flows/alike.yaml", flow)]]),
    locales: new Map(
      [...locales].map(([language, files]) => [
        language,
        new Map([...files, ["alike", file(`locales/${language}/alike.json`, texts)]]),
      ]),
    ),
  });
  if (program === undefined) throw new Error("the content can't be used");
  return program;
}

/** Gives a function that walks so many conversations through ten such questions: milliseconds for each answer, over all. */
export function alikeQuestions(root: string, conversations: number): () => readonly number[] {
  const program = compiled(root);
  const now = Date.UTC(2026, 0, 5, 12);
  const begun: Session = { ...newSession("en", program.hash), met: true };
  const opened = () => advance(program, begun, { kind: "tap", button: "f:alike" }, now).session;
  return () => {
    // Each its own: one session that all share would stay in the processor's cache, and flatter the first answer.
    const sessions = Array.from({ length: conversations }, opened);
    return names.slice(0, 10).map(() => {
      const from = performance.now();
      for (const [at, session] of sessions.entries())
        sessions[at] = advance(program, session, { kind: "text", text: "yes" }, now).session;
      return performance.now() - from;
    });
  };
}
