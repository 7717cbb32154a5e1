import { measure as measureTelegram } from "../channels/telegram/measure.ts";
import { measure as measureWhatsApp } from "../channels/whatsapp/measure.ts";
import type { Content } from "../content/load.ts";
import { type CivilDate, isCivilDate } from "../core/dates/civil-date.ts";
import { civilDateIn } from "../core/dates/zone.ts";
import { labels, longLabel } from "../core/flow/checks/labels.ts";
import type { Exploration } from "../core/flow/explore/graph.ts";
import { wordsAt } from "../core/flow/reading.ts";
import { type Issue, issueAt, type Source } from "../core/flow/source.ts";
import type { Language } from "../core/nouns/language.ts";
import { longestRow, type Message } from "../core/nouns/message.ts";
import type { Say } from "../core/nouns/say.ts";
import type { Ms } from "../core/nouns/time.ts";
import { render } from "../core/render/render.ts";
import { everySay } from "./every-message.ts";
import { apartFromLongLabels, type LongLabel } from "./long-labels.ts";

/** What was found by putting every message into the form that each channel would send. */
export type RenderingCheck = { readonly issues: readonly Issue[]; readonly rendered: number };

/** How each channel draws a message, and what would be wrong with that. */
const channels: Readonly<Record<string, (message: Message) => readonly string[]>> = {
  Telegram: measureTelegram,
  WhatsApp: measureWhatsApp,
};

/**
 * Renders every message in every language, with facts as they may be stated on the day of `now` and when all of them are
 * past their review, through the renderer of every channel.
 */
export function checkRendering(content: Content, exploration: Exploration, now: Ms): RenderingCheck {
  const { program, source } = content;
  const today = civilDateIn("UTC", now);
  const says = everySay(program, exploration, now);
  const drawn = says.flatMap((say) =>
    program.languages.flatMap((language) => drawBoth(content, say, language, today)),
  );
  const told = new Set(labels(content).map(placeOf));
  const long = drawn.flatMap((one) => one.long.flatMap((label) => issueOfLabel(source, one.language, label)));
  const issues = drawn.flatMap(({ say, language, problems }) =>
    problems.flatMap((problem) => issueOf(source, say, language, problem) ?? []),
  );
  const found = [...long.filter((issue) => !told.has(placeOf(issue))), ...issues];
  return {
    issues: [...new Map(found.map((issue) => [`${placeOf(issue)}:${issue.what}`, issue])).values()],
    rendered: drawn.length * Object.keys(channels).length,
  };
}

function placeOf({ file, line }: Issue): string {
  return `${file}:${line}`;
}

/** After the review of any fact. */
const neverReviewed = "9990-01-01";

type Drawn = {
  readonly say: Say;
  readonly language: Language;
  readonly problems: readonly string[];
  readonly long: readonly LongLabel[];
};

/** A message as it is today, and where it says something else once its facts are past their review, that too. */
function drawBoth(content: Content, say: Say, language: Language, today: CivilDate): readonly Drawn[] {
  const { message, agesOn } = render(content, say, language, today);
  const drawn = drawAll(message, say, language);
  if (agesOn === undefined || !isCivilDate(neverReviewed)) return [drawn];
  return [drawn, drawAll(render(content, say, language, neverReviewed).message, say, language)];
}

/** What is wrong with a message on any channel. */
function drawAll(whole: Message, say: Say, language: Language): Drawn {
  const { message, long } = apartFromLongLabels(say, whole);
  // What stands in a list that is made while talking is the person's own: where it doesn't fit, it is a numbered menu.
  const shown = say.buttons.some(({ words }) => "own" in words || words.params !== undefined)
    ? { ...message, buttons: [] }
    : message;
  const problems = Object.entries(channels).flatMap(([channel, measure]) =>
    measure(shown).map((problem) => `on ${channel} it ${problem}`),
  );
  return {
    say,
    language,
    long,
    problems: [
      ...problems,
      ...(isBalanced(message) ? [] : ["it has bidi controls that are not closed"]),
      ...unfilledIn(message).map((one) => `it has ${one}, which nothing fills`),
    ],
  };
}

/** Placeholders that people would read: the engine gives no value of that name. */
function unfilledIn({ parts, buttons, nav }: Message): readonly string[] {
  const texts = [...parts.map(({ text }) => text), ...[...buttons, ...nav].map(({ label }) => label)];
  return [...new Set(texts.flatMap((text) => text.match(/\{\{[^{}]*\}\}/g) ?? []))];
}

/** Whether every isolate and embedding is closed in the line in which it is opened: a channel may cut after any. */
function isBalanced({ parts, buttons, nav }: Message): boolean {
  const lines = parts.flatMap(({ text }) => text.split("\n"));
  return [...lines, ...[...buttons, ...nav].map(({ label }) => label)].every(closesAll);
}

const closing: ReadonlySet<string> = new Set(["\u2069", "\u202c"]);

function closesAll(text: string): boolean {
  let open = 0;
  for (const control of text.match(/[\u202a-\u202e\u2066-\u2069]/g) ?? []) {
    open += closing.has(control) ? -1 : 1;
    if (open < 0) return false;
  }
  return open === 0;
}

/** What to do about a problem, by a word that tells it; the first that it holds. */
const mends: readonly (readonly [word: string, mend: string])[] = [
  ["button-too-long", "give the option a shorter name in the flow"],
  ["label", "give each button a short label of its own"],
  [" rows", "ask in two questions, or leave options out"],
  ["nothing fills", "use a name that other texts like it use, or remove it"],
  ["not closed", "close each in the line in which it is opened, or remove it"],
  ["nothing to see", "write something"],
  ["characters", "say it shorter, or in two steps with a question between them"],
];

function mendOf(problem: string): string {
  return (
    mends.find(([word]) => problem.includes(word))?.[1] ??
    "shorten the text or the labels, or ask in two questions"
  );
}

/** Whether the text of a key holds the very placeholder that a problem tells of. */
function holdsPlaceholder(source: Source, language: Language, key: string, problem: string): boolean {
  const placeholder = /\{\{[^{}]*\}\}/.exec(problem)?.[0];
  const text = wordsAt({ source }, language, key);
  return placeholder !== undefined && typeof text === "string" && text.includes(placeholder);
}

/** A label that fits no channel, at its own place. */
function issueOfLabel(source: Source, language: Language, { key, label }: LongLabel): readonly Issue[] {
  const [name = "", path = ""] = key.split(":");
  const file = source.locales.get(language)?.get(name);
  return file === undefined ? [] : [longLabel(file, path, label, longestRow)];
}

function issueOf(source: Source, say: Say, language: Language, problem: string): Issue | undefined {
  const keysOf = (all: Say["parts"] | Say["buttons"]) =>
    all.flatMap(({ words }) => ("key" in words ? [words.key] : []));
  const keys = [...keysOf(say.parts), ...keysOf(say.buttons)];
  // A message is found again by what it says; by a button only where all that it says is the engine's own.
  const own = (key: string) => !key.startsWith("conversation:") && !key.includes(".options.");
  const shown =
    keys.find((key) => holdsPlaceholder(source, language, key, problem)) ??
    keysOf(say.parts).findLast(own) ??
    keys.findLast(own) ??
    keys[0] ??
    "";
  const [name = "", path = ""] = shown.split(":");
  const file = source.locales.get(language)?.get(name);
  if (file === undefined) return undefined;
  return issueAt(
    file,
    path.split("."),
    `the message with \`${path}\` can't be shown as it should: ${problem}`,
    mendOf(problem),
  );
}
