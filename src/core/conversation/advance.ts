import type { AnswerKind } from "../flow/answer-schema.ts";
import type { Program } from "../flow/program.ts";
import type { Effect } from "../nouns/effect.ts";
import type { Input } from "../nouns/input.ts";
import type { Ms } from "../nouns/time.ts";
import { matchRedFlag, type RedFlag } from "../red-flags/match-red-flag.ts";
import { maskIdentifiers } from "../text/mask.ts";
import { normalise } from "../text/normalise.ts";
import { readReceiptNumber } from "../text/receipt-number.ts";
import { beginIn, readAnswer } from "./answer.ts";
import type { Said } from "./answers/answer-kind.ts";
import { carryOver } from "./carry-over.ts";
import { doCommand } from "./commands.ts";
import { openHome, resume, showWaiting } from "./go.ts";
import { hearLanguage, hearName, offerLanguage } from "./languages.ts";
import { onNudgeDue } from "./nudge.ts";
import { buttonByName, buttonByNumber } from "./offered-button.ts";
import { answerIfSure, isWordless, lookUp } from "./questions.ts";
import type { Session } from "./session.ts";
import { onTap } from "./taps.ts";
import {
  beginTurn,
  commandButton,
  count,
  emit,
  isAtRest,
  own,
  sendOff,
  type Turn,
  tell,
  type WaitingStep,
  waitingStep,
} from "./turn.ts";
import { onWaitOver, setWait } from "./wait.ts";

/** What one input leads to: the session as it is after it, and what is to be done about it. */
export type Advanced = { readonly session: Session; readonly effects: readonly Effect[] };

/**
 * One turn of a conversation. Pure: the same program, session, input and time (ms) always give the same result,
 * and nothing is touched. Never throws for what a person sent or an author wrote. Who wants to tell how a turn came about
 * is shown it by `look` before it begins, and can watch its steps.
 */
export function advance(
  program: Program,
  session: Session,
  input: Input,
  now: Ms,
  look?: (turn: Turn) => void,
): Advanced {
  const carried = carryOver(program, session);
  const turn = beginTurn(program, carried.session, now);
  turn.moved = carried.told;
  look?.(turn);
  turn.session.turn += 1;
  turn.session.content = program.hash;
  receive(turn, input);
  sendOff(turn, [], []);
  setWait(turn);
  if (turn.moved && turn.session.frames === carried.session.frames) untold(turn, session);
  if (!turn.asked && turn.lane === "reply" && waitsNoMore(session, turn.session)) tellThatIsOver(turn);
  return { session: turn.session, effects: turn.effects };
}

/** Whether the question that waited before a turn does not wait after it. */
function waitsNoMore({ frames: before }: Session, { frames: after }: Session): boolean {
  return after.length === 0 || after.at(-1) !== before.at(-1);
}

/** The last thing that was said is where the question ends that waited. */
function tellThatIsOver(turn: Turn): void {
  const at = turn.effects.findLastIndex(({ kind }) => kind === "say");
  const last = turn.effects[at];
  if (last?.kind !== "say") return;
  turn.effects = turn.effects.with(at, { kind: "say", say: { ...last.say, question: "over" } });
}

/** They have not been told yet that the question they know is no more: it stays as it was until they are. */
function untold({ session }: Turn, before: Session): void {
  session.content = before.content;
  session.frames = before.frames;
  session.answers = before.answers;
  session.gathered = before.gathered;
  session.asking = before.asking;
}

function receive(turn: Turn, input: Input): void {
  switch (input.kind) {
    case "text":
      return onText(turn, input.text, input.awaited === true);
    case "tap":
      return onTap(turn, input.button);
    case "media":
      tell(turn, own("media"));
      return resume(turn);
    case "start":
      return openHome(turn);
    case "due":
      return onDue(turn, input.ref);
    case "blocked":
      emit(turn, { kind: "reachable", reachable: false });
      return;
    case "unblocked":
      emit(turn, { kind: "reachable", reachable: true });
      return;
  }
}

/** Raised by speaking of a private number. */
const identifierFlag = "rf-identifier";

/** A number too short to be an identifier: nothing to hide, no danger in it. */
const shortNumber = /^\d{1,6}$/;

/** A known word is in normal form already. */
function normalOf({ knownWords }: Program, written: string): string {
  return knownWords.has(written) ? written : normalise(written);
}

