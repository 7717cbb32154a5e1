import { nudgeAgain } from "../core/conversation/nudge.ts";
import { fromEpochDay } from "../core/dates/civil-date.ts";
import { nearest } from "../core/flow/nearest.ts";
import type { Effect } from "../core/nouns/effect.ts";
import type { Language } from "../core/nouns/language.ts";
import { keptFor, type Message } from "../core/nouns/message.ts";
import type { Say } from "../core/nouns/say.ts";
import { day, type Ms } from "../core/nouns/time.ts";
import { type Renderer, render } from "../core/render/render.ts";
import { Conversation, type Happened } from "./conversation.ts";
import { effectLine, inputLine } from "./golden.ts";
import type { Arrived, PlayedPhone } from "./phone.ts";
import { playCommands, playHelp } from "./play-commands.ts";
import { screenLines } from "./screen.ts";
import type { Script, ScriptTurn } from "./script.ts";
import { stateLines } from "./state.ts";
import { type Reasons, whyLines } from "./why.ts";

export type PlayerOptions = {
  readonly reasons: Reasons;
  readonly phone: PlayedPhone;
  readonly now: Ms;
  readonly language: Language;
  readonly topics?: Script["topics"] | undefined;
  /** Whether the terminal shows bold and italic. */
  readonly styled: boolean;
  /** Whether what comes in is written down too, for those who do not see it typed. */
  readonly echo: boolean;
  /** Keeps the conversation under a name as a golden one; gives what to say about it. */
  readonly save: (name: string, about: string, script: Pick<Script, "now" | "turns">) => readonly string[];
};

/** A person at a keyboard who plays a conversation on a phone: takes lines as they are typed, gives what to show. */
export class Player {
  readonly #options: PlayerOptions;
  readonly #conversation: Conversation;
  readonly #renderer: Renderer;
  readonly #tappable = new Set<string>();
  /** Buttons that have a letter, in its order. */
  readonly #letters: string[] = [];
  #last: readonly Happened[] = [];

  constructor(options: PlayerOptions) {
    const { reasons, now, language, topics } = options;
    this.#options = options;
    this.#conversation = new Conversation(reasons.program, { now, language, topics });
    this.#renderer = { program: this.#conversation.program, translator: reasons.translator };
  }

  /** Lets things happen before anything is typed; only what the last of them led to is shown. */
  async begin(turns: readonly ScriptTurn[]): Promise<readonly string[]> {
    let lines: readonly string[] = [];
    for (const turn of turns) lines = await this.take(turn);
    return lines;
  }

