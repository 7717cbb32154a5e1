import type { Json } from "../src/core/flow/source.ts";

/**
 * The ten-question flow that the engines are compared on: yes/no, choice, number and text answers, one branch, as data.
 * It is set into the shipped content, so that commands, red flags and word lists cost what they cost in earnest.
 */
export const tenQuestions: Json = {
  start: "q1",
  nav: [],
  steps: {
    q1: { kind: "ask", answer: { kind: "yes-no" }, nav: [], next: "q2" },
    q2: { kind: "ask", answer: { kind: "choice", options: ["red", "green", "blue"] }, nav: [], next: "q3" },
    q3: { kind: "ask", answer: { kind: "number", least: 0, most: 120 }, nav: [], next: "q4" },
    q4: { kind: "ask", answer: { kind: "yes-no" }, nav: [], next: { yes: "q5", no: "q6" } },
    q5: { kind: "ask", answer: { kind: "text" }, nav: [], next: "q6" },
    q6: { kind: "ask", answer: { kind: "choice", options: ["one", "two", "three"] }, nav: [], next: "q7" },
    q7: { kind: "ask", answer: { kind: "number", least: 0, most: 10 }, nav: [], next: "q8" },
    q8: { kind: "ask", answer: { kind: "yes-no" }, nav: [], next: "q9" },
    q9: { kind: "ask", answer: { kind: "text" }, nav: [], next: "q10" },
    q10: { kind: "ask", answer: { kind: "yes-no" }, nav: [], next: "done" },
    done: {
      kind: "decide",
      table: [{ when: { q1: "yes", q3: { "at-least": 18 } }, next: "grown" }],
      otherwise: "other",
    },
    grown: { kind: "say", next: "again" },
    other: { kind: "say", next: "again" },
    again: { kind: "call", flow: "bench" },
  },
};

export const words: Json = Object.fromEntries(
  ["q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10", "grown", "other"].map((id) => [
    id,
    {
      text: textOf(id),
      options: { red: "Red", green: "Green", blue: "Blue", one: "One", two: "Two", three: "Three" },
    },
  ]),
);

/** The text of a step. */
export function textOf(id: string): string {
  return `This is the text of ${id}, of about the length that a question has.`;
}

/** What a person writes: ten answers and one that is not understood. */
export const answers: readonly string[] = [
  "yes",
  "green",
  "34",
  "yes",
  "some words of mine",
  "two",
  "900",
  "7",
  "no",
  "more words",
  "yes",
];
