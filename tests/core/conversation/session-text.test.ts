import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newSession, type Session } from "../../../src/core/conversation/session.ts";
import { sessionOf, sessionText } from "../../../src/core/conversation/session-text.ts";

const words = fc.array(fc.string(), { maxLength: 3 });
const answer = fc
  .record({
    place: fc.string(),
    value: fc.oneof(fc.string(), fc.boolean(), fc.integer(), words),
    below: fc.option(words, { nil: undefined }),
    adds: fc.option(words, { nil: undefined }),
    opens: fc.constantFrom(true as const, undefined),
  })
  .map(({ below, adds, opens, ...always }) => ({
    ...always,
    ...(below === undefined ? {} : { below }),
    ...(adds === undefined ? {} : { adds }),
    ...(opens === undefined ? {} : { opens }),
  }));
const reminder = fc.record({
  number: fc.nat(),
  kind: fc.string(),
  date: fc.string(),
  label: fc.string(),
});
const anySession: fc.Arbitrary<Session> = fc.record({
  v: fc.constant(1 as const),
  language: fc.constantFrom("en", "fa-AF", "ps", "es"),
  met: fc.boolean(),
  turn: fc.nat(),
  content: fc.string(),
  timeZone: fc.option(fc.string(), { nil: null }),
  frames: words,
  asking: fc.constantFrom(
    null,
    { kind: "confirm", date: "2026-03-01", doubt: "far" } as const,
    { kind: "picked", options: ["a"] } as const,
  ),
  answers: fc.array(answer, { maxLength: 5 }),
  gathered: words,
  offered: words,
  misses: fc.nat(),
  reminders: fc.array(reminder, { maxLength: 2 }),
  nextReminder: fc.nat(),
  subscriptions: words,
  waitUntil: fc.option(fc.nat(), { nil: null }),
  stopped: fc.boolean(),
});

/** A session as plain JSON, as earlier versions stored it: the frames below a question only where they were not those before. */
function earlier(session: Session): unknown {
  let before: readonly string[] | undefined;
  const answers = session.answers.map(({ below, ...rest }) => {
    const isNew = below !== undefined && JSON.stringify(below) !== JSON.stringify(before);
    before = below ?? before;
    return { ...rest, asked: below !== undefined, ...(isNew ? { below } : {}) };
  });
  return { ...session, answers };
}

describe("a stored session", () => {
  it("is read as it was written, whatever is in it", () => {
    fc.assert(
      fc.property(anySession, (session) => {
        expect(sessionOf(sessionText(session))).toEqual(session);
      }),
    );
  });

  it("is read as it was written when nothing is in it", () => {
    const session = newSession("ps", "some content");
    expect(sessionOf(sessionText(session))).toEqual(session);
  });

  it("is read where an earlier version wrote it as plain JSON", () => {
    fc.assert(
      fc.property(anySession, (session) => {
        expect(sessionOf(JSON.stringify(earlier(session)))).toEqual(session);
      }),
    );
  });
});
