import type { Place } from "../flow/program.ts";
import type { FlowId } from "../nouns/ids.ts";
import type { Value } from "../nouns/value.ts";
import type { Answer, Session } from "./session.ts";

/** Values kept of one conversation; the oldest that was given anew since goes first. */
const room = 64;

/** The latest value of a place; undefined when there is none. */
export function answerAt({ answers }: Pick<Session, "answers">, place: Place): Value | undefined {
  for (let at = answers.length - 1; at >= 0; at--) {
    const answer = answers[at];
    if (answer?.place === place) return answer.value;
  }
  return undefined;
}

/** The answers with one more. */
export function withAnswer(answers: readonly Answer[], answer: Answer): readonly Answer[] {
  if (answers.length < room) return [...answers, answer];
  const again = answers.findIndex(({ place }, at) =>
    answers.some((later, index) => index > at && later.place === place),
  );
  const out = Math.max(again, 0);
  const kept = answers.filter((_, at) => at !== out);
  const next = kept[out];
  // The frames stand with the first of a run: they move on when that one goes.
  const below = framesBelow(answers, out);
  const moved =
    next?.asked === true && next.below === undefined && below !== undefined
      ? kept.with(out, { ...next, below })
      : kept;
  return [...moved, answer];
}

/** The answers without those of a flow; the same list when it has none. */
export function withoutFlow(answers: readonly Answer[], flow: FlowId): readonly Answer[] {
  const own = `${flow}:`;
  if (!answers.some(({ place }) => place.startsWith(own))) return answers;
  const kept: Answer[] = [];
  for (const [at, answer] of answers.entries()) {
    if (answer.place.startsWith(own)) continue;
    const below = answer.asked && answer.below === undefined ? framesBelow(answers, at) : undefined;
    kept.push(below === undefined ? answer : { ...answer, below });
  }
  return kept;
}

/** The frames below an asked answer: its own, or those of the nearest before it that has some. */
export function framesBelow(answers: readonly Answer[], from: number): readonly Place[] | undefined {
  for (let at = from; at >= 0; at--) {
    const below = answers[at]?.below;
    if (below !== undefined) return below;
  }
  return undefined;
}
