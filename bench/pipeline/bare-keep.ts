/** One webhook's update, as far as the bare path looks at it. */
export type Posted = { readonly id: number; readonly chat: number; readonly text: string };
/** The call that answers it, and its row. */
export type Answer = { readonly id: number | bigint; readonly body: string };

/** Where the bare path keeps its rows. */
export type Keep = {
  /** Commits under way at once. */
  readonly side: number;
  /** Makes the updates durable with their answers, and strikes off those that have left: one commit. */
  readonly commit: (left: readonly Answer["id"][], posted: readonly Posted[]) => Promise<readonly Answer[]>;
};

/** The last ten texts of a person, this one included. */
export function textsWith(before: unknown, text: string): string {
  const texts: unknown[] = typeof before === "string" ? JSON.parse(before) : [];
  return JSON.stringify([...texts.slice(-9), text]);
}

/** The same answer for everyone. */
export function bodyFor(chat: number): string {
  const buttons = ["Yes", "No"].map((label) => [{ text: label, callback_data: label }]);
  return JSON.stringify({
    chat_id: chat,
    text: "This is the text of a question, of about the length that a question has.",
    reply_markup: { inline_keyboard: buttons },
  });
}
