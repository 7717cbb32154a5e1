import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { piecesOf, plainOf } from "../../../src/channels/telegram/pieces.ts";
import { stepsOf } from "../../../src/channels/whatsapp/forms.ts";
import { advance } from "../../../src/core/conversation/advance.ts";
import { newSession } from "../../../src/core/conversation/session.ts";
import { addDays, type CivilDate } from "../../../src/core/dates/civil-date.ts";
import { latinDigits } from "../../../src/core/dates/digits.ts";
import { sayingOf } from "../../../src/core/facts/say-fact.ts";
import type { Message } from "../../../src/core/nouns/message.ts";
import type { Say, SayPart } from "../../../src/core/nouns/say.ts";
import { render } from "../../../src/core/render/render.ts";
import {
  allowed,
  content,
  days,
  factOf,
  facts,
  first,
  last,
  plain,
  rendered,
  rules,
  saying,
  spoken,
  stating,
} from "./spoken.ts";

const { program, translator } = content;

/** What a person would have before them: the texts of each message that a channel makes of one of ours. */
const channels: Readonly<Record<string, (message: Message) => readonly string[]>> = {
  Telegram: (message) => piecesOf(message.parts).map(plainOf),
  WhatsApp: (message) =>
    stepsOf(message, (record) => record).map((step) =>
      step.kind === "text" ? step.body : (step.variables["1"] ?? ""),
    ),
};

/** Without isolates, and with the formatting characters that WhatsApp shows wide as they were written. */
const asWritten = (text: string) => plain(text).replaceAll(/[＊＿～｀]/g, (wide) => wide.normalize("NFKC"));

/** Whatever is said of a question when its buttons are tapped. */
function saidOf(entry: string): readonly Say[] {
  const resting = { ...newSession("en", program.hash), met: true };
  return ["short", "more", "where"].flatMap((view) =>
    advance(program, resting, { kind: "tap", button: `q:${entry}:${view}` }, 0).effects.flatMap((effect) =>
      effect.kind === "say" ? [effect.say] : [],
    ),
  );
}

const idsIn = ({ parts }: Say): readonly string[] =>
  parts.flatMap(({ words }) => ("key" in words ? translator.factsIn(words.key) : []));

/** Everything that states facts: answers with their buttons; texts of flows, results, cards and reminders alone. */
const pool: readonly Say[] = [
  ...[...program.faq.entries.keys()].flatMap(saidOf),
  ...stating.map(({ key }) => saying(key)),
].filter((say) => idsIn(say).length > 0);

/** A message that says several of these, as a page of results does, with the buttons of the last. */
const says = fc
  .array(fc.tuple(fc.constantFrom(...pool), fc.constantFrom("text", "note", "heading")), {
    minLength: 1,
    maxLength: 9,
  })
  .map((chosen): Say => {
    const parts = chosen.flatMap(([say, style]) => say.parts.map((part): SayPart => ({ ...part, style })));
    return { ...(chosen.at(-1)?.[0] ?? saying("")), parts };
  });

const anyDay: fc.Arbitrary<CivilDate> = fc.oneof(
  fc.constantFrom(...days),
  fc.integer({ min: -400, max: 4000 }).map((later) => addDays(first, later)),
);

/** Facts that may not be stated on a day although some text speaks of them. */
const unstated = (on: CivilDate) =>
  facts.flatMap(([id, fact]) => (["hold", "expired"].includes(sayingOf(fact, on).kind) ? [id] : []));

/** Facts that on a day are stated with their date and page. */
const dated = (on: CivilDate) =>
  facts.flatMap(([id, fact]) => (sayingOf(fact, on).kind === "dated" ? [id] : []));

/** What one message of a channel says that it may not, or without what has to stand with it. */
function wrongIn(text: string, language: string, on: CivilDate): readonly string[] {
  return [
    ...unstated(on)
      .filter((id) => text.includes(spoken(id, language).statement))
      .map((id) => `${id} is stated`),
    ...dated(on)
      .filter((id) => {
        const { statement, asOf, url } = spoken(id, language);
        return text.includes(statement) && !(text.includes(asOf) && text.includes(url));
      })
      .map((id) => `${id} stands without its date and page`),
  ];
}

/** What all of a channel's messages together lack: a statement that may be made, the page where it may not. */
function lackingIn(text: string, ids: readonly string[], language: string, on: CivilDate) {
  return ids.flatMap((id) =>
    rules(id, language, on)
      .always.filter((one) => !text.includes(one))
      .map((one) => `“${one}” of ${id} is missing`),
  );
}

