/** What can happen to a conversation. A reminder falling due and a wait running out are inputs like any other. */
export type Input =
  /** `awaited`: messages have waited for the person to write, and leave before what is answered. */
  | { readonly kind: "text"; readonly text: string; readonly awaited?: true }
  | { readonly kind: "tap"; readonly button: string }
  /** Something that is not text (picture, voice, file, place …); never fetched. */
  | { readonly kind: "media" }
  /** The platform's own "start", with the deep link's payload ("" when there is none). */
  | { readonly kind: "start"; readonly payload: string }
  /** A scheduled moment of this person has come: which one, and the turn it was made in. */
  | { readonly kind: "due"; readonly ref: string }
  /** The person blocked the bot, or took the block away. */
  | { readonly kind: "blocked" }
  | { readonly kind: "unblocked" };

/**
 * A text of Telegram has at most 4096 characters (Bot API, Message.text); one of WhatsApp may have sixteen times as many,
 * and a forged one any number. Reading takes time with the length, and everybody waits for it: nobody writes a question
 * that long. In UTF-16 units.
 */
export const longestText = 4096;

/** As much of a text as is read: its beginning, of at most {@link longestText} UTF-16 units, with no surrogate pair cut in two. */
export function readableText(text: string): string {
  if (text.length <= longestText) return text;
  const unit = text.charCodeAt(longestText);
  return text.slice(0, unit >= 0xdc00 && unit <= 0xdfff ? longestText - 1 : longestText);
}
