/** What can happen to a conversation. A reminder falling due and a wait running out are inputs like any other. */
export type Input =
  | { readonly kind: "text"; readonly text: string }
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
