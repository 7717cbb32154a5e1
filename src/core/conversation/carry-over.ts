import type { AnswerKind } from "../flow/answer-schema.ts";
import { type Fate, flowNow, lastName, placeNow, split, whereTo } from "../flow/moves.ts";
import type { Place, Program } from "../flow/program.ts";
import { roundName, typesIn } from "../flow/value-types.ts";
import type { FlowId } from "../nouns/ids.ts";
import type { Value } from "../nouns/value.ts";
import { isAbove, isAsked } from "./answers-so-far.ts";
import type { Answer, Asking, Session } from "./session.ts";
import { isPossible } from "./still-possible.ts";
import type { WaitingStep } from "./turn.ts";

/** A conversation as it goes on in other content. `told`: the question that waited is no more, and the person has to hear so. */
export type Carried = { readonly session: Session; readonly told: boolean };

/**
 * Carries a conversation over into content that it was not begun in. Names that have changed are followed; answers that
 * still exist stay. Who waits at a place that is no more, or has given an answer in a running flow that can't be given any
 * more, goes on at the nearest place that is: where the files say, that question again, the start of the flow, the menu.
 * The last place may be a step that asks nothing: it is to be gone on from. Gives the same session where nothing changed.
 */
export function carryOver(program: Program, session: Session): Carried {
  if (session.content === program.hash) return { session, told: false };
  const { frames, fate } = framesNow(program, session.frames);
  const atRest = session.frames.length === 0 || session.frames.every((place) => place.startsWith("menu:"));
  const answers = answersNow(program, session.answers);
  const kept = { ...session, frames, ...fitting(program, session, answers) };
  const told = fate.kind !== "same" && fate.kind !== "renamed" && !atRest;
  const moved = told && fate.kind !== "goes-on" ? begun(program, kept, fate) : kept;
  const again = askedAgain(program, moved);
  const asking = told || again !== undefined ? null : askingNow(program, frames.at(-1), session.asking);
  const goesOn = again ?? moved;
  const left = goesOn.answers.filter((answer) => isImpossible(program, answer));
  return {
    session: { ...(left.length === 0 ? goesOn : without(goesOn, left)), asking },
    told: told || again !== undefined,
  };
}

/** The frames as they are now, and what became of the last: where nobody waits, it is the same. */
function framesNow(
  program: Program,
  before: readonly Place[],
): { readonly frames: readonly Place[]; readonly fate: Fate } {
  const last = before.at(-1);
  if (last === undefined) return { frames: before, fate: { kind: "same", to: "" } };
  const below = before.slice(0, -1).flatMap((place) => whereTo(program, place, "calls").to ?? []);
  const fate = whereTo(program, last, "waits");
  return { frames: fate.to === undefined ? below : [...below, fate.to], fate };
}

/** What of the session stands on names, with the names of now; what is no more is left out. */
function fitting(program: Program, session: Session, answers: readonly Answer[]) {
  const { languages } = program;
  const language = languages.includes(session.language) ? session.language : (languages[0] ?? "en");
  return { answers, gathered: session.gathered.flatMap((key) => outcomeNow(program, key)), language };
}

function outcomeNow(program: Program, key: string): readonly string[] {
  const [old, name] = split(key);
  const { flow } = flowNow(program, old);
  const now = lastName(program.moves.outcomes, `${flow}:${name}`);
  return program.flows.get(flow)?.outcomes.has(split(now)[1]) === true ? [now] : [];
}

/** The answers with their names of now. Those of questions that are no more are left out: "back" could not lead to them. */
function answersNow(program: Program, answers: readonly Answer[]): readonly Answer[] {
  const kept: Answer[] = [];
  const namesOf = optionNames(program);
  for (const answer of answers) {
    const place = placeNow(program, answer.place);
    if (isAsked(answer) && program.steps.get(place)?.kind !== "ask") continue;
    const value = valueNow(namesOf(place), answer.value);
    const { below, adds, ...rest } = answer;
    const outcomes = adds?.flatMap((key) => outcomeNow(program, key)) ?? [];
    kept.push({
      ...rest,
      place,
      value,
      ...(below === undefined ? {} : { below: belowNow(program, below) }),
      ...(outcomes.length === 0 ? {} : { adds: outcomes }),
    });
  }
  return kept;
}

