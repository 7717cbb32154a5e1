import { channelWords } from "../content/channel-words.ts";
import { loadContent } from "../content/load.ts";
import { textsOf } from "../content/translator.ts";
import type { Issue } from "../core/flow/source.ts";
import { questionsPrint } from "./questions-print.ts";
import type { FreshContent } from "./server-content.ts";

/** Content read, compiled and checked, with what its translator is made of; or everything that is wrong with it. */
export function freshContent(root: string): FreshContent | { readonly issues: readonly Issue[] } {
  const loaded = loadContent(root);
  if ("issues" in loaded) return loaded;
  const { program, translator, source } = loaded;
  const [words, questions] = [channelWords(loaded), questionsPrint(source)];
  return { program, translator, words, questions, texts: textsOf(source) };
}
