import type { Place } from "../flow/program.ts";
import type { Value } from "../nouns/value.ts";
import { isAbove } from "./answers-so-far.ts";
import type { Answer, Session } from "./session.ts";

/** What else there is to say of an answer: the frames below a question only where they are not those of the one before. */
type More = { readonly asked: boolean } & Omit<Answer, "place" | "value">;

/**
 * Answers one after another: the place, the value, and then nothing where it was asked for and no more is to be said,
 * 0 where nothing stood below it, or else what is to be said. One list, for lists in it cost more than what they hold.
 */
type PackedAnswers = readonly (Answer["place"] | Answer["value"] | 0 | More)[];

type Below = Answer["below"];

const none: readonly Place[] = [];

/** As earlier programs stored a session: as it is, but for the frames, which stood as in {@link More}. */
type Plain = Omit<Session, "answers"> & { readonly answers: readonly PlainAnswer[] };
type PlainAnswer = Pick<Answer, "place" | "value"> & More;

/** What few conversations have: each field stands only where it says more than its absence. */
type Seldom = Pick<
  Session,
  "timeZone" | "asking" | "gathered" | "misses" | "reminders" | "nextReminder" | "subscriptions" | "stopped"
>;

/** A session as it is stored: what all have in a fixed order, then the rest. */
type Packed = readonly [
  form: 2,
  language: Session["language"],
  met: boolean,
  turn: number,
  content: string,
  frames: Session["frames"],
  answers: PackedAnswers,
  offered: Session["offered"],
  waitUntil: Session["waitUntil"],
  seldom?: Partial<Seldom>,
];

/**
 * The text that a session is stored as, half as long as its JSON and written and read in half the time: it is written
 * with every turn, and its length is what a turn has to encrypt and to bring to the disk.
 */
export function sessionText(session: Session): string {
  const { language, met, turn, content, frames, answers, offered, waitUntil } = session;
  const list = packedAnswers(answers);
  const seldom = seldomOf(session);
  const packed: Packed =
    seldom === undefined
      ? [2, language, met, turn, content, frames, list, offered, waitUntil]
      : [2, language, met, turn, content, frames, list, offered, waitUntil, seldom];
  return JSON.stringify(packed);
}

/** The session that `sessionText` made this text of, or that was stored as plain JSON before. Throws SyntaxError for any other. */
export function sessionOf(text: string): Session {
  const stored: Packed | Plain = JSON.parse(text);
  if ("v" in stored) return { ...stored, answers: answersOf(listOf(stored.answers)) };
  const [form, language, met, turn, content, frames, answers, offered, waitUntil, seldom = {}] = stored;
  if (form !== 2) throw new SyntaxError("a stored session has a form that this program does not know");
  return {
    v: 1,
    language,
    met,
    turn,
    content,
    timeZone: seldom.timeZone ?? null,
    frames,
    asking: seldom.asking ?? null,
    answers: answersOf(answers),
    gathered: seldom.gathered ?? [],
    offered,
    misses: seldom.misses ?? 0,
    reminders: seldom.reminders ?? [],
    nextReminder: seldom.nextReminder ?? 1,
    subscriptions: seldom.subscriptions ?? [],
    waitUntil,
    stopped: seldom.stopped ?? false,
  };
}

/** Undefined where nothing is out of the common. */
function seldomOf(session: Session): Partial<Seldom> | undefined {
  const seldom: { -readonly [Field in keyof Seldom]?: Seldom[Field] } = {};
  if (session.timeZone !== null) seldom.timeZone = session.timeZone;
  if (session.asking !== null) seldom.asking = session.asking;
  if (session.gathered.length > 0) seldom.gathered = session.gathered;
  if (session.misses !== 0) seldom.misses = session.misses;
  if (session.reminders.length > 0) seldom.reminders = session.reminders;
  if (session.nextReminder !== 1) seldom.nextReminder = session.nextReminder;
  if (session.subscriptions.length > 0) seldom.subscriptions = session.subscriptions;
  if (session.stopped) seldom.stopped = true;
  for (const _ in seldom) return seldom;
  return undefined;
}

function packedAnswers(answers: readonly Answer[]): PackedAnswers {
  const list: PackedAnswers[number][] = [];
  let before: Below;
  for (const answer of answers) {
    list.push(answer.place, answer.value);
    const more = moreOf(answer, before);
    if (more !== undefined) list.push(more);
    before = answer.below ?? before;
  }
  return list;
}

function moreOf({ below, adds, opens }: Answer, before: Below): 0 | More | undefined {
  const isNew = !isSame(below, before);
  if (below !== undefined && adds === undefined && opens === undefined) {
    if (!isNew) return undefined;
    if (below.length === 0) return 0;
  }
  return {
    asked: below !== undefined,
    ...(isNew ? { below } : {}),
    ...(adds === undefined ? {} : { adds }),
    ...(opens === undefined ? {} : { opens }),
  };
}

/** Whether there is nothing to be said of the frames: a step set the answer, or they are those of the one before. */
function isSame(below: Below, before: Below): boolean {
  if (below === undefined || below === before) return true;
  return before?.length === below.length && isAbove(below, before);
}

function answersOf(list: PackedAnswers): Answer[] {
  const answers: Answer[] = [];
  let before: Below;
  for (let at = 0; at < list.length; ) {
    const place = list[at];
    const value = list[at + 1];
    if (typeof place !== "string" || value === undefined || isMore(value))
      throw new SyntaxError("a stored session has its answers out of order");
    const more = moreAt(list, at + 2);
    const answer = answerWith(place, value, more, before);
    answers.push(answer);
    before = answer.below ?? before;
    at += more === undefined ? 2 : 3;
  }
  return answers;
}

/** What stands after an answer; undefined where the next one does. */
function moreAt(list: PackedAnswers, at: number): 0 | More | undefined {
  const more = list[at];
  return more === undefined || typeof more === "string" ? undefined : isMore(more) ? more : 0;
}

function listOf(answers: readonly PlainAnswer[]): PackedAnswers {
  return answers.flatMap(({ place, value, ...more }) => [place, value, more]);
}

function answerWith(place: Place, value: Value, more: 0 | More | undefined, before: Below): Answer {
  if (more === undefined) return { place, value, below: before ?? none };
  if (more === 0) return { place, value, below: none };
  const { asked, below, ...rest } = more;
  return asked ? { place, value, below: below ?? before ?? none, ...rest } : { place, value, ...rest };
}

function isMore(one: PackedAnswers[number]): one is More {
  return typeof one === "object" && "asked" in one;
}
