import { advance } from "../core/conversation/advance.ts";
import { newSession, type Reminder, type Session } from "../core/conversation/session.ts";
import { addDays } from "../core/dates/civil-date.ts";
import { civilDateIn } from "../core/dates/zone.ts";
import type { AnswerKind } from "../core/flow/answer-schema.ts";
import type { Edge, Exploration, State } from "../core/flow/explore/graph.ts";
import type { Program } from "../core/flow/program.ts";
import type { Input } from "../core/nouns/input.ts";
import type { Say } from "../core/nouns/say.ts";
import type { Ms } from "../core/nouns/time.ts";

const text = (written: string): Input => ({ kind: "text", text: written });
const tap = (button: string): Input => ({ kind: "tap", button });

/** What nobody could mean as an answer or a question. */
const gibberish = "zzqx wvkq jjxq";

/** Answers to each kind of question that are taken with a word of its own: read back, asked again, refused. */
const awkward: Readonly<Record<AnswerKind, readonly string[]>> = {
  "yes-no": [],
  choice: [],
  several: ["1", "1 2"],
  date: ["2027-06-03", "03/04/2027", "2027-01-01", "1850-05-05", "2027", "2027-02-31"],
  number: ["999999999", "-1"],
  money: ["999999999", "-1"],
  text: ["x".repeat(900)],
  country: [],
  phone: ["+1 202 555 0123", "2025550123", "+0"],
  "receipt-number": ["IOE0123456789", "IOE01"],
};

/** Everything that this content can make the bot say, each once, as far as the words are the content's own. */
export function everySay(program: Program, exploration: Exploration, now: Ms): readonly Say[] {
  const said = new Map<string, Say>();
  const hear = (says: readonly Say[]) => {
    for (const say of says) said.set(JSON.stringify(say), say);
  };
  hear(exploration.said);
  hear(cards(program));
  for (const reminder of program.reminders.values()) hear(nudges(program, reminder.kind, now));
  const rest = resting(program);
  for (const id of program.faq.entries.keys())
    for (const view of ["short", "more", "where"]) hear(saidTo(program, rest, tap(`q:${id}:${view}`), now));
  for (const input of anywhere(program)) hear(saidTo(program, rest, input, now));
  for (const state of onePerQuestion(exploration)) hear(saidAt(state, now));
  for (const edge of pageEdges(program, exploration)) hear(saidWithAll(program, edge, now));
  return [...said.values()];
}

function resting(program: Program): Session {
  return { ...newSession("en", program.hash), met: true };
}

function saidTo(program: Program, session: Session, input: Input, now: Ms): readonly Say[] {
  return advance(program, session, input, now).effects.flatMap((effect) => {
    if (effect.kind === "say") return [effect.say];
    return effect.kind === "forget" ? [effect.receipt] : [];
  });
}

/** What can be sent at any time and is no answer: no text, an old button, a number that is hidden. */
const noAnswers: readonly Input[] = [
  { kind: "media" },
  { kind: "start", payload: "" },
  tap("a:0:old"),
  text("A123456789"),
];

/** The same where nothing waits, and every command. */
function anywhere(program: Program): readonly Input[] {
  return [...[...program.commands.keys()].map((name) => tap(`c:${name}`)), ...noAnswers, text(gibberish)];
}

function cards(program: Program): readonly Say[] {
  const button = (command: string) => ({ id: `c:${command}`, words: { key: `commands:${command}.label` } });
  return [...program.redFlags.urgent.keys()].map((flag) => ({
    parts: [{ style: "text", words: { key: `red-flags:${flag}.card` } }],
    buttons: [button("person")],
    nav: [button("continue"), button("menu")],
    lane: "reply",
  }));
}

/** A reminder on each day of its ladder. */
function nudges(program: Program, kind: string, now: Ms): readonly Say[] {
  const { ladder = [0] } = program.reminders.get(kind) ?? {};
  const today = civilDateIn("UTC", now);
  return ladder.flatMap((days) => {
    const reminder: Reminder = { number: 1, kind, date: addDays(today, days), label: "label", next: today };
    const session = { ...resting(program), timeZone: "UTC", reminders: [reminder], nextReminder: 2 };
    return saidTo(program, session, { kind: "due", ref: "r1" }, now);
  });
}

function onePerQuestion({ states }: Exploration): readonly State[] {
  return [...new Map(states.map((state) => [state.place, state])).values()];
}

/** A question that is not understood three times, asked again after something else, and answered awkwardly. */
function saidAt({ program, session, place }: State, now: Ms): readonly Say[] {
  const step = program.steps.get(place);
  if (step?.kind !== "ask") return [];
  const missed = { ...session, misses: 2 };
  const inputs = [...noAnswers, ...awkward[step.answer.kind].map(text)];
  return [
    ...saidTo(program, missed, text(gibberish), now),
    ...inputs.flatMap((input) => saidTo(program, session, input, now)),
  ];
}

/** A turn that shows the page of what was gathered, for each such page. */
function pageEdges(program: Program, { states }: Exploration): readonly Edge[] {
  const pages = [...program.steps.values()].flatMap((step) =>
    step.kind === "outcome" && step.show === "gathered" ? [step.place] : [],
  );
  const edges = states
    .flatMap(({ out }) => out)
    .filter(({ given }) => given.kind === "answer" && given.option);
  return pages.flatMap((page) => edges.find(({ steps }) => steps.includes(page)) ?? []);
}

/** The page when everything was gathered that its flow can gather. */
function saidWithAll(program: Program, { from, given }: Edge, now: Ms): readonly Say[] {
  const step = from === undefined ? undefined : program.steps.get(from.place);
  if (from === undefined || step?.kind !== "ask" || given.kind !== "answer") return [];
  const flow = program.flows.get(step.inFlow);
  const gathered = [...(flow?.outcomes.keys() ?? [])].map((outcome) => `${step.inFlow}:${outcome}`);
  return saidTo(program, { ...from.session, gathered }, tap(`a:${step.hash}:${given.answer}`), now);
}