  /** One line as it was typed: words, a button's number, or a command such as `:back`. Undefined: the end. */
  async type(typed: string): Promise<readonly string[] | undefined> {
    const text = typed.trim();
    if (text === "") return [];
    if (!text.startsWith(":")) return this.take(this.#meant(text));
    const [, name = "", rest = ""] = /^:(\S*)\s*(.*)$/.exec(text) ?? [];
    if (name === "quit" || name === "q") return undefined;
    const command = Object.hasOwn(playCommands, name) ? playCommands[name] : undefined;
    return command === undefined ? playHelp : command(this, rest);
  }

  /** Lets one thing happen and gives what came to the phone. */
  async take(turn: ScriptTurn): Promise<readonly string[]> {
    const lines: string[] = [];
    this.#last = this.#conversation.take(this.#heardAs(turn));
    for (const happened of this.#last) lines.push(...(await this.#show(happened)));
    return "wait" in turn ? [...lines, this.#clockLine()] : lines;
  }

  /** What is written while messages wait for it is taken for the wish to see them. */
  #heardAs(turn: ScriptTurn): ScriptTurn {
    const isAwaited = "say" in turn && this.#options.phone.waits(this.#conversation.now);
    return isAwaited ? { ...turn, awaited: true } : turn;
  }

  /** Opens a flow on top of where the conversation is. */
  async open(flow: string): Promise<readonly string[]> {
    const { flows } = this.#conversation.program;
    if (flows.has(flow)) return this.take({ open: flow });
    return [`There is no flow \`${flow}\`: ${nearest(flow, [...flows.keys()])}`];
  }

  /** Taps a button by its number, its letter or the end of its id, whatever a number means to the question. */
  async tap(mark: string): Promise<readonly string[]> {
    const { offered } = this.#conversation.session;
    const button =
      offered[Number(mark) - 1] ??
      this.#letters.find((_, at) => letterAt(at) === mark) ??
      [...offered, ...this.#letters].find((id) => id.endsWith(`:${mark}`));
    return button === undefined ? ["There is no such button."] : this.take(this.#conversation.tapOf(button));
  }

  /** One question back: by its button, else by the word for it. */
  async back(): Promise<readonly string[]> {
    const { program, session } = this.#conversation;
    const name = [...program.commands].find(([, command]) => command.do === "back")?.[0] ?? "back";
    const button = `c:${name}`;
    if (session.offered.includes(button)) return this.take(this.#conversation.tapOf(button));
    const word = [...program.commandWords].find(([, command]) => command === name)?.[0];
    return word === undefined ? ["There is no word for back."] : this.take({ say: word });
  }

  why(): readonly string[] {
    return whyLines({ ...this.#options.reasons, program: this.#conversation.program }, this.#last);
  }

  state(): readonly string[] {
    return stateLines(this.#conversation);
  }

  save(name: string, about: string): readonly string[] {
    const now = new Date(this.#options.now).toISOString();
    const { turns } = this.#conversation;
    return this.#options.save(name, about === "" ? `Played: ${name}` : about, { now, turns });
  }

  /** A number is a tap where the phone shows that button; where it does not, people type the number too. */
  #meant(text: string): ScriptTurn {
    const button = this.#conversation.buttonByNumber(text);
    return button !== undefined && this.#tappable.has(button)
      ? this.#conversation.tapOf(button)
      : { say: text };
  }

  async #show(happened: Happened): Promise<readonly string[]> {
    const { input, at, effects } = happened;
    const { phone, echo } = this.#options;
    const waited = ["text", "tap", "media", "start"].includes(input.kind) ? await phone.hear(at) : [];
    const lines = [
      ...this.#heading(happened, echo),
      ...waited.flatMap((arrived) => this.#arrivedLines(arrived)),
    ];
    for (const effect of effects) lines.push(...(await this.#effect(effect, happened)));
    return lines;
  }

  #heading({ input, at }: Happened, echo: boolean): readonly string[] {
    if (input.kind === "due") return [`(${new Date(at).toISOString()}: ${input.ref} falls due)`];
    return echo ? [`> \u2068${inputLine(input)}\u2069`] : [];
  }

  async #effect(effect: Effect, { after, at }: Happened): Promise<readonly string[]> {
    if (effect.kind === "say") return this.#said(effect.say, after.language, at);
    const done = "ref" in effect && effect.ref === "wait" ? undefined : effectLine(effect);
    const receipt = effect.kind === "forget" ? await this.#said(effect.receipt, after.language, at) : [];
    return done === undefined || effect.kind === "count" ? receipt : [...receipt, done];
  }

  async #said(say: Say, language: Language, at: Ms): Promise<readonly string[]> {
    const message = this.#messageOf(say, language, at);
    const { nudge, lane } = say;
    const waits =
      nudge === undefined
        ? { keptUntil: at + keptFor }
        : { keptUntil: nudge.keptUntil, later: (later: Ms) => this.#nudgeOf(nudge.reminder, later) };
    return this.#arrivedLines(await this.#options.phone.send({ message, lane, at, ...waits }));
  }

  #messageOf(say: Say, language: Language, at: Ms): Message {
    return render(this.#renderer, say, language, fromEpochDay(Math.floor(at / day))).message;
  }

  /** The nudge of a reminder as it is said at a time; undefined where the reminder is gone. */
  #nudgeOf(reminder: number, at: Ms): Message | undefined {
    const { program, session } = this.#conversation;
    const say = nudgeAgain(program, session, reminder, at);
    return say === undefined ? undefined : this.#messageOf(say, session.language, at);
  }

  #arrivedLines({ drawn, outcome }: Arrived): readonly string[] {
    const { language } = this.#conversation.session;
    const { styled } = this.#options;
    const markOf = (button: string) => this.#markOf(button);
    for (const { rows, list } of drawn)
      for (const { id } of [...rows.flat(), ...(list?.rows ?? [])]) this.#tappable.add(id);
    const lines = drawn.flatMap((one) => [...screenLines(one, { language, markOf, styled }), ""]);
    return [...lines, ...notices[outcome.kind]("reason" in outcome ? outcome.reason : "")];
  }

  /** The number that people can type for a button; a letter for one that can only be tapped, such as an answer's above the question that waits. */
  #markOf(button: string): string {
    const at = this.#conversation.session.offered.indexOf(button);
    if (at >= 0) return String(at + 1);
    if (!this.#letters.includes(button)) this.#letters.push(button);
    return letterAt(this.#letters.indexOf(button));
  }

  #clockLine(): string {
    return `(now ${new Date(this.#conversation.now).toISOString()})`;
  }
}

/** a, b … z, aa, ab … */
function letterAt(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return index < 26 ? letter : `${letterAt(Math.floor(index / 26) - 1)}${letter}`;
}

/** What the person at the keyboard is told of how a message went. */
const notices: Readonly<Record<Arrived["outcome"]["kind"], (reason: string) => readonly string[]>> = {
  sent: () => [],
  announced: () => ["(the window is closed: that was a template; the message follows the next reply)"],
  "window-closed": (reason) => [`(kept back until the person writes: ${reason})`],
  "retry-later": (reason) => [`(not sent now: ${reason})`],
  refused: (reason) => [`(refused: ${reason})`],
  "contact-stopped": (reason) => [`(not sent, the person has stopped: ${reason})`],
  unknown: (reason) => [`(may or may not have been sent: ${reason})`],
};
