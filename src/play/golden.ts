import { fromEpochDay } from "../core/dates/civil-date.ts";
import type { Effect } from "../core/nouns/effect.ts";
import type { Input } from "../core/nouns/input.ts";
import type { Language } from "../core/nouns/language.ts";
import type { Message } from "../core/nouns/message.ts";
import { day, type Ms } from "../core/nouns/time.ts";
import { type Renderer, render } from "../core/render/render.ts";
import { Conversation, type Happened } from "./conversation.ts";
import type { Script } from "./script.ts";

/**
 * Plays a script in a language and writes down all that was said and done, as golden conversations hold it: words
 * before any channel has given them a form. Throws an Error where the script names a button that is not there.
 */
export function goldenText(renderer: Renderer, script: Script, language: Language): string {
  const { topics } = script;
  const played = new Conversation(renderer.program, { now: Date.parse(script.now), language, topics });
  const rendering = { ...renderer, program: played.program };
  const lines = script.turns.flatMap((turn) => [
    ...("wait" in turn ? [`> (wait ${turn.wait})`] : []),
    ...played.take(turn).flatMap((happened) => linesOf(rendering, happened)),
  ]);
  return `${lines.join("\n")}\n`;
}

function linesOf(renderer: Renderer, { input, effects, after, at }: Happened): readonly string[] {
  return [
    `> ${inputLine(input)}`,
    ...effects.flatMap((effect) => effectLines(renderer, effect, after.language, at)),
  ];
}

/** What happened, in a line: the words, a button's id without its hash, or the name of the input. */
export function inputLine(input: Input): string {
  switch (input.kind) {
    case "text":
      return input.text;
    case "tap":
      return `[${input.button.replace(/^a:[^:]+:/, "")}]`;
    case "due":
      return `(due ${input.ref})`;
    default:
      return `(${input.kind})`;
  }
}

function effectLines(renderer: Renderer, effect: Effect, language: Language, at: Ms): readonly string[] {
  const say = effect.kind === "say" ? effect.say : effect.kind === "forget" ? effect.receipt : undefined;
  const done = effectLine(effect);
  const other = done === undefined ? [] : [done];
  if (say === undefined) return other;
  const { message } = render(renderer, say, language, fromEpochDay(Math.floor(at / day)));
  return [...(say.lane === "reply" ? [] : [`(${say.lane})`]), ...messageLines(message), ...other];
}

const marks = { heading: "# ", text: "  ", note: "~ " } as const;

function messageLines({ parts, buttons, nav }: Message): readonly string[] {
  return [
    ...parts.flatMap(({ style, text }) => text.split("\n").map((line) => marks[style] + line)),
    ...(buttons.length === 0 ? [] : [`  [${buttons.map(({ label }) => label).join("] [")}]`]),
    ...(nav.length === 0 ? [] : [`  (${nav.map(({ label }) => label).join(") (")})`]),
  ];
}

/** What is done besides saying something, in a line; undefined for what is only said. */
export function effectLine(effect: Effect): string | undefined {
  switch (effect.kind) {
    case "say":
      return undefined;
    case "schedule":
      return `* schedule ${effect.ref} ${new Date(effect.at).toISOString()}`;
    case "unschedule":
      return `* unschedule ${effect.ref}`;
    case "subscribe":
    case "unsubscribe":
      return `* ${effect.kind} ${effect.topic}`;
    case "count":
      return `* count ${effect.name}`;
    case "open-case":
      return `* open-case ${effect.reason}`;
    case "reachable":
      return `* reachable ${effect.reachable}`;
    default:
      return `* ${effect.kind}`;
  }
}
