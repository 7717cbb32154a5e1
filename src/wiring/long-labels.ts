import { type Button, longestRow, type Message } from "../core/nouns/message.ts";
import type { Say, SayButton } from "../core/nouns/say.ts";

/** A label that has its own place in the files of words, `<file>:<path>`. */
export type LongLabel = { readonly key: string; readonly label: string };

/**
 * The labels of a drawn message that fit no row, and the message as if they did: such a label is told of at its own place,
 * once, and not with each message that it stands in.
 */
export function apartFromLongLabels(
  say: Say,
  message: Message,
): { readonly message: Message; readonly long: readonly LongLabel[] } {
  const all = [...named(say.buttons, message.buttons), ...named(say.nav, message.nav)];
  const long = all.filter(({ label }) => label.length > longestRow);
  if (long.length === 0) return { message, long };
  const labels = [...new Set(long.map(({ label }) => label))];
  // As different as they were.
  const cut = (buttons: readonly Button[]): readonly Button[] =>
    buttons.map(({ id, label }) => ({
      id,
      label: labels.includes(label) ? `… ${labels.indexOf(label)}` : label,
    }));
  return { long, message: { ...message, buttons: cut(message.buttons), nav: cut(message.nav) } };
}

/** What of these is written in the files as it stands on the button. */
function named(said: readonly SayButton[], drawn: readonly Button[]): readonly LongLabel[] {
  return drawn.flatMap(({ label }, at) => {
    const words = said[at]?.words;
    return words !== undefined && "key" in words && words.params === undefined
      ? [{ key: words.key, label }]
      : [];
  });
}
