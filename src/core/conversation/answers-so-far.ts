import type { Place } from "../flow/program.ts";
import type { FlowId } from "../nouns/ids.ts";
import type { Value } from "../nouns/value.ts";
import type { Answer, Session } from "./session.ts";

/** Values kept of one conversation; the oldest that is not read any more goes first. */
const room = 64;

/** Whether a person was asked for it; else a step set it. */
export function isAsked({ below }: Answer): boolean {
  return below !== undefined;
}

/** The latest value of a place, in the latest round of its flow; undefined when there is none. */
export function answerAt({ answers }: Pick<Session, "answers">, place: Place): Value | undefined {
  for (let at = answers.length - 1; at >= 0; at--) {
    const answer = answers[at];
    if (answer?.place === place) return answer.value;
    if (answer?.opens === true && isOfSameFlow(answer.place, place)) return undefined;
  }
  return undefined;
}

function isOfSameFlow(one: Place, other: Place): boolean {
  return other.startsWith(one.slice(0, one.indexOf(":") + 1));
}

/** The answers with one more. */
export function withAnswer(answers: readonly Answer[], answer: Answer): readonly Answer[] {
  // Unlike a spread, it sets aside no more room than it fills; four times as fast as `concat`.
  if (answers.length < room) return answers.toSpliced(answers.length, 0, answer);
  return answers.toSpliced(oldestToSpare(answers), 1).concat([answer]);
}

/** The first that was given anew or belongs to an earlier round; else the first that was asked; else the first. */
function oldestToSpare(answers: readonly Answer[]): number {
  const unread = answers.findIndex(({ place }, at) =>
    answers.some(
      (later, index) =>
        index > at && (later.place === place || (later.opens === true && isOfSameFlow(later.place, place))),
    ),
  );
  return Math.max(unread < 0 ? answers.findIndex(isAsked) : unread, 0);
}

/** The answers with an outcome that came of the last asked one: going back to it takes the outcome back. */
export function withAdded(answers: readonly Answer[], outcome: string): readonly Answer[] {
  const at = answers.findLastIndex(isAsked);
  const last = answers[at];
  return last === undefined ? answers : answers.with(at, { ...last, adds: [...(last.adds ?? []), outcome] });
}

/** The answers without those of a flow; the same list when it has none. */
export function withoutFlow(answers: readonly Answer[], flow: FlowId): readonly Answer[] {
  const own = `${flow}:`;
  if (!answers.some(({ place }) => place.startsWith(own))) return answers;
  return answers.filter(({ place }) => !place.startsWith(own));
}

/** The answers without those of a place; the same list when it has none. */
export function withoutPlace(answers: readonly Answer[], place: Place): readonly Answer[] {
  return answers.some((answer) => answer.place === place)
    ? answers.filter((answer) => answer.place !== place)
    : answers;
}

/** Where the latest round of a flow begins, or its only run; the end when it has no answers. */
export function runBegins(answers: readonly Answer[], flow: FlowId): number {
  const own = `${flow}:`;
  const round = answers.findLastIndex(({ opens, place }) => opens === true && place.startsWith(own));
  if (round >= 0) return round;
  const first = answers.findIndex(({ place }) => place.startsWith(own));
  return first < 0 ? answers.length : first;
}

/** The answers without those that were asked for on top of these frames. */
export function withoutAbove(answers: readonly Answer[], frames: readonly Place[]): readonly Answer[] {
  return answers.filter(({ below }) => below === undefined || !isAbove(below, frames));
}

/** The answers without what came about since the first of those asked on top of these frames, what steps set included. */
export function withoutVisit(answers: readonly Answer[], frames: readonly Place[]): readonly Answer[] {
  const first = answers.findIndex(({ below }) => below !== undefined && isAbove(below, frames));
  return first < 0 ? answers : answers.slice(0, first);
}

/** Whether frames begin with these others. */
export function isAbove(frames: readonly Place[], others: readonly Place[]): boolean {
  return others.every((place, at) => frames[at] === place);
}