function belowNow(program: Program, below: readonly Place[]): readonly Place[] {
  return below.flatMap((place) => whereTo(program, place, "calls").to ?? []);
}

type Names = ReadonlyMap<string, string>;

/** The new names of the options that a value may hold: those of its own question, or of the one that it was copied from. */
function optionNames(program: Program): (place: Place) => Names | undefined {
  const { options } = program.moves;
  if (options.size === 0) return () => undefined;
  const typeOf = typesIn(program);
  return (place) => options.get(typeOf(...split(place))?.question ?? place);
}

function valueNow(names: Names | undefined, value: Value): Value {
  if (names === undefined) return value;
  const now = <One>(one: One) => (typeof one === "string" ? lastName(names, one) : one);
  return Array.isArray(value) ? value.map(now) : now(value);
}

/** The flow of the new place begins: nothing of its last run is left but what its caller gave it. */
function begun(program: Program, session: Session, { to }: Fate): Session {
  if (to === undefined) return session;
  const [flow, step] = split(to);
  const { start, params } = program.flows.get(flow) ?? { start: undefined, params: new Map() };
  if (step !== start) return session;
  const stays = ({ place }: Answer) => {
    const [at, name] = split(place);
    return at !== flow || params.has(name) || name === roundName;
  };
  return without(
    session,
    session.answers.filter((answer) => !stays(answer)),
  );
}

/** The session without some of its answers, and without what came of them. */
function without(session: Session, gone: readonly Answer[]): Session {
  const added = new Set(gone.flatMap(({ adds = [] }) => adds));
  return {
    ...session,
    answers: session.answers.filter((answer) => !gone.includes(answer)),
    gathered: session.gathered.filter((key) => !added.has(key)),
  };
}

/**
 * The conversation back at the first question, in a flow that is running, whose answer is none any more; undefined when
 * there is none. Going on without that answer could lead to a wrong result. Elsewhere such an answer is only left out.
 */
function askedAgain(program: Program, session: Session): Session | undefined {
  const { answers, frames } = session;
  const at = answers.findIndex((answer) => {
    const { place, below = [] } = answer;
    return isImpossible(program, answer) && isAbove(frames, below) && isRunning(frames[below.length], place);
  });
  const answer = answers[at];
  if (answer === undefined) return undefined;
  const { place, below = [] } = answer;
  return { ...without(session, answers.slice(at)), frames: [...below, place] };
}

/** An answer that its question, as it is now, could not be given. */
function isImpossible({ steps }: Program, answer: Answer): boolean {
  const step = steps.get(answer.place);
  return isAsked(answer) && step?.kind === "ask" && !isPossible(step, answer.value);
}

function isRunning(frame: Place | undefined, place: Place): boolean {
  return frame !== undefined && flowOf(frame) === flowOf(place);
}

function flowOf(place: Place): FlowId {
  return split(place)[0];
}

/** The kinds of question that can be in an inner state of this kind. */
const inside: Readonly<Record<Asking["kind"], readonly AnswerKind[]>> = {
  confirm: ["date"],
  choose: ["date"],
  picked: ["several"],
  number: ["phone", "receipt-number"],
};

/** The inner state of the waiting question, where it can still be in it. */
function askingNow(program: Program, place: Place | undefined, asking: Asking | null): Asking | null {
  const step = place === undefined ? undefined : program.steps.get(place);
  if (asking === null || step?.kind !== "ask" || !inside[asking.kind].includes(step.answer.kind)) return null;
  return asking.kind === "picked" ? pickedNow(program, step, asking.options) : asking;
}

function pickedNow(program: Program, step: WaitingStep, picked: readonly string[]): Asking | null {
  const names = program.moves.options.get(step.place);
  const options = picked
    .map((option) => (names === undefined ? option : lastName(names, option)))
    .filter((option) => isPossible(step, [option]));
  return options.length === 0 ? null : { kind: "picked", options };
}
