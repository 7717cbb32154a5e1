import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { advance } from "../../src/core/conversation/advance.ts";
import { newSession, type Session } from "../../src/core/conversation/session.ts";
import { fromEpochDay } from "../../src/core/dates/civil-date.ts";
import type { Effect } from "../../src/core/nouns/effect.ts";
import type { Input } from "../../src/core/nouns/input.ts";
import type { Message } from "../../src/core/nouns/message.ts";
import { day } from "../../src/core/nouns/time.ts";
import { type Renderer, render } from "../../src/core/render/render.ts";

const perLanguage = z.union([z.string(), z.record(z.string(), z.string())]);

/** One thing that happens: typed words (per language, or the same in all), the end of a button's id, a moment falling due … */
const turn = z.union([
  z.strictObject({ start: z.string() }),
  z.strictObject({ say: perLanguage }),
  /** A button of the last turn's messages, by the end of its id; `{language}` stands for the language played. */
  z.strictObject({ tap: z.string() }),
  /** A button that was shown so many turns ago. */
  z.strictObject({ oldTap: z.string(), ago: z.int() }),
  z.strictObject({ media: z.literal(true) }),
  /** The scheduled moment of this ref comes; the clock goes there. */
  z.strictObject({ due: z.string() }),
  z.strictObject({ blocked: z.boolean() }),
]);

export const scriptSchema = z.strictObject({
  about: z.string(),
  now: z.iso.datetime(),
  topics: z
    .array(
      z.strictObject({ id: z.string(), organisation: z.string(), titles: z.record(z.string(), z.string()) }),
    )
    .default([]),
  turns: z.array(turn).min(1),
});

export type Script = z.infer<typeof scriptSchema>;

/** Reads a script file. */
export function readScript(path: string): Script {
  return scriptSchema.parse(parse(readFileSync(path, "utf8")));
}

/** Plays a script in a language, the session going through JSON between turns, and writes down all that was said and done. */
export function play(renderer: Renderer, script: Script, language: string): string {
  const player = new Player(
    { ...renderer, program: { ...renderer.program, topics: script.topics } },
    Date.parse(script.now),
    language,
  );
  for (const one of script.turns) player.take(one);
  return player.transcript();
}

class Player {
  readonly #renderer: Renderer;
  readonly #language: string;
  readonly #lines: string[] = [];
  readonly #shown: (readonly string[])[] = [];
  readonly #scheduled = new Map<string, number>();
  #now: number;
  #session: Session;

  constructor(renderer: Renderer, now: number, language: string) {
    this.#renderer = renderer;
    this.#now = now;
    this.#language = language;
    this.#session = newSession("en", renderer.program.hash);
  }

  take(one: Script["turns"][number]): void {
    const input = this.#inputOf(one);
    this.#lines.push(`> ${inputLine(input)}`);
    const { session, effects } = advance(this.#renderer.program, this.#session, input, this.#now);
    this.#session = JSON.parse(JSON.stringify(session));
    this.#shown.push(
      effects.flatMap((effect) =>
        effect.kind === "say" ? [...effect.say.buttons, ...effect.say.nav].map(({ id }) => id) : [],
      ),
    );
    for (const effect of effects) this.#note(effect);
    this.#now += 60_000;
  }

  transcript(): string {
    return `${this.#lines.join("\n")}\n`;
  }

  #inputOf(one: Script["turns"][number]): Input {
    if ("start" in one) return { kind: "start", payload: one.start };
    if ("say" in one) return { kind: "text", text: this.#written(one.say) };
    if ("tap" in one) return { kind: "tap", button: this.#button(this.#shown.at(-1) ?? [], one.tap) };
    if ("oldTap" in one)
      return { kind: "tap", button: this.#button(this.#shown.at(-one.ago) ?? [], one.oldTap) };
    if ("media" in one) return { kind: "media" };
    if ("blocked" in one) return { kind: one.blocked ? "blocked" : "unblocked" };
    return this.#fallDue(one.due);
  }

  #written(say: string | Readonly<Record<string, string>>): string {
    return typeof say === "string" ? say : (say[this.#language] ?? say["en"] ?? "");
  }

  #fallDue(ref: string): Input {
    const at = this.#scheduled.get(ref);
    if (at === undefined)
      throw new Error(
        `nothing is scheduled as ${ref}; there is ${[...this.#scheduled.keys()].join(", ") || "nothing"}`,
      );
    this.#now = at;
    this.#scheduled.delete(ref);
    return { kind: "due", ref };
  }

  #button(offered: readonly string[], ending: string): string {
    const wanted = ending.replace("{language}", this.#language);
    const found = offered.find((id) => id.endsWith(`:${wanted}`) || id === wanted);
    if (found === undefined)
      throw new Error(`no button ends with :${wanted}; offered are ${offered.join(" ")}`);
    return found;
  }

  #note(effect: Effect): void {
    if (effect.kind === "schedule") this.#scheduled.set(effect.ref, effect.at);
    if (effect.kind === "unschedule") this.#scheduled.delete(effect.ref);
    if (effect.kind === "say" || effect.kind === "forget") {
      const say = effect.kind === "say" ? effect.say : effect.receipt;
      const { message } = render(
        this.#renderer,
        say,
        this.#session.language,
        fromEpochDay(Math.floor(this.#now / day)),
      );
      if (say.lane !== "reply") this.#lines.push(`(${say.lane})`);
      this.#lines.push(...messageLines(message));
    }
    const line = effectLine(effect);
    if (line !== undefined) this.#lines.push(line);
  }
}

function inputLine(input: Input): string {
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

const marks = { heading: "# ", text: "  ", note: "~ " } as const;

function messageLines({ parts, buttons, nav }: Message): string[] {
  const lines = parts.flatMap(({ style, text }) => text.split("\n").map((line) => marks[style] + line));
  if (buttons.length > 0) lines.push(`  [${buttons.map(({ label }) => label).join("] [")}]`);
  if (nav.length > 0) lines.push(`  (${nav.map(({ label }) => label).join(") (")})`);
  return lines;
}

function effectLine(effect: Effect): string | undefined {
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
