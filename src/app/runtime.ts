import { type Host, untold } from "../core/flow/about.ts";
import type { Program, Topic } from "../core/flow/program.ts";
import type { ChannelId } from "../core/nouns/ids.ts";
import type { Renderer } from "../core/render/render.ts";
import type { Translator } from "../core/render/translator.ts";
import type { Clock, Log, Vault } from "./ports.ts";
import type { Channel } from "./ports-channel.ts";
import type { Store } from "./ports-store.ts";

/** The content in use. It is replaced whole: a turn sees either the old or the new. */
export class Content {
  #renderer: Renderer;

  /** `host`: who runs the installation, as its settings tell it. */
  constructor(program: Program, translator: Translator, host: Host = untold) {
    this.#renderer = { program, translator, host };
  }

  /** The program and the words that turns use from now on. */
  get current(): Renderer {
    return this.#renderer;
  }

  /** Uses this content from the next turn on; the installation's topics and host stay. */
  replace(program: Program, translator: Translator): void {
    const { topics } = this.#renderer.program;
    this.#renderer = { ...this.#renderer, translator, program: { ...program, topics } };
  }

  /** Takes the installation's topics in; the next turn offers them. */
  withTopics(topics: readonly Topic[]): void {
    this.#renderer = { ...this.#renderer, program: { ...this.#renderer.program, topics } };
  }
}

/** What the app's paths share: each takes the parts it needs. */
export type Parts = {
  readonly store: Store;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly log: Log;
  readonly content: Content;
  readonly channels: ReadonlyMap<ChannelId, Channel>;
};
