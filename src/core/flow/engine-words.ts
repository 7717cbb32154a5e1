import { needWords, type Reading } from "./reading.ts";

/** What the engine itself says, in `conversation.json`. A text that is missing here would be missed in the middle of a talk. */
export const engineWords: readonly string[] = [
  "list",
  "not-understood",
  "help.yes-no",
  "help.choice",
  "help.several",
  "help.date",
  "help.number",
  "help.money",
  "help.text",
  "help.country",
  "offer-person",
  "date.confirm",
  "date.confirm-placeholder",
  "date.confirm-far",
  "date.choose",
  "date.year-only",
  "date.impossible",
  "date.row",
  "several.chosen",
  "several.none",
  "number.range",
  "number.least",
  "text.too-long",
  "moved-on",
  "media",
  "at-start",
  "faq.suggest",
  "faq.none",
  "faq.none-of-these",
  "faq.more",
  "faq.where",
  "faq.sources-heading",
  "faq.source",
  "faq.checked",
  "faq.offer",
  "identifier",
  "stopped",
  "stopped-start",
  "levels.lawyer-first",
  "levels.worth-asking",
  "levels.not-from-here",
  "levels.closed",
  "fact.check",
  "fact.expired",
  "fact.hold",
  "nudge.done",
  "nudge.later",
  "nudge.change",
  "nudge.stop",
  "nudge.done-said",
  "nudge.later-said",
  "nudge.stopped-said",
  "reminder.row",
  "broadcast.from",
  "broadcast.leave",
  "broadcast.left",
  "broadcast.joined",
];

/** Labels of answers that every question of a kind offers. */
const answerWords = ["yes", "no", "dont-know", "rather-not-say", "done", "change"];

/** Finds what the engine says and English lacks. */
export function checkEngineWords(reading: Reading): void {
  for (const key of engineWords) needWords(reading, `conversation:${key}`);
  for (const answer of answerWords) needWords(reading, `answers:${answer}.label`);
}
