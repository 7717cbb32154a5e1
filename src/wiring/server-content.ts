import type { channelWords } from "../content/channel-words.ts";
import type { Texts } from "../content/translator.ts";
import type { Program } from "../core/flow/program.ts";
import type { Translator } from "../core/render/translator.ts";

/** Content as a server uses it. */
export type ServerContent = {
  readonly program: Program;
  readonly translator: Translator;
  /** The words that the platforms themselves show. */
  readonly words: ReturnType<typeof channelWords>;
  /** Tells two contents apart for the index of questions. */
  readonly questions: string;
};

/** Content that was just read, with what its translator is made of. */
export type FreshContent = ServerContent & { readonly texts: Texts };
