import { type Place, placeNear } from "../flow/program.ts";
import type { Language } from "../nouns/language.ts";
import { isUnsure, type Value } from "../nouns/value.ts";
import type { Reading, Said } from "./answers/answer-kind.ts";
import { answerKinds } from "./answers/answer-kinds.ts";
import { isAbove, isAsked, withAnswer } from "./answers-so-far.ts";
import { enterHome, goOn } from "./go.ts";
import { hearName } from "./languages.ts";
import { showQuestion } from "./prompt.ts";
import { isWordless, lookUp } from "./questions.ts";
import { moveTo } from "./reminders.ts";
import type { Answer, Session } from "./session.ts";
import { gather } from "./steps/outcome.ts";
import {
  commandButton,
  isAtRest,
  offer,
  own,
  type Turn,
  tell,
  tellAll,
  type WaitingStep,
  waitingStep,
} from "./turn.ts";

/** Misunderstood messages in a row after which a person is offered. */
const patience = 3;

/** One of the shown options was chosen, by tap or by its number. */
export function pickOption(turn: Turn, step: WaitingStep, option: string): void {
  take(turn, step, answerKinds[step.answer.kind].pick(step, option, turn));
}

/** Somebody named their language before they were asked for it: the welcome goes on from there. */
export function beginIn(turn: Turn, language: Language): void {
  const place = enterHome(turn);
  const step = waitingStep(turn);
  if (step?.keep === "language") pickOption(turn, step, language);
  else if (place !== undefined) goOn(turn, place);
}

/** Something was written while a question waits. */
export function readAnswer(turn: Turn, step: WaitingStep, said: Said): void {
  const reading = answerKinds[step.answer.kind].read(step, said, turn);
  if (reading.kind === "other") notAnAnswer(turn, step, said);
  else take(turn, step, reading);
}

function take(turn: Turn, step: WaitingStep, reading: Reading): void {
  switch (reading.kind) {
    case "value":
      return answered(turn, step, reading.value, reading.option);
    case "asking":
      turn.session.asking = reading.asking;
      return showQuestion(turn, step);
    case "not-possible":
      turn.session.asking = null;
      tellAll(turn, reading.parts);
      return missed(turn, step);
    case "other":
      return missed(turn, step);
  }
}

/** A text that is no answer may be a question: it is looked up, and the waiting question is shown again. */
function notAnAnswer(turn: Turn, step: WaitingStep, said: Said): void {
  if (hearName(turn, said)) return showQuestion(turn, step);
  const looked = lookUp(turn, said);
  if (looked === "suggested") return;
  if (looked === "answered") {
    if (!isAtRest(turn)) showQuestion(turn, step);
    return;
  }
  tell(turn, own(isAtRest(turn) && !isWordless(said) ? "faq.none" : "not-understood"));
  missed(turn, step);
}

function missed(turn: Turn, step: WaitingStep): void {
  turn.session.misses += 1;
  if (!isAtRest(turn)) tell(turn, step.help ?? own(`help.${step.answer.kind}`));
  if (turn.session.misses >= patience) {
    tell(turn, own("offer-person"));
    if (!step.nav.some(({ id }) => id === "c:person")) offer(turn, commandButton("person"));
  }
  showQuestion(turn, step);
}

function answered(turn: Turn, step: WaitingStep, value: Value, option: string): void {
  const { session } = turn;
  remember(turn, step, value, option);
  session.misses = 0;
  session.asking = null;
  if (step.keep === "language" && typeof value === "string" && turn.program.languages.includes(value)) {
    session.language = value;
    session.met = true;
  }
  if (step.keep === "time-zone" && typeof value === "string" && !isUnsure(value)) moveTo(turn, value);
  const next = typeof step.next === "string" ? step.next : byOption(step.next, option);
  if (next !== undefined) goOn(turn, placeNear(step, next));
  else showQuestion(turn, step);
}

/** What a question's table says for an option: its own line, the one for both no-answers, or the rest. */
function byOption(table: Readonly<Record<string, string>>, option: string): string | undefined {
  return table[option] ?? (isUnsure(option) ? table["unsure"] : undefined) ?? table["otherwise"];
}

function remember(turn: Turn, step: WaitingStep, value: Value, option: string): void {
  const { session } = turn;
  const adds = step.adds === undefined ? undefined : byOption(step.adds, option);
  const answer = answerOn(session, step.place, value);
  session.answers = withAnswer(
    session.answers,
    adds !== undefined && gather(turn, step.inFlow, adds)
      ? { ...answer, adds: [`${step.inFlow}:${adds}`] }
      : answer,
  );
}

/** An asked answer; mostly the frames below it are those of the one before, in the same list. */
function answerOn({ frames, answers }: Session, place: Place, value: Value): Answer {
  const last = answers.at(-1)?.below;
  const below = last?.length === frames.length - 1 && isAbove(frames, last) ? last : frames.slice(0, -1);
  return { place, value, below };
}

/** Goes back to the last answered question and takes back its answer and all that came of it. Gives whether there was one. */
export function goBack(turn: Turn): boolean {
  const { session } = turn;
  const at = session.answers.findLastIndex(isAsked);
  const answer = session.answers[at];
  if (answer === undefined || !turn.program.steps.has(answer.place)) return false;
  session.answers = session.answers.slice(0, at);
  session.gathered = session.gathered.filter((key) => answer.adds?.includes(key) !== true);
  session.frames = [...(answer.below ?? []), answer.place];
  goOn(turn, answer.place);
  return true;
}
