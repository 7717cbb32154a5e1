import type { Param, SayPart } from "../../nouns/say.ts";
import { isAsked } from "../answers-so-far.ts";
import { own, type Turn, type WaitingStep } from "../turn.ts";
import { answerOf } from "../words.ts";

type Asked = { readonly step: WaitingStep; readonly about: string };

/** The questions answered in this conversation that say what they are about, in the order they were first asked. */
function askedOf({ session, program }: Turn): readonly Asked[] {
  const places = [...new Set(session.answers.filter(isAsked).map(({ place }) => place))];
  return places.flatMap((place) => {
    const step = program.steps.get(place);
    return step?.kind === "ask" && step.about !== undefined ? [{ step, about: step.about }] : [];
  });
}

/** What was asked, by name and without the answers; nothing when no question says what it is about. */
export function askedPart(turn: Turn): readonly SayPart[] {
  const items = askedOf(turn).map(({ about }): Param => ({ kind: "words", key: about }));
  return items.length === 0 ? [] : [own("result.asked", { asked: { kind: "list", items } })];
}

/** What was answered, a line each: made on the spot, nothing is kept of it. */
export function summaryParts(turn: Turn): readonly SayPart[] {
  const items = askedOf(turn).map(
    ({ step, about }): Param => ({
      kind: "words",
      key: "conversation:result.answer",
      params: { about: { kind: "words", key: about }, answer: answerOf(turn, step) },
    }),
  );
  return items.length === 0 ? [] : [own("result.answers", { answers: { kind: "lines", items } })];
}
