import { answerAt } from "../../conversation/answers-so-far.ts";
import type { Answer, Reminder, Session } from "../../conversation/session.ts";
import { isCivilDate } from "../../dates/civil-date.ts";
import type { Scalar, Value } from "../../nouns/value.ts";
import type { Place, Program } from "../program.ts";
import type { LiveAt, Liveness } from "./liveness.ts";
import { personKeys, type Use } from "./reads.ts";

/** How many of a kind (saved dates, topics, rounds that went alike) can make a difference to a condition; more are as good as these. */
export type Enough = number;

/** A conversation between two turns, with nothing in it but what a later step can read. */
export type Merged = { readonly session: Session; readonly key: string };

/**
 * Leaves out of a session all that no later step can read: two conversations that agree on the rest go on alike. What
 * only the commands look at (the way back, old buttons, misses) and the results gathered so far go too: results are
 * lists that steps append to, and no step reads them.
 */
export function merge(program: Program, liveness: Liveness, enough: Enough, session: Session): Merged {
  const live = liveness(session.frames);
  const answers = liveAnswers(session, live, enough);
  const merged: Session = {
    ...session,
    language: program.languages[0] ?? session.language,
    met: true,
    turn: 0,
    timeZone: zoneOf(session, live),
    answers,
    gathered: [],
    offered: [],
    misses: 0,
    ...remindersOf(program, session, answers, live, enough),
    subscriptions: live(personKeys.topics) === undefined ? [] : session.subscriptions.toSorted(),
    waitUntil: null,
    stopped: live(personKeys.stopped) === undefined ? false : session.stopped,
  };
  return { session: merged, key: JSON.stringify(merged) };
}

/** One zone stands for all where it only matters whether it is known. */
function zoneOf({ timeZone }: Session, live: LiveAt): string | null {
  const use = live(personKeys.zone);
  return use === undefined || timeZone === null ? null : use === "presence" ? "UTC" : timeZone;
}

function liveAnswers(session: Session, live: LiveAt, enough: Enough): readonly Answer[] {
  const places = [...new Set(session.answers.map(({ place }) => place))].sort();
  return places.flatMap((place) => liveAnswer(session, place, live(place), enough) ?? []);
}

function liveAnswer(
  session: Session,
  place: Place,
  use: Use | undefined,
  enough: Enough,
): Answer | undefined {
  const value = use === undefined ? undefined : answerAt(session, place);
  if (value === undefined) return undefined;
  const below = session.answers.findLast((answer) => answer.place === place)?.below;
  const kept = use === "presence" ? (isCivilDate(value) ? someDay : true) : asFar(value, enough);
  return { place, value: kept, ...(below === undefined ? {} : { below }) };
}

/** A day that stands for every day, where only that there is one matters. */
const someDay = "2000-01-01";

function asFar(value: Value, enough: Enough): Value {
  return typeof value === "object" ? fewItems(value, enough) : value;
}

/** A list as far as tests can tell lists apart: not by its order, nor by more of the same than a test counts to. */
function fewItems(items: readonly Scalar[], enough: Enough): readonly Scalar[] {
  const sorted = items.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
  return sorted.filter((item, at) => sorted[at - enough] !== item);
}

function remindersOf(
  program: Program,
  { reminders, nextReminder }: Session,
  answers: readonly Answer[],
  live: LiveAt,
  enough: Enough,
): Pick<Session, "reminders" | "nextReminder"> {
  if (live(personKeys.reminders) === undefined) return { reminders: [], nextReminder: 1 };
  const isFixed = ({ kind }: Reminder) => program.reminders.get(kind)?.change === undefined;
  const named = (one: Reminder) => answers.some(({ value }) => value === String(one.number));
  const kept = [
    ...reminders.filter(isFixed).slice(0, enough),
    ...reminders.filter((one) => !isFixed(one)).slice(0, enough),
  ];
  const all = [...kept, ...reminders.filter((one) => named(one) && !kept.includes(one))];
  // Numbers grow with each reminder: where no answer holds one of them, they begin anew.
  const plain = (one: Reminder, number: number) => plainly(program, one, number);
  if (reminders.some(named)) return { reminders: all.map((one) => plain(one, one.number)), nextReminder };
  return { reminders: all.map((one, at) => plain(one, at + 1)), nextReminder: all.length + 1 };
}

/** What it is about does not matter to a flow, only whether its date can be changed: one kind stands for all alike. */
function plainly(program: Program, { kind }: Reminder, number: number): Reminder {
  const isFixed = program.reminders.get(kind)?.change === undefined;
  const like = [...program.reminders.values()].find(({ change }) => (change === undefined) === isFixed);
  return { number, kind: like?.kind ?? kind, date: someDay, label: "" };
}
