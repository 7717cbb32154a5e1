import { type CivilDate, isCivilDate } from "../../dates/civil-date.ts";
import type { StepOfKind } from "../../flow/program.ts";
import { isUnsure } from "../../nouns/value.ts";
import { answerAt } from "../answers-so-far.ts";
import { dropReminder, keepReminder } from "../reminders.ts";
import { type Turn, todayOf } from "../turn.ts";
import type { StepRunner } from "./step-runner.ts";

type Remind = StepOfKind<"remind">;

/** Sets, changes or stops a reminder of this person. Without a usable date nothing is set. */
export const remind: StepRunner<"remind"> = (step, turn) => {
  doers[step.do](step, turn);
  return { kind: "go", step: step.next };
};

const doers: Readonly<Record<Remind["do"], (step: Remind, turn: Turn) => void>> = {
  set: (step, turn) => {
    const { session } = turn;
    const date = step.date === undefined ? todayOf(turn) : dateOf(step, turn);
    if (step.reminder === undefined || date === undefined) return;
    const label = step.label === undefined ? "" : answerText(step.inFlow, step.label, turn);
    keepReminder(turn, { number: session.nextReminder, kind: step.reminder, date, label });
    session.nextReminder += 1;
  },
  change: (step, turn) => {
    const reminder = chosen(step, turn);
    const date = dateOf(step, turn);
    if (reminder !== undefined && date !== undefined) keepReminder(turn, { ...reminder, date });
  },
  stop: (step, turn) => {
    const reminder = chosen(step, turn);
    if (reminder !== undefined) dropReminder(turn, reminder.number);
  },
};

function dateOf(step: Remind, turn: Turn): CivilDate | undefined {
  const value = step.date === undefined ? undefined : answerAt(turn.session, `${step.inFlow}:${step.date}`);
  return isCivilDate(value) ? value : undefined;
}

function chosen(step: Remind, turn: Turn) {
  const which = step.which === undefined ? undefined : answerAt(turn.session, `${step.inFlow}:${step.which}`);
  return turn.session.reminders.find(({ number }) => String(number) === which);
}

function answerText(flow: string, name: string, turn: Turn): string {
  const value = answerAt(turn.session, `${flow}:${name}`);
  return typeof value === "string" && !isUnsure(value) ? value : "";
}
