import { normalise } from "../../text/normalise.ts";
import type { Said } from "./answer-kind.ts";

/** The option that a phrase stands for, normalised; `joins`: it only joins two others ("and"); undefined: nothing known. */
type Meaning = (phrase: string) => { readonly option: string } | "joins" | undefined;

/** What people put between the things they list. */
const separators = /[,،;؛、/\n\r]+/u;

/** No option is called by more words than this. */
const mostWords = 12;
/** Whoever writes more words than this tells a story rather than a list. */
const longestList = 60;

/**
 * The options that a text lists, in its order: whole phrases between commas or lines, or one after another. Undefined
 * where anything in it is neither an option nor a word that joins them.
 */
export function namedOptions({ raw, text }: Said, meaning: Meaning): readonly string[] | undefined {
  const phrases = raw
    .split(separators)
    .map(normalise)
    .filter((phrase) => phrase !== "");
  const apart = phrases.map((phrase) => optionsIn(phrase, meaning));
  const named = apart.every((options) => options !== undefined) ? apart.flat() : optionsIn(text, meaning);
  return named === undefined || named.length === 0 ? undefined : named;
}

/** The options in words without separators, the longest phrases first; words are read from the end, so that none is read twice. */
function optionsIn(text: string, meaning: Meaning): readonly string[] | undefined {
  const words = text.split(" ");
  if (words.length > longestList) return undefined;
  const from: (readonly string[] | undefined)[] = [];
  from[words.length] = [];
  for (let start = words.length - 1; start >= 0; start--)
    from[start] = optionsFrom(words, start, from, meaning);
  return from[0];
}

function optionsFrom(
  words: readonly string[],
  start: number,
  from: readonly (readonly string[] | undefined)[],
  meaning: Meaning,
): readonly string[] | undefined {
  for (let end = Math.min(words.length, start + mostWords); end > start; end--) {
    const rest = from[end];
    const found = rest === undefined ? undefined : meaning(words.slice(start, end).join(" "));
    if (rest === undefined || found === undefined) continue;
    return found === "joins" ? rest : [found.option, ...rest];
  }
  return undefined;
}
