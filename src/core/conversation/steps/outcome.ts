import type { StepOfKind } from "../../flow/program.ts";
import { type OutcomeLevel, outcomeLevels } from "../../flow/schema.ts";
import type { FlowId } from "../../nouns/ids.ts";
import { withAdded } from "../answers-so-far.ts";
import { count, offer, own, sendOff, type Turn, tell, tellAll } from "../turn.ts";
import { partsOf } from "../words.ts";
import { askedPart, summaryParts } from "./result-words.ts";
import type { StepRunner } from "./step-runner.ts";

type Outcome = StepOfKind<"outcome">;

/**
 * A screening result: gathered for later, shown now, or the page of all that were gathered; that page once more as a
 * message to pass on, or the answers as one. Counted when shown, without identity; what is passed on is not counted again.
 */
export const outcome: StepRunner<"outcome"> = (step, turn) => {
  shows[step.show](step, turn);
  return { kind: "go", step: step.next };
};

const shows: Readonly<Record<Outcome["show"], (step: Outcome, turn: Turn) => void>> = {
  later: (step, turn) => {
    if (step.outcome !== undefined && gather(turn, step.inFlow, step.outcome))
      turn.session.answers = withAdded(turn.session.answers, `${step.inFlow}:${step.outcome}`);
  },
  now: (step, turn) => {
    tellAll(turn, partsOf(turn, step));
    if (step.outcome !== undefined) show(turn, step.inFlow, step.outcome);
  },
  gathered: (step, turn) => {
    const [before, after] = splitNote(step, turn);
    tell(turn, ...before, ...askedPart(turn));
    if (turn.session.gathered.length === 0)
      tell(turn, { style: "text", words: { key: `${step.place}.none` } });
    for (const level of outcomeLevels) showLevel(turn, level, show);
    tellAll(turn, after);
  },
  share: (step, turn) => {
    const [before, after] = splitNote(step, turn);
    alone(turn, () => {
      tellAll(turn, before);
      for (const level of outcomeLevels) showLevel(turn, level, word);
      tellAll(turn, after);
    });
  },
  summary: (step, turn) => {
    const [before, after] = splitNote(step, turn);
    alone(turn, () => tell(turn, ...before, ...summaryParts(turn), ...after));
  },
};

/** Says something as a message of its own, without buttons, so that it can be passed on as it is. */
function alone(turn: Turn, say: () => void): void {
  sendOff(turn, [], []);
  say();
  sendOff(turn, [], []);
}

/** Adds an outcome to those gathered; once is enough. */
export function gather(turn: Turn, flow: FlowId, name: string): boolean {
  const key = `${flow}:${name}`;
  if (turn.session.gathered.includes(key)) return false;
  turn.session.gathered = [...turn.session.gathered, key];
  return true;
}

function splitNote(step: Outcome, turn: Turn) {
  const parts = partsOf(turn, step);
  return [
    parts.filter(({ style }) => style !== "note"),
    parts.filter(({ style }) => style === "note"),
  ] as const;
}

function showLevel(
  turn: Turn,
  level: OutcomeLevel,
  each: (turn: Turn, flow: FlowId, name: string) => void,
): void {
  const ofLevel = turn.session.gathered.filter((key) => levelOf(turn, key) === level);
  if (ofLevel.length === 0) return;
  tell(turn, own(`levels.${level}`, undefined, "heading"));
  for (const key of ofLevel) {
    const colon = key.indexOf(":");
    each(turn, key.slice(0, colon), key.slice(colon + 1));
  }
}

function levelOf(turn: Turn, key: string): OutcomeLevel | undefined {
  const colon = key.indexOf(":");
  return turn.program.flows.get(key.slice(0, colon))?.outcomes.get(key.slice(colon + 1))?.level;
}

function word(turn: Turn, flow: FlowId, name: string): void {
  tell(turn, { style: "text", words: { key: `${flow}:outcomes.${name}` } });
}

function show(turn: Turn, flow: FlowId, name: string): void {
  word(turn, flow, name);
  count(turn, `outcome ${flow} ${name}`);
  const offers = turn.program.flows.get(flow)?.outcomes.get(name)?.offers;
  const topic = turn.program.topics.find(({ id }) => id.endsWith(`/${offers ?? ""}`));
  if (offers === undefined || topic === undefined) return;
  const id = `t:${topic.id}:join`;
  const known = turn.session.subscriptions.includes(topic.id) || turn.buttons.some((one) => one.id === id);
  if (!known) offer(turn, { id, words: { own: topic.titles } });
}
