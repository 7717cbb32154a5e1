import { nudgeAgain } from "../core/conversation/nudge.ts";
import type { Session } from "../core/conversation/session.ts";
import { type CivilDate, fromEpochDay } from "../core/dates/civil-date.ts";
import type { Language } from "../core/nouns/language.ts";
import type { Message } from "../core/nouns/message.ts";
import type { Nudge, Say } from "../core/nouns/say.ts";
import { day, type Ms } from "../core/nouns/time.ts";
import { type Renderer, render } from "../core/render/render.ts";

/** What an outbox row holds, sealed. */
export type Body = {
  readonly message: Message;
  /** What to word it from again once its facts have aged. */
  readonly again?: { readonly say: Say; readonly on: CivilDate };
  /** What becomes of the question that waits: its buttons go when this is there, and this one's take their place, or none. */
  readonly question?: Say["question"];
  /** The platform's id of another message whose buttons go then: the tap that this answers has used them up. */
  readonly spent?: string | undefined;
  readonly nudge?: Nudge | undefined;
};

/** The day facts are judged by: the civil date in UTC. */
export function factDay(now: Ms): CivilDate {
  return fromEpochDay(Math.floor(now / day));
}

/** Words a message as of now. `spent`: the message whose buttons go with it. */
export function bodyOf(
  renderer: Renderer,
  say: Say,
  language: Language,
  now: Ms,
  spent?: string | undefined,
): Body {
  const { message, agesOn } = render(renderer, say, language, factDay(now));
  const { question, nudge } = say;
  return agesOn === undefined
    ? { message, question, spent, nudge }
    : { message, again: { say, on: agesOn }, question, spent, nudge };
}

/**
 * What a stored body is to be sent as: a nudge may have waited for days, and is worded from its reminder as that stands now.
 * Undefined where the reminder is no longer there.
 */
export function bodyNow(renderer: Renderer, session: Session, body: Body, now: Ms): Body | undefined {
  if (body.nudge === undefined) return body;
  const say = nudgeAgain(renderer.program, session, body.nudge.reminder, now);
  return say === undefined ? undefined : bodyOf(renderer, say, session.language, now);
}

/** The message as it may be said now: worded again when its facts have aged since. */
export function messageNow(renderer: Renderer, body: Body, now: Ms): Message {
  if (body.again === undefined || factDay(now) < body.again.on) return body.message;
  return render(renderer, body.again.say, body.message.language, factDay(now)).message;
}
