import type { Json } from "../../../src/core/flow/source.ts";
import { withFlows } from "../lab.ts";
import { shippedContent, withTopics } from "../shipped.ts";

const next = { no: "done", otherwise: "done" };

/** A family with children: each is asked the same, in a flow of its own that calls another for papers. */
const family: Json = {
  start: "how-many",
  nav: ["back", "menu"],
  steps: {
    "how-many": {
      kind: "ask",
      answer: { kind: "number", least: 0, most: 4 },
      unsure: true,
      next: "region",
    },
    region: { kind: "ask", answer: { kind: "choice", options: ["near", "far"] }, next: "children" },
    children: {
      kind: "repeat",
      flow: "child",
      times: { answer: "how-many" },
      most: 4,
      with: { where: { answer: "region" } },
      next: "told",
    },
    told: { kind: "say", next: "ages" },
    ages: {
      kind: "decide",
      table: [
        { when: { "children.count": 0 }, next: "none" },
        { when: { "children.age": { every: { "less-than": 14 } } }, next: "young" },
        { when: { "children.age": { count: { of: { "at-least": 14 }, "at-least": 2 } } }, next: "several" },
        { when: { "children.passport": { some: { "one-of": ["no", "dont-know"] } } }, next: "papers" },
      ],
      otherwise: "mixed",
    },
    none: { kind: "say", next: "result" },
    young: { kind: "say", next: "result" },
    several: { kind: "say", next: "result" },
    papers: { kind: "say", next: "result" },
    mixed: { kind: "say", next: "result" },
    result: { kind: "outcome", show: "gathered", next: "rest" },
    rest: { kind: "ask", answer: { kind: "yes-no" }, next: "done" },
    done: { kind: "end" },
  },
};

const child: Json = {
  start: "age",
  nav: ["back", "menu"],
  params: { where: { answer: { kind: "choice", options: ["near", "far"] } } },
  results: ["age", "passport", "school"],
  steps: {
    age: { kind: "ask", answer: { kind: "number", most: 30 }, unsure: true, next: "grown" },
    grown: {
      kind: "decide",
      table: [{ when: { age: { "at-least": 18 } }, next: "adult" }],
      otherwise: "school",
    },
    adult: { kind: "outcome", outcome: "adult", show: "later", next: "papers" },
    school: { kind: "ask", answer: { kind: "yes-no" }, next: "papers" },
    papers: { kind: "call", flow: "papers", with: { number: { answer: "round" } }, next: "keep" },
    keep: { kind: "set", values: { passport: { answer: "papers.passport" } }, next: "far" },
    far: {
      kind: "decide",
      table: [{ when: { where: "far", passport: "no" }, next: "travel" }],
      otherwise: "done",
    },
    travel: { kind: "say", next: "done" },
    done: { kind: "end" },
  },
  outcomes: { adult: { level: "lawyer-first" } },
};

const papers: Json = {
  start: "passport",
  nav: ["back", "menu"],
  params: { number: { answer: { kind: "number" } } },
  results: ["passport"],
  steps: {
    passport: {
      kind: "ask",
      answer: { kind: "yes-no" },
      unsure: true,
      adds: { no: "paperless" },
      next,
    },
    done: { kind: "end" },
  },
  outcomes: { paperless: { level: "worth-asking" } },
};

const people: Json = {
  start: "everyone",
  steps: {
    everyone: { kind: "repeat", flow: "someone", again: "more", most: 3, next: "rest" },
    rest: { kind: "ask", answer: { kind: "yes-no" }, next: "done" },
    done: { kind: "end" },
  },
};

const person: Json = {
  start: "name",
  results: ["name", "more"],
  steps: {
    name: { kind: "ask", answer: { kind: "text" }, next: "more" },
    more: { kind: "ask", answer: { kind: "yes-no" }, next: "done" },
    done: { kind: "end" },
  },
};

/** The shipped content with families of any size. */
export const lab = withFlows(
  shippedContent(),
  { family, child, papers, people, someone: person },
  {
    family: {
      "how-many": { text: "How many children?" },
      region: { text: "Where?", options: { near: "Near", far: "Far" } },
      told: { text: "{{answers.children.count}} children, {{answers.children.age}} years." },
      none: { text: "None." },
      young: { text: "All under 14." },
      several: { text: "Two or more of 14 and over." },
      papers: { text: "Papers are missing." },
      mixed: { text: "Some are older." },
      result: { text: "Results", none: "Nothing." },
      rest: { text: "Rest?" },
    },
    child: {
      age: { text: "Child {{answers.round}}: how old?" },
      school: { text: "Does child {{answers.round}} go to school?" },
      travel: { text: "Without a passport from {{answers.where}}." },
      outcomes: { adult: "An adult." },
    },
    papers: {
      passport: { text: "Does child {{answers.number}} have a passport?" },
      outcomes: { paperless: "No passport." },
    },
    people: { rest: { text: "Rest?" } },
    someone: { name: { text: "Who?" }, more: { text: "Someone else?" } },
  },
);

export const program = withTopics(lab.program);
