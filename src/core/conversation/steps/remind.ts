import { addDays, addYears, type CivilDate, isCivilDate } from "../../dates/civil-date.ts";
import type { StepOfKind } from "../../flow/program.ts";
import type { Param } from "../../nouns/say.ts";
import { isUnsure } from "../../nouns/value.ts";
import { answerAt } from "../answers-so-far.ts";
import { dropReminder, keepReminder, knownReminders, labelOf, titleOf } from "../reminders.ts";
import type { Reminder } from "../session.ts";
import { own, type Turn, tell, todayOf } from "../turn.ts";
import type { StepRunner } from "./step-runner.ts";

type Remind = StepOfKind<"remind">;

/**
 * Sets, changes or stops a reminder of this person, or tells what its kind is about, or all that there are. Without a usable date nothing is
 * set; nor where the person has as many as may be kept: that is said, and the step's `full` follows or the flow is over.
 */
export const remind: StepRunner<"remind"> = (step, turn) => {
  if (step.do === "set" && turn.session.reminders.length >= mostReminders) {
    tell(turn, {
      style: "text",
      words: { key: "conversation:reminder.full", params: { most: mostReminders } },
    });
    return step.full === undefined ? { kind: "return" } : { kind: "go", step: step.full };
  }
  doers[step.do](step, turn);
  return { kind: "go", step: step.next };
};

/** More than a household needs; each takes room in the sealed conversation and a moment of the scheduler. */
const mostReminders = 40;

const doers: Readonly<Record<Remind["do"], (step: Remind, turn: Turn) => void>> = {
  set: (step, turn) => {
    const { session } = turn;
    const kind = kindOf(step, turn);
    const date = step.date === undefined ? todayOf(turn) : dateOf(step, turn);
    if (kind === undefined || date === undefined) return;
    const label = step.label === undefined ? "" : answerText(step.inFlow, step.label, turn);
    keepReminder(turn, { number: session.nextReminder, kind, date: counted(kind, date, turn), label });
    session.nextReminder += 1;
  },
  change: (step, turn) => {
    const reminder = chosen(step, turn);
    const date = dateOf(step, turn);
    if (reminder !== undefined && date !== undefined)
      keepReminder(turn, { ...reminder, date: counted(reminder.kind, date, turn) });
  },
  stop: (step, turn) => {
    const reminder = chosen(step, turn);
    if (reminder !== undefined) dropReminder(turn, reminder.number);
  },
  about: (step, turn) => {
    const kind = kindOf(step, turn);
    if (kind !== undefined) tell(turn, { style: "text", words: { key: `reminders/${kind}:about` } });
  },
  list: (_step, turn) => {
    const items = knownReminders(turn).map((reminder) => lineOf(turn, reminder));
    if (items.length > 0) tell(turn, own("reminder.list", { reminders: { kind: "lines", items } }));
  },
};

/** A saved date by its kind, its day (where it recurs, the next one) and whose it is. */
function lineOf({ program }: Turn, reminder: Reminder): Param {
  const recurs = program.reminders.get(reminder.kind)?.every !== undefined;
  return {
    kind: "words",
    key: recurs ? "conversation:reminder.line-again" : "conversation:reminder.line",
    params: {
      title: titleOf(reminder),
      label: labelOf(reminder),
      date: { kind: "date", date: recurs ? (reminder.next ?? reminder.date) : reminder.date },
    },
  };
}

/** The kind of date that a step speaks of; undefined where there is none of that name. */
function kindOf({ reminder, inFlow }: Remind, turn: Turn): string | undefined {
  const named =
    typeof reminder === "object" ? answerAt(turn.session, `${inFlow}:${reminder.answer}`) : reminder;
  return typeof named === "string" && turn.program.reminders.has(named) ? named : undefined;
}

/** Days so far off that nothing can be counted from them any more. */
const lastCounted = "9000-01-01";

/** The date to remind of: the given day, or so much later where the kind counts from an event. */
function counted(kind: string, day: CivilDate, turn: Turn): CivilDate {
  const after = turn.program.reminders.get(kind)?.after;
  if (after === undefined || day > lastCounted) return day;
  return "years" in after ? addYears(day, after.years) : addDays(day, after.days);
}

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
