import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { expect, test } from "vitest";
import { advance } from "../../../src/core/conversation/advance.ts";
import { newSession, type Session } from "../../../src/core/conversation/session.ts";
import { sessionOf, sessionText } from "../../../src/core/conversation/session-text.ts";
import { type CivilDate, isCivilDate } from "../../../src/core/dates/civil-date.ts";
import { isJsonObject, textsOf } from "../../../src/core/flow/source.ts";
import type { Effect } from "../../../src/core/nouns/effect.ts";
import type { Input } from "../../../src/core/nouns/input.ts";
import type { Say } from "../../../src/core/nouns/say.ts";
import { day, hour, minute } from "../../../src/core/nouns/time.ts";
import { render } from "../../../src/core/render/render.ts";
import { shippedContent, withTopics } from "../shipped.ts";
import { frozen } from "../talk.ts";

const runs = 400;
const longestRun = 60;
const mostBytes = 16 * 1024;

const content = shippedContent();
const program = withTopics(content.program);
const renderer = { program, translator: content.translator };
const days = ["2026-11-23", "2028-01-01"].filter((date) => isCivilDate(date));
const encoder = new TextEncoder();

// What people send.

const accepted = [...program.knownWords.keys(), ...program.languageWords.keys()];
const phrasings = [...content.source.locales.values()].flatMap((files) =>
  [...files]
    .filter(([name]) => name.startsWith("phrasings/"))
    .flatMap(([, { data }]) => (isJsonObject(data) ? Object.values(data).flatMap(textsOf) : [])),
);
const countries = [...program.countries.keys()];
const zeros = [0x30, 0x6f0, 0x660];
const digits = fc
  .tuple(fc.constantFrom(...zeros), fc.stringMatching(/^[-0-9/., ]{1,12}$/))
  .map(([zero, text]) => text.replace(/[0-9]/g, (digit) => String.fromCharCode(zero + Number(digit))));
const units = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
const written = fc
  .oneof(
    { weight: 6, arbitrary: fc.constantFrom(...accepted) },
    { weight: 3, arbitrary: fc.constantFrom(...phrasings) },
    { weight: 3, arbitrary: digits },
    { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 30 }) },
    { weight: 2, arbitrary: fc.string({ unit: units, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.constantFrom(...countries) },
    {
      weight: 2,
      arbitrary: fc.constantFrom("3 June 2027", "2027-06-03", "1/1/2027", "03/04/2027", "tomorrow", "2027"),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "",
        " ",
        "\u2068",
        "a\u202eb\u2068c",
        "\ud800",
        "x".repeat(5000),
        "1 3",
        "0",
      ),
    },
  )
  // A brace of the person's own would look like a placeholder that was forgotten.
  .map((text) => text.replaceAll("{", "("));

const forged = fc.oneof(
  fc.constantFrom(
    "a::",
    "a:0:yes",
    "r:999:done",
    "r:1:",
    "r:1:toString",
    "t:x:join",
    "t:helpline/policy-news:join",
    "t:helpline/policy-news:leave",
    "t:helpline/policy-news",
    "q:nope:short",
    "q:what-is-parole:toString",
    "f:nope",
    "f:",
    "__proto__",
    "constructor",
    "c:__proto__",
    "c:",
    "",
    ":",
    "a",
  ),
  fc
    .constantFrom(...program.faq.entries.keys())
    .chain((id) => fc.constantFrom(`q:${id}:short`, `q:${id}:more`, `q:${id}:where`, `q:${id}`)),
  fc.constantFrom(...program.flows.keys()).map((flow) => `f:${flow}`),
  fc.constantFrom(...program.commands.keys()).map((name) => `c:${name}`),
  fc.constantFrom("done", "later", "change", "stop").map((what) => `r:1:${what}`),
  fc.string({ maxLength: 12 }),
);

type Act =
  | { readonly kind: "input"; readonly input: Input }
  /** One of the buttons last shown; one that was shown some time. */
  | { readonly kind: "offered" | "old"; readonly which: number }
  /** The next scheduled moment comes. */
  | { readonly kind: "next-due" }
  | { readonly kind: "later"; readonly by: number };

const input = (one: Input): Act => ({ kind: "input", input: one });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 10, arbitrary: fc.nat().map((which): Act => ({ kind: "offered", which })) },
  { weight: 2, arbitrary: fc.nat().map((which): Act => ({ kind: "old", which })) },
  { weight: 6, arbitrary: written.map((text) => input({ kind: "text", text })) },
  { weight: 1, arbitrary: written.map((text) => input({ kind: "text", text, awaited: true })) },
  { weight: 2, arbitrary: forged.map((button) => input({ kind: "tap", button })) },
  { weight: 2, arbitrary: fc.constant<Act>({ kind: "next-due" }) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("wait", "r1", "r2", "r999", "r-1", "r", "", "__proto__", "r1e3")
      .map((ref) => input({ kind: "due", ref })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom<Input>(
        { kind: "blocked" },
        { kind: "unblocked" },
        { kind: "media" },
        { kind: "start", payload: "" },
        { kind: "start", payload: "x".repeat(64) },
      )
      .map(input),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(0, minute, hour, 7 * hour, day, 13 * day, 40 * day, 400 * day)
      .map((by): Act => ({ kind: "later", by })),
  },
);

// What must be true after each.

/** The world outside: what is scheduled and subscribed to, as the app writes it down. */
type World = {
  session: Session;
  now: number;
  readonly scheduled: Map<string, number>;
  readonly subscribed: Set<string>;
  readonly shown: string[];
};