/** What is told of a fact that may not be stated; another one may hold the same figure. */
function toldOf(text: string, id: string, ids: readonly string[], language: string, on: CivilDate) {
  const fine = allowed(ids, language, on);
  return rules(id, language, on)
    .never.filter((one) => text.includes(one) && !fine.includes(one))
    .map((one) => `“${one}” of ${id} is told`);
}

/** Where the person is sent who asks about what is in court. */
const legalHelp = "immigrationlawhelp.org";

function problems(
  channel: (message: Message) => readonly string[],
  say: Say,
  language: string,
  on: CivilDate,
) {
  const texts = channel(render(content, say, language, on).message).map(asWritten);
  const whole = texts.join("\n");
  const ids = idsIn(say);
  const holds = ids.some((id) => sayingOf(factOf(id), on).kind === "hold");
  return [
    ...texts.flatMap((text) => wrongIn(text, language, on)),
    ...lackingIn(whole, ids, language, on),
    ...ids.flatMap((id) => toldOf(whole, id, ids, language, on)),
    ...(holds && !whole.includes(legalHelp) ? ["what is in court comes without legal help"] : []),
  ];
}

describe.each(Object.entries(channels))("on %s, on any day", (_, channel) => {
  test.each(program.languages)("what may not be stated isn't, in %s", (language) => {
    fc.assert(
      fc.property(says, anyDay, (say, on) => {
        expect(problems(channel, say, language, on)).toEqual([]);
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  test.each(program.languages)("each text keeps to it on the days that matter, in %s", (language) => {
    const found = pool.flatMap((say) =>
      [addDays(first, -1), addDays(last, 1)].flatMap((on) => problems(channel, say, language, on)),
    );
    expect(found).toEqual([]);
  });
});

describe("what is of the past", () => {
  const past = facts.filter(([, { say }]) => say === "hist").map(([id]) => id);

  test.each(program.languages)("names its year, and is never told as what is so today, in %s", (language) => {
    const [, asOf = ""] = frame("check", language);
    expect(asOf.trim()).not.toBe("");
    expect(past.length).toBeGreaterThan(5);
    for (const id of past) {
      const { statement } = spoken(id, language);
      expect(latinDigits(statement), id).toMatch(/(?:19|20)\d\d/);
      for (const { key } of stating.filter(({ ids }) => ids.includes(id)))
        for (const on of days) expect(rendered(key, language, on)).not.toContain(`${statement}${asOf}`);
    }
  });
});

/** The words of the sentence about a fact that stand before, between and after what is put into it. */
function frame(kind: string, language: string): readonly string[] {
  const gap = "\0";
  const text = translator.text(
    language,
    `conversation:fact.${kind}`,
    { statement: gap, topic: gap, date: gap, url: gap },
    {},
  );
  return plain(text).split(gap);
}

/** Facts that a message speaks of and may not state, long after every review. */
const far = addDays(last, 1);
const leftOut = (say: Say, kind: string) =>
  idsIn(say).flatMap((id) => facts.filter(([one, fact]) => one === id && sayingOf(fact, far).kind === kind));

describe.each(["expired", "hold"] as const)("where several facts are left out as %s", (kind) => {
  const several = pool.filter((say) => leftOut(say, kind).length > 1);

  test.each(program.languages)("why is said in full once, in %s", (language) => {
    const [opening = ""] = frame(kind, language);
    expect(several.length).toBeGreaterThan(2);
    for (const say of several) {
      const { message } = render(content, say, language, far);
      const text = plain(message.parts.map((part) => part.text).join("\n"));
      expect(text.split(opening)).toHaveLength(2);
    }
  });
});

describe("long after every review, each answer still tells something", () => {
  test.each(program.languages)("of its own, beside what can't be confirmed, in %s", (language) => {
    const openings = ["expired", "expired-too", "hold", "hold-too"].map(
      (kind) => frame(kind, language)[0] ?? "",
    );
    const isOwn = (line: string) => line !== "" && !openings.some((opening) => line.startsWith(opening));
    const bare = [...program.faq.entries.values()].filter(({ key, hasMore }) => {
      const sides = hasMore ? ["short", "more"] : ["short"];
      return !sides.some((side) => rendered(`${key}.${side}`, language, far).split("\n").some(isOwn));
    });
    expect(openings).not.toContain("");
    expect(bare.map(({ id }) => id)).toEqual([]);
  });
});
