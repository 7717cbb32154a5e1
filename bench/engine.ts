import { parseArgs } from "node:util";
import { advance } from "../src/core/conversation/advance.ts";
import { newSession, type Session } from "../src/core/conversation/session.ts";
import { sessionOf, sessionText } from "../src/core/conversation/session-text.ts";
import { compile } from "../src/core/flow/compile.ts";
import type { Program } from "../src/core/flow/program.ts";
import { projectRoot } from "../tests/project-root.ts";
import { alikeQuestions } from "./engine-peers/alike-questions.ts";
import { grammyLap } from "./engine-peers/grammy-session.ts";
import { benchSource } from "./flows.ts";
import { floorTable, machineLine, medianOf, shown, table, writeSection } from "./report.ts";
import { answers } from "./ten-questions.ts";
import { begin, type MachineState, restored, step, stored } from "./xstate-machine.ts";

// Steps a second of the real core on a ten-question flow, against XState v5's pure `transition` on the same flow with
// the same answers (ten that are understood and one that is not). All conversations go side by side, one answer of each
// at a time; the contenders take turns within a round, so that a busy machine slows all of them.

/** What the issue promises. */
const leastStepsPerSecond = 500_000;
const leastTimesXState = 8;
const leastTimesGrammy = 2;
const mostTenthToFirst = 1.2;
const now = Date.UTC(2026, 0, 5, 12);

const { values } = parseArgs({
  options: {
    conversations: { type: "string", default: "10000" },
    rounds: { type: "string", default: "5" },
    write: { type: "boolean", default: false },
  },
});
const conversations = Number(values.conversations);
const rounds = Number(values.rounds);

type Taken<State> = { readonly state: State; readonly says: number };
type Contender<State> = {
  readonly begin: () => State;
  readonly step: (state: State, answer: string) => Taken<State>;
  /** Whether a conversation has come round to its first question again. */
  readonly home: (state: State) => boolean;
};
/** Milliseconds for each of the answers, over all conversations. */
type Lap = readonly number[];

function run<State>(contender: Contender<State>): Lap {
  const states = Array.from({ length: conversations }, contender.begin);
  let says = 0;
  const lap = answers.map((answer) => {
    const from = performance.now();
    for (let at = 0; at < states.length; at++) {
      const state = states[at];
      if (state === undefined) continue;
      const taken = contender.step(state, answer);
      says += taken.says;
      states[at] = taken.state;
    }
    return performance.now() - from;
  });
  if (says < conversations * answers.length || !states.every(contender.home))
    throw new Error("the flow was not walked");
  return lap;
}

function compiled(): Program {
  const { program, issues } = compile(benchSource(projectRoot));
  if (program === undefined) throw new Error(`the content has ${issues.length} issues`);
  return program;
}

const program = compiled();
const opened = advance(
  program,
  { ...newSession("en", program.hash), met: true },
  { kind: "tap", button: "f:bench" },
  now,
);

function advanced(session: Session, text: string): Taken<Session> {
  const { session: state, effects } = advance(program, session, { kind: "text", text }, now);
  return { state, says: effects.length };
}

const isHome = ({ frames }: Session) => frames.at(-1) === "bench:q1";
const core: Contender<Session> = { begin: () => opened.session, step: advanced, home: isHome };
const coreJson: Contender<string> = {
  begin: () => sessionText(opened.session),
  step: (text, answer) => {
    const { state, says } = advanced(sessionOf(text), answer);
    return { state: sessionText(state), says };
  },
  home: (text) => isHome(sessionOf(text)),
};
const machine: Contender<MachineState> = { begin, step, home: (state) => state.value === "q1" };
const machineJson: Contender<string> = {
  begin: () => stored(begin()),
  step: (text, answer) => {
    const { state, says } = step(restored(text), answer);
    return { state: stored(state), says };
  },
  home: (text) => restored(text).value === "q1",
};

const names = ["core", "core with JSON", "XState", "XState with JSON", "grammY, JSON session"] as const;
type Name = (typeof names)[number];
const contenders: Readonly<Record<Name, () => Lap | Promise<Lap>>> = {
  core: () => run(core),
  "core with JSON": () => run(coreJson),
  XState: () => run(machine),
  "XState with JSON": () => run(machineJson),
  "grammY, JSON session": () => grammyLap(conversations),
};
const alike = alikeQuestions(projectRoot, 500);
const alikeLaps: Lap[] = [];

const laps = new Map<Name, Lap[]>(names.map((name) => [name, []]));
for (const name of names) await contenders[name]();
alike();
for (let round = 0; round < rounds; round++) {
  for (const name of names) laps.get(name)?.push(await contenders[name]());
  for (let again = 0; again < 20; again++) alikeLaps.push(alike());
}

const rateOf = (lap: Lap) => (conversations * answers.length * 1000) / lap.reduce((sum, ms) => sum + ms, 0);
const figures = new Map(
  names.map((name) => {
    const all = laps.get(name) ?? [];
    const rates = all.map(rateOf);
    const micros = (at: number) => medianOf(all.map((lap) => ((lap.at(at) ?? 0) * 1000) / conversations));
    return [
      name,
      {
        rate: medianOf(rates),
        low: Math.min(...rates),
        high: Math.max(...rates),
        first: micros(0),
        last: micros(-1),
      },
    ];
  }),
);
const rate = (name: Name) => figures.get(name)?.rate ?? 0;
const tenthToFirst = medianOf(alikeLaps.map((lap) => (lap.at(-1) ?? 0) / (lap[0] ?? 1)));

const text = `\`npm run bench:engine\` on ${machineLine(new Date())}

${conversations} conversations × ${answers.length} messages, medians of ${rounds} interleaved rounds. The tenth answer also runs the decision table, says its result and begins again; what an answer costs by its place alone is measured on ten alike questions. grammY is its session plugin with a switch, the session as JSON in memory, nothing sent.

${table(
  ["Engine", "steps/s", "lowest – highest", "1st answer, µs", "10th answer, µs", "10th : 1st"],
  [...figures].map(([name, { rate: median, low, high, first, last }]) => [
    name,
    shown(median),
    `${shown(low)} – ${shown(high)}`,
    shown(first, 2),
    shown(last, 2),
    shown(last / first, 2),
  ]),
)}

${floorTable([
  { what: "steps/s of the core", value: rate("core"), unit: "/s", least: leastStepsPerSecond },
  { what: "core : XState", value: rate("core") / rate("XState"), unit: "×", least: leastTimesXState },
  {
    what: "core with JSON : grammY session",
    value: rate("core with JSON") / rate("grammY, JSON session"),
    unit: "×",
    least: leastTimesGrammy,
  },
  { what: "tenth : first of ten alike questions", value: tenthToFirst, unit: "×", most: mostTenthToFirst },
])}

With the session read from JSON and written to it at every step: ${shown(rate("core with JSON") / rate("XState with JSON"), 2)} × XState.
`;
console.log(text);
if (values.write) writeSection("engine", "Engine", text);
