import type { OptionSource } from "../../flow/answer-schema.ts";
import { shortHash } from "../../flow/short-hash.ts";
import type { SayButton } from "../../nouns/say.ts";
import { normalise } from "../../text/normalise.ts";
import { knownReminders, labelOf, titleOf } from "../reminders.ts";
import type { Reminder } from "../session.ts";
import type { Turn } from "../turn.ts";
import {
  type AnswerHandler,
  type AskOf,
  acceptedOption,
  noInnerPrompt,
  other,
  pickedOption,
} from "./answer-kind.ts";

/** One of some options: fixed ones, or a list that is known only while talking. */
export const choice: AnswerHandler<"choice"> = {
  buttons: (step, turn) =>
    step.answer.from === undefined ? step.buttons : listedButtons(step, step.answer.from, turn),
  prompt: noInnerPrompt,
  pick: pickedOption,
  read: (step, said, turn) => {
    const accepted = acceptedOption(step, said.text);
    if (accepted !== undefined) return accepted;
    const listed = step.answer.from === undefined ? undefined : calledBy(step.answer.from, said.text, turn);
    return listed === undefined ? other : pickedOption(step, listed);
  },
  numbered: true,
};

/** The listed option that is called by this text, in whatever language; reminders have no names of their own. */
function calledBy(from: OptionSource, text: string, turn: Turn): string | undefined {
  if (from === "languages") return turn.program.languageWords.get(text);
  const called = listOf(from, turn).find(
    ({ words }) => "own" in words && Object.values(words.own).some((title) => normalise(title) === text),
  );
  return called?.option;
}

type Listed = { readonly option: string } & Pick<SayButton, "words" | "cut" | "spare">;

function listedButtons(step: AskOf<"choice">, from: OptionSource, turn: Turn): readonly SayButton[] {
  const listed = listOf(from, turn);
  const hash = shortHash(step.place, ...listed.map(({ option }) => option));
  const buttons = listed.map(({ option, ...shown }) => ({ id: `a:${hash}:${option}`, ...shown }));
  return [...buttons, ...step.buttons];
}

function listOf(from: OptionSource, turn: Turn): readonly Listed[] {
  const { program, session } = turn;
  if (from === "languages")
    return program.languages.map((language) => ({
      option: language,
      words: { own: { en: program.languageNames[language] ?? language } },
    }));
  if (from === "topics")
    return program.topics
      .filter(({ id }) => !session.subscriptions.includes(id))
      .map(({ id, titles }) => ({ option: id, words: { own: titles } }));
  if (from === "subscriptions")
    return program.topics
      .filter(({ id }) => session.subscriptions.includes(id))
      .map(({ id, titles }) => ({ option: id, words: { own: titles } }));
  if (from === "reminders" || from === "dates")
    return knownReminders(turn)
      .filter(({ kind }) => from === "reminders" || program.reminders.get(kind)?.change !== undefined)
      .map((reminder) => ({ option: String(reminder.number), ...reminderRow(reminder, program) }));
  const entries = program.faq.topics.get(from.slice("faq/".length)) ?? [];
  return entries.map((id) => ({ option: id, words: { key: program.faq.entries.get(id)?.labelKey ?? id } }));
}

/** How a reminder is named in a row: by its day, whose it is and its kind; where it comes again and again without a day. */
function reminderRow(
  reminder: Reminder,
  { reminders }: Turn["program"],
): Pick<SayButton, "words" | "cut" | "spare"> {
  const own = { title: titleOf(reminder), label: labelOf(reminder) };
  if (reminders.get(reminder.kind)?.every !== undefined)
    return { words: { key: "conversation:reminder.row-again", params: own }, cut: "label" };
  const params = { ...own, date: { kind: "row-date", date: reminder.date } } as const;
  return { words: { key: "conversation:reminder.row", params }, cut: "label", spare: "title" };
}
