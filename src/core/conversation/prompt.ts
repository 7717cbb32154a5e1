import { shortHash } from "../flow/short-hash.ts";
import { countName } from "../flow/value-types.ts";
import type { SayButton } from "../nouns/say.ts";
import { answerKinds } from "./answers/answer-kinds.ts";
import { answerAt } from "./answers-so-far.ts";
import { sendQuestion, type Turn, tellAll, type WaitingStep } from "./turn.ts";
import { partsOf } from "./words.ts";

/** Shows the waiting question (after what was said before it, in the same message). */
export function showQuestion(turn: Turn, step: WaitingStep): void {
  const { asking } = turn.session;
  const kind = answerKinds[step.answer.kind];
  const inner = asking === null ? undefined : kind.prompt(step, asking, turn);
  if (inner !== undefined) {
    tellAll(turn, inner.parts);
    sendQuestion(turn, ofThisRound(turn, inner.buttons), step.nav);
    return;
  }
  tellAll(turn, partsOf(turn, step));
  const buttons = ofThisRound(turn, kind.buttons(step, turn));
  sendQuestion(turn, buttons, step.nav, buttons === step.buttons ? step.offered : undefined);
}

/**
 * The option that a tapped answer button stands for, when the button belongs to the question that waits now:
 * it carries the hash of (flow, step, option ids), so an old keyboard of the same question still works.
 * One that carries an earlier name of the question (`renamed:`) works too.
 * In a `repeat` it carries the round too: a button that is tapped twice does not answer for the next child.
 */
export function tappedOption(turn: Turn, step: WaitingStep, button: string): string | undefined {
  const option = button.slice(button.indexOf(":", 2) + 1);
  if (offers(turn, step, button)) return option;
  const former = step.former.find((one) => offers(turn, { ...step, ...one }, button));
  return former === undefined ? undefined : (former.options.get(option) ?? option);
}

function offers(turn: Turn, step: WaitingStep, button: string): boolean {
  const { asking } = turn.session;
  const kind = answerKinds[step.answer.kind];
  const buttons =
    (asking === null ? undefined : kind.prompt(step, asking, turn)?.buttons) ?? kind.buttons(step, turn);
  return ofThisRound(turn, buttons).some((offered) => offered.id === button);
}

/** The buttons with the running rounds in their hash; the same list where nothing is repeated. */
function ofThisRound(turn: Turn, buttons: readonly SayButton[]): readonly SayButton[] {
  const rounds = roundsOf(turn);
  if (rounds.length === 0) return buttons;
  return buttons.map((button) => {
    const [family = "", hash = "", ...option] = button.id.split(":");
    return { ...button, id: [family, shortHash(hash, ...rounds), ...option].join(":") };
  });
}

/** Which round each running `repeat` is in; none where nothing is repeated. */
function roundsOf({ program, session }: Turn): readonly string[] {
  if (session.frames.length < 2) return noRounds;
  const repeats = session.frames.filter((place) => program.steps.get(place)?.kind === "repeat");
  return repeats.map((place) => `${place} ${String(answerAt(session, `${place}.${countName}`))}`);
}

const noRounds: readonly string[] = [];
