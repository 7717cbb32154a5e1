import type { CivilDate } from "../dates/civil-date.ts";
import { agesOn, sayingOf } from "../facts/say-fact.ts";
import { type Host, untold } from "../flow/about.ts";
import type { Fact, Program } from "../flow/program.ts";
import type { Language } from "../nouns/language.ts";
import { type Button, longestRow, type Message, type Part } from "../nouns/message.ts";
import type { Param, Say, SayButton, SayPart, Words } from "../nouns/say.ts";
import { isolateLatin } from "./bidi.ts";
import { ownText, sayParam, sayValues } from "./format.ts";
import { splitText } from "./split.ts";
import type { Translator } from "./translator.ts";

/** What rendering reads; without a `host`, answers say that the host has told nothing. */
export type Renderer = {
  readonly program: Program;
  readonly translator: Translator;
  readonly host?: Host;
};

/** A message in words, and from which day on its facts have to be looked at again (undefined: never). */
export type Rendered = { readonly message: Message; readonly agesOn: CivilDate | undefined };

/** Puts a message into a language's words, with the facts as they may be stated today. Pure. */
export function render(renderer: Renderer, say: Say, language: Language, today: CivilDate): Rendered {
  const rendering = new Rendering(renderer, language, today);
  const message: Message = {
    language,
    parts: say.parts.map((part) => rendering.part(part)).filter(({ text }) => text !== ""),
    buttons: rendering.buttons(say.buttons),
    nav: say.nav.map((button) => rendering.button(button)),
    listLabel: rendering.words({ key: "conversation:list" }),
  };
  return { message, agesOn: agesOn(rendering.stated, today) };
}

/** Less of a person's word is no word any more; the label is too long for a row then. */
const fewestKept = 2;
/** Less of a spare parameter tells nothing: it is left out. */
const fewestSpared = 4;

const noFacts: Readonly<Record<string, string>> = {};

/** One message being put into words; gathers the facts it states. */
class Rendering {
  readonly stated: Fact[] = [];
  /** Why statements were left out so far. */
  readonly #unsaid = new Set<"expired" | "hold">();
  readonly #renderer: Renderer;
  readonly #language: Language;
  readonly #today: CivilDate;

  constructor(renderer: Renderer, language: Language, today: CivilDate) {
    this.#renderer = renderer;
    this.#language = language;
    this.#today = today;
  }

  part({ style, words }: SayPart): Part {
    return { style, text: isolateLatin(this.words(words), this.#language) };
  }

  button(button: SayButton): Button {
    const { id, words, cut } = button;
    return { id, label: cut === undefined ? this.words(words) : this.#row(button, cut, (row) => row) };
  }

  /** The buttons in their order. Rows that look alike but for the button behind them are numbered where they hold a person's own word. */
  buttons(said: readonly SayButton[]): readonly Button[] {
    const buttons = said.map((button) => this.button(button));
    return said.some(({ cut }) => cut !== undefined) ? this.#numbered(said, buttons) : buttons;
  }

  #numbered(said: readonly SayButton[], buttons: readonly Button[]): readonly Button[] {
    const seen = new Map<string, number>();
    return said.map((button, at): Button => {
      const { id, cut } = button;
      const label = buttons[at]?.label ?? "";
      const alike = buttons.filter((button) => button.label === label).length > 1;
      if (cut === undefined || !alike) return { id, label };
      const number = (seen.get(label) ?? 0) + 1;
      seen.set(label, number);
      const numbered = (row: string) =>
        this.words({ key: "conversation:reminder.row-alike", params: { row, number } });
      return { id, label: this.#row(button, cut, numbered) };
    });
  }

  /** A row's label; where it is too long, the parameter `spare` gives up what is over, then `cut`. */
  #row({ words, spare }: SayButton, cut: string, written: (row: string) => string): string {
    const label = written(this.words(words));
    const over = label.length - longestRow;
    if (over <= 0) return label;
    if (spare === undefined || "own" in words) return written(this.#shortened(words, cut, over));
    const whole = this.#param(words.params?.[spare] ?? "");
    if (whole.length - over - 1 >= fewestSpared) return written(this.#shortened(words, spare, over));
    const without = { key: words.key, params: { ...words.params, [spare]: "" } };
    return this.#row({ id: "", words: without }, cut, (row) => written(row.trimEnd()));
  }

  /** A label of which one parameter gives up so many UTF-16 units, and one more for the mark of the cut. */
  #shortened(words: Words, cut: string, over: number): string {
    if ("own" in words) return this.words(words);
    const whole = this.#param(words.params?.[cut] ?? "");
    const [kept = ""] = splitText(whole, Math.max(whole.length - over - 1, fewestKept));
    return this.words({ ...words, params: { ...words.params, [cut]: `${kept}…` } });
  }

  #param(param: Param): string {
    return String(sayParam(param, this.#looking()));
  }

  words(words: Words): string {
    if ("own" in words) return ownText(words.own, this.#language);
    return this.#text(words.key, words.params ?? {});
  }

  #text(key: string, params: Readonly<Record<string, Param>>): string {
    const { translator } = this.#renderer;
    const looking = this.#looking();
    const values: Record<string, string | number> = {};
    for (const [name, param] of Object.entries(params)) values[name] = sayParam(param, looking);
    const ids = translator.factsIn(key);
    return translator.text(this.#language, key, values, ids.length === 0 ? noFacts : this.#facts(ids));
  }

  #looking() {
    const { program, host = untold } = this.#renderer;
    return {
      program,
      host,
      language: this.#language,
      words: (inner: string, innerParams: Readonly<Record<string, Param>>) => this.#text(inner, innerParams),
    };
  }

  #facts(ids: readonly string[]): Readonly<Record<string, string>> {
    return Object.fromEntries(ids.map((id) => [id, this.#fact(id)]));
  }

  #fact(id: string): string {
    const { program, translator } = this.#renderer;
    const fact = program.facts.get(id);
    if (fact === undefined) return "";
    this.stated.push(fact);
    const looking = { program, language: this.#language, words: () => "" };
    const url = program.sources.get(fact.source)?.url ?? "";
    const say = (key: string, params: Readonly<Record<string, string>>) =>
      translator.text(this.#language, key, params, noFacts);
    const statement = () => say(`facts:${id}.statement`, sayValues(fact, looking));
    switch (sayingOf(fact, this.#today).kind) {
      case "statement":
        return statement();
      case "dated":
        return say("conversation:fact.check", {
          statement: statement(),
          date: String(sayParam({ kind: "short-date", date: fact["as-of"] }, looking)),
          url,
        });
      case "expired":
        return say(this.#once("expired"), { topic: say(`facts:${id}.topic`, {}), url });
      case "hold":
        return say(this.#once("hold"), { topic: say(`facts:${id}.topic`, {}), url });
    }
  }

  /** What is said in place of a statement: in full the first time in a message, then shorter. */
  #once(why: "expired" | "hold"): string {
    const again = this.#unsaid.has(why);
    this.#unsaid.add(why);
    return `conversation:fact.${why}${again ? "-too" : ""}`;
  }
}
