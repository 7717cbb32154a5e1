import { isAtRest, type Turn, type WaitingStep } from "./turn.ts";

/**
 * Back at the menu, the conversation is over: forgets what was answered and gathered in it. A menu of several questions
 * keeps its own until it is back at the first. Elsewhere nothing is forgotten.
 */
export function forgetAtMenu(turn: Turn, { id, inFlow }: WaitingStep): void {
  const { program, session } = turn;
  if (!isAtRest(turn)) return;
  const isFirst = program.flows.get(inFlow)?.start === id;
  const stays = (place: string) => !isFirst && place.startsWith(`${inFlow}:`);
  if (session.answers.length > 0) session.answers = session.answers.filter(({ place }) => stays(place));
  if (session.gathered.length > 0) session.gathered = session.gathered.filter(stays);
}