function inputOf(world: World, one: Act): Input | undefined {
  switch (one.kind) {
    case "input":
      return one.input;
    case "offered":
    case "old": {
      const from = one.kind === "old" ? world.shown : world.session.offered;
      const button = from[one.which % Math.max(1, from.length)];
      return button === undefined ? undefined : { kind: "tap", button };
    }
    case "next-due": {
      const [next] = [...world.scheduled].sort(([, a], [, b]) => a - b);
      if (next === undefined) return undefined;
      world.now = Math.max(world.now, next[1]);
      return { kind: "due", ref: next[0] };
    }
    case "later":
      world.now += one.by;
      return undefined;
  }
}

function note(world: World, effect: Effect): void {
  switch (effect.kind) {
    case "schedule":
      expect(effect.at).toBeGreaterThan(world.now);
      world.scheduled.set(effect.ref, effect.at);
      return;
    case "unschedule":
      world.scheduled.delete(effect.ref);
      return;
    case "subscribe":
      world.subscribed.add(effect.topic);
      return;
    case "unsubscribe":
      world.subscribed.delete(effect.topic);
      return;
    case "stop":
    case "forget":
      world.scheduled.clear();
      world.subscribed.clear();
      return;
    default:
      return;
  }
}

function checkSay(say: Say): void {
  const ids = [...say.buttons, ...say.nav].map(({ id }) => id);
  expect(new Set(ids).size, `two buttons alike in ${ids.join(" ")}`).toBe(ids.length);
  for (const id of ids) expect(encoder.encode(id).length, id).toBeLessThanOrEqual(64);
  for (const language of program.languages) for (const today of days) checkTexts(say, language, today);
}

/** Every text and label is there, and nothing in it is left to be filled in. */
function checkTexts(say: Say, language: string, today: CivilDate): void {
  const { message } = render(renderer, say, language, today);
  const labels = [...message.buttons, ...message.nav].map(({ label }) => label);
  const bad = [...message.parts.map(({ text }) => text), ...labels].find(
    (text) => text === "" || text.includes("{{"),
  );
  if (bad !== undefined) expect.fail(`“${bad}” in ${JSON.stringify(say)}`);
}

function checkSession(world: World): void {
  const { session } = world;
  for (const frame of session.frames) if (!program.steps.has(frame)) expect.fail(`no place ${frame}`);
  const bytes = encoder.encode(JSON.stringify(session)).length;
  if (bytes > mostBytes) expect.fail(`the session has ${bytes} bytes`);
  expect([...world.subscribed].sort()).toEqual([...session.subscriptions].sort());
  expect(world.scheduled.get("wait") ?? null).toBe(session.waitUntil);
  const reminders = new Set(session.reminders.map(({ number }) => `r${number}`));
  for (const ref of world.scheduled.keys())
    if (ref !== "wait" && !reminders.has(ref)) expect.fail(`${ref} is scheduled but not there`);
  if (session.stopped) {
    expect(session.reminders).toEqual([]);
    expect(session.subscriptions).toEqual([]);
    expect([...world.scheduled.keys()].filter((ref) => ref !== "wait")).toEqual([]);
  }
  checkForgetting(session);
}

/** Whatever was answered is forgotten some day, and at the menu at once. */
function checkForgetting({ answers, gathered, frames, waitUntil }: Session): void {
  const isHome = frames.join(" ") === "menu:choose";
  if (isHome || waitUntil === null) expect([answers, gathered]).toEqual([[], []]);
}

/** Advances twice, once with the session as it was and once after JSON: both do the same, and touch nothing. */
function advanced(world: World, one: Input) {
  const before = frozen(world.session);
  const after = advance(program, before, one, world.now);
  const again = advance(program, JSON.parse(JSON.stringify(before)), one, world.now);
  if (!isDeepStrictEqual(after, again))
    expect.fail(`a session that went through JSON behaves otherwise: ${JSON.stringify(one)}`);
  if (!isDeepStrictEqual(after.session, sessionOf(sessionText(after.session))))
    expect.fail(`the session does not survive being stored: ${JSON.stringify(after.session)}`);
  return after;
}

function take(world: World, one: Input): void {
  // A moment that is not there any more, or has not come, is not the schedule's own: it stays.
  if (one.kind === "due" && (world.scheduled.get(one.ref) ?? world.now + 1) <= world.now)
    world.scheduled.delete(one.ref);
  const { turn } = world.session;
  const { session, effects } = advanced(world, one);
  for (const effect of effects) {
    note(world, effect);
    if (effect.kind === "say") checkSay(effect.say);
    if (effect.kind === "forget") checkSay(effect.receipt);
  }
  world.session = session;
  world.shown.push(...session.offered);
  if (effects.some(({ kind }) => kind === "forget")) {
    expect(session).toEqual({ ...newSession(session.language, program.hash), turn: turn + 1 });
    expect(effects.at(-1)?.kind).toBe("forget");
  }
  checkSession(world);
}

test("whatever people and platforms send, every promise holds", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...program.languages),
      fc.boolean(),
      fc.array(act, { minLength: 1, maxLength: longestRun, size: "max" }),
      (language, met, acts) => {
        const world: World = {
          session: { ...newSession(language, program.hash), met },
          now: Date.UTC(2026, 10, 23, 10),
          scheduled: new Map(),
          subscribed: new Set(),
          shown: [],
        };
        for (const one of acts) {
          const next = inputOf(world, one);
          if (next !== undefined) take(world, next);
          world.now += minute;
        }
      },
    ),
    { numRuns: runs },
  );
}, 180_000);
