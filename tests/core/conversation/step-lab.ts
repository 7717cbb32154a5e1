import type { Session } from "../../../src/core/conversation/session.ts";
import type { Json } from "../../../src/core/flow/source.ts";
import type { Effect } from "../../../src/core/nouns/effect.ts";
import { withFlows } from "../lab.ts";
import { shippedContent, topics } from "../shipped.ts";
import { type Talk, talkAt } from "../talk.ts";

/** When these conversations take place. */
export const now = Date.UTC(2026, 10, 23, 10);
/** Flows with a step of every kind, for tests of what each does. */
const content = shippedContent();

const ask = { kind: "ask", answer: { kind: "yes-no" }, next: "rest" };
const steps: Readonly<Record<string, Json>> = {
  say: { kind: "say", next: "rest" },
  ask: {
    ...ask,
    unsure: true,
    next: { yes: "say", unsure: "note", no: "end" },
    adds: { unsure: "maybe", yes: "sure" },
  },
  "ask-otherwise": { ...ask, next: { yes: "say", otherwise: "note" } },
  note: { kind: "say", next: "rest" },
  decide: {
    kind: "decide",
    table: [
      { when: { ask: "yes", "person.reminders": { "at-least": 1 } }, next: "say" },
      { when: { any: [{ ask: "no" }, { not: { ask: { answered: true } } }] }, next: "note" },
    ],
    otherwise: "end",
  },
  "decide-nothing": { kind: "decide", table: [{ when: { ask: "dont-know" }, next: "say" }] },
  call: { kind: "call", flow: "inner", next: "say" },
  "call-away": { kind: "call", flow: "inner" },
  "call-told": {
    kind: "call",
    flow: "child",
    with: { who: { answer: "whose" }, kind: { value: "own" } },
    next: "say",
  },
  repeat: { kind: "repeat", flow: "inner", times: { value: 3 }, next: "say" },
  "repeat-none": { kind: "repeat", flow: "inner", times: { answer: "how-many" }, next: "say" },
  "repeat-again": { kind: "repeat", flow: "inner", again: "more", most: 4, next: "say" },
  "how-many": { kind: "ask", answer: { kind: "number", most: 4 }, next: "rest" },
  set: {
    kind: "set",
    values: {
      colour: { value: "red" },
      copy: { answer: "ask" },
      none: { answer: "which" },
      question: { value: "what-is-parole" },
    },
    next: "rest",
  },
  remind: {
    kind: "remind",
    do: "set",
    reminder: "parole-expiry",
    date: "day",
    label: "whose",
    next: "rest",
  },
  "remind-full": {
    kind: "remind",
    do: "set",
    reminder: "parole-expiry",
    date: "day",
    next: "say",
    full: "rest",
  },
  "remind-again": { kind: "remind", do: "set", reminder: "check-your-status", next: "rest" },
  "remind-change": { kind: "remind", do: "change", which: "which", date: "day", next: "rest" },
  "remind-stop": { kind: "remind", do: "stop", which: "which", next: "rest" },
  "remind-list": { kind: "remind", do: "list", next: "rest" },
  subscribe: { kind: "subscribe", do: "join", topic: { value: "clinic/open-days" }, next: "rest" },
  unsubscribe: { kind: "subscribe", do: "leave", topic: { value: "clinic/open-days" }, next: "rest" },
  "subscribe-nowhere": { kind: "subscribe", do: "join", topic: { value: "no/such" }, next: "rest" },
  outcome: { kind: "outcome", outcome: "sure", show: "now", next: "again" },
  again: { kind: "outcome", outcome: "sure", show: "now", next: "rest" },
  later: { kind: "outcome", outcome: "sure", show: "later", next: "gathered" },
  gathered: { kind: "outcome", show: "gathered", next: "rest" },
  "later-rest": { kind: "outcome", outcome: "maybe", show: "later", next: "rest" },
  "hand-over": { kind: "hand-over", reason: "asked", next: "rest" },
  forget: { kind: "forget" },
  faq: { kind: "faq", entry: "question", next: "rest" },
  end: { kind: "end" },
  "end-menu": { kind: "end", then: "menu" },
  loop: { kind: "set", values: { x: { value: 1 } }, next: "loop" },
  rest: { kind: "ask", answer: { kind: "yes-no" }, next: "rest" },
  day: { kind: "ask", answer: { kind: "date" }, next: "rest" },
  whose: { kind: "ask", answer: { kind: "text", most: 20 }, next: "rest" },
  which: { kind: "ask", answer: { kind: "choice", from: "reminders" }, next: "rest" },
};

/** A question before each step, from which it is reached. */
const doors = Object.fromEntries(Object.keys(steps).map((step) => [`to-${step}`, { ...ask, next: step }]));
const doorWords = Object.fromEntries(Object.keys(doors).map((door) => [door, { text: "Go?" }]));

const lab = withFlows(
  content,
  {
    lab: {
      start: "say",
      steps: { ...steps, ...doors },
      outcomes: { sure: { level: "worth-asking", offers: "open-days" }, maybe: { level: "lawyer-first" } },
    },
    inner: {
      start: "only",
      results: ["more"],
      steps: {
        only: { kind: "say", next: "more" },
        more: { kind: "set", values: { more: { value: "yes" } }, next: "done" },
        done: { kind: "end" },
      },
    },
    child: {
      start: "said",
      params: {
        who: { answer: { kind: "text" } },
        kind: { answer: { kind: "choice", options: ["own", "other"] } },
      },
      results: ["ready"],
      steps: {
        said: { kind: "say", next: "ready" },
        ready: { kind: "ask", answer: { kind: "yes-no" }, next: "done" },
        done: { kind: "end" },
      },
    },
  },
  {
    lab: {
      ...doorWords,
      say: { heading: "H", text: "Said.", note: "N" },
      note: { text: "Noted." },
      ask: { text: "Ask?" },
      "ask-otherwise": { text: "Ask?" },
      gathered: { text: "Before", note: "After", none: "Nothing" },
      "hand-over": { text: "Someone will look." },
      forget: { text: "Gone." },
      rest: { text: "Rest?" },
      day: { text: "Day?" },
      whose: { text: "Whose?" },
      which: { text: "Which?" },
      "how-many": { text: "How many?" },
      outcomes: { sure: "Sure.", maybe: "Maybe." },
    },
    inner: { only: { text: "Inside {{answers.round}}." } },
    child: { said: { text: "For {{answers.who}}." }, ready: { text: "Ready?" } },
  },
);
/** The flow `lab`, with a question `to-<step>` before each step, and flows that it calls. */
export const program = { ...lab.program, topics };

/** Runs the steps from one on, after a question: with these answers given before, on top of a flow that called. */
export function run(
  step: string,
  answers: Readonly<Record<string, string>> = {},
  extra: Partial<Session> = {},
): Talk {
  const talk = talkAt(program, now, "en", "menu:reminders", `lab:to-${step}`);
  talk.session = {
    ...talk.session,
    ...extra,
    answers: Object.entries(answers).map(([name, value]) => ({ place: `lab:${name}`, value })),
  };
  return talk.tap("no");
}

/** The kinds of the last turn's effects. */
export const kindsOf = (talk: Talk): readonly Effect["kind"][] => talk.effects.map(({ kind }) => kind);
/** The last turn's effects but those of some kinds. */
export const without = (talk: Talk, ...kinds: readonly Effect["kind"][]) =>
  talk.effects.filter(({ kind }) => !kinds.includes(kind));

/** A reminder that a person has. */
export const reminder = { number: 4, kind: "parole-expiry", date: "2027-03-01", label: "me" };
