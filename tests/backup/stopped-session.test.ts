import { expect, it } from "vitest";
import type { Session } from "../../src/core/conversation/session.ts";
import { stoppedSession } from "../../src/core/conversation/stopped.ts";
import { shippedContent, withTopics } from "../core/shipped.ts";
import { Talk } from "../core/talk.ts";

const program = withTopics(shippedContent().program);
const now = Date.UTC(2026, 10, 22, 12);

/** What the words about it change besides: which turn it was, and the buttons under them. */
const butForWords = ({ turn: _, offered: __, ...rest }: Session) => rest;

const begun = (): Talk => {
  const talk = new Talk(program, now);
  talk.take({ kind: "start", payload: "" });
  return talk.tap("en");
};

it.each<[name: string, talk: () => Talk]>([
  ["at the menu", begun],
  [
    "in the middle of a screening, not understood",
    () => begun().tap("screening").tap("nobody").tap("no").say("qwrtz"),
  ],
  [
    "with a topic and a reminder, in the middle of something else",
    () => {
      const talk = begun();
      const reminder = {
        number: 1,
        kind: "parole-expiry",
        label: "me",
        date: "2027-06-03",
        next: "2026-12-03",
      };
      const subscriptions = ["helpline/policy-news"];
      talk.session = {
        ...talk.session,
        reminders: [reminder],
        nextReminder: 2,
        timeZone: "Asia/Kabul",
        subscriptions,
      };
      return talk.tap("screening");
    },
  ],
])('%s, being stopped again leaves what "stop" left', (_, talkOf) => {
  const talk = talkOf();
  const before = talk.session;
  talk.say("stop");
  expect(talk.session.stopped).toBe(true);
  expect(butForWords(stoppedSession(before))).toEqual(butForWords(talk.session));
});