/** The order of reading is the bot's promise: stop, then red flags, then other commands, then the waiting question, then questions. */
function onText(turn: Turn, written: string, awaited: boolean): void {
  const { knownWords, commandWords } = turn.program;
  const normal = normalOf(turn.program, written);
  const known = knownWords.has(normal) || shortNumber.test(normal);
  const step = waitingStep(turn);
  const said = known ? { raw: written, text: normal } : masked(turn, written, step?.answer.kind);
  const isTold = turn.session.met || hearLanguage(turn, said);
  const command = commandWords.get(said.text);
  if (command === "stop") return doCommand(turn, command);
  const flag = known ? knownWords.get(normal) : flagIn(turn, said, written);
  // Where their words leave the language open: the rule that recognises the danger is in one.
  if (flag !== undefined && !isTold) turn.session.language = flag.language;
  if (flag !== undefined) return onRedFlag(turn, flag.id, said);
  if (command !== undefined) return doCommand(turn, command);
  if (turn.moved) return showWaiting(turn);
  onAnswer(turn, step, said, awaited);
}

/**
 * What is no command and raises no flag: the wish to see what waited, a button by number or name, an answer to the waiting
 * question, or free text.
 */
function onAnswer(turn: Turn, step: WaitingStep | undefined, said: Said, awaited: boolean): void {
  if (awaited && turn.session.met) return onAwaited(turn, said);
  const button = buttonByNumber(turn.session, step, said) ?? buttonByName(turn, step, said);
  if (button !== undefined) return onTap(turn, button);
  if (step !== undefined) return readAnswer(turn, step, said);
  onFreeText(turn, said);
}

/**
 * Messages have waited for the person to write, and the template asked them to "reply to read": whatever they wrote, they were
 * not looking at the question of days ago, so that an "ok" or a "yes" is no answer to it. It is shown again behind those
 * messages. What is surely a question is answered; where nothing is asked, the messages are all there is to say.
 */
function onAwaited(turn: Turn, said: Said): void {
  if (hearName(turn, said) && isAtRest(turn)) return openHome(turn);
  answerIfSure(turn, said);
  if (!isAtRest(turn)) showWaiting(turn);
}

/** The flag that a text raises, but of private numbers only where none of them was hidden: else it has been said. */
function flagIn({ program, session }: Turn, said: Said, written: string): RedFlag | undefined {
  const flag = matchRedFlag(program.redFlags.matcher, said.raw, session.language);
  return flag?.id === identifierFlag && said.raw !== written ? undefined : flag;
}

/** Identifiers are hidden before anything is kept or looked at; the person is told, but of the number they were asked for. */
function masked(turn: Turn, written: string, asked: AnswerKind | undefined): Said {
  const { text, found } = maskIdentifiers(written);
  const receipt = asked === "receipt-number" ? readReceiptNumber(written) : undefined;
  if (found.some((kind) => receipt === undefined || kind !== "receipt-number")) {
    count(turn, "red-flag rf-identifier");
    tell(turn, own("identifier"));
  }
  const said = { raw: text, text: normalise(text) };
  return receipt === undefined ? said : { ...said, receipt };
}

/** Nothing waits: look it up; else begin, or say honestly that we don't have it. */
function onFreeText(turn: Turn, said: Said): void {
  if (hearName(turn, said)) return turn.session.met ? openHome(turn) : beginIn(turn, turn.session.language);
  const looked = lookUp(turn, said);
  if (!turn.session.met) return openHome(turn);
  if (looked !== "nothing") return;
  tell(turn, own(isWordless(said) ? "not-understood" : "faq.none"));
  openHome(turn);
}

/** Says the flag's card and, where the flag hands over, opens a case. An urgent one waits until the person goes on. */
function onRedFlag(turn: Turn, flag: string, said: Said): void {
  const { urgent, handsOver } = turn.program.redFlags;
  count(turn, `red-flag ${flag}`);
  tell(turn, { style: "text", words: { key: `red-flags:${flag}.card` } });
  if (handsOver.has(flag)) {
    emit(turn, { kind: "open-case", reason: flag });
    tell(turn, own("handed-over", undefined, "note"));
  }
  offerLanguage(turn, said.raw);
  if (isAtRest(turn)) {
    sendOff(turn, [commandButton("person")], [commandButton("menu")]);
    if (urgent.get(flag) === false) answerIfSure(turn, said);
    return;
  }
  if (urgent.get(flag) === false) return showWaiting(turn);
  sendOff(turn, [commandButton("person")], [commandButton("continue"), commandButton("menu")]);
}

function onDue(turn: Turn, ref: string): void {
  turn.lane = "nudge";
  if (ref === "wait") return onWaitOver(turn);
  if (turn.session.stopped) return count(turn, "nudge-dropped stopped");
  if (/^r\d+$/.test(ref)) onNudgeDue(turn, Number(ref.slice(1)));
}
