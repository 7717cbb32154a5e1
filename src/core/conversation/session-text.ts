import type { Answer, Session } from "./session.ts";

/** What else there is to say of an answer. */
type More = Omit<Answer, "place" | "value">;

/**
 * Answers one after another: the place, the value, and then nothing where it was asked for and no more is to be said,
 * 0 where nothing stood below it, or else what is to be said. One list, for lists in it cost more than what they hold.
 */
type PackedAnswers = readonly (Answer["place"] | Answer["value"] | 0 | More)[];

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
  const stored: Packed | Session = JSON.parse(text);
  if ("v" in stored) return stored;
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
  for (const answer of answers) {
    list.push(answer.place, answer.value);
    const more = moreOf(answer);
    if (more !== undefined) list.push(more);
  }
  return list;
}

function moreOf(answer: Answer): 0 | More | undefined {
  const { asked, below, adds, opens } = answer;
  if (asked && adds === undefined && opens === undefined) {
    if (below === undefined) return undefined;
    if (below.length === 0) return 0;
  }
  const { place: _, value: __, ...more } = answer;
  return more;
}

function answersOf(list: PackedAnswers): Answer[] {
  const answers: Answer[] = [];
  for (let at = 0; at < list.length; ) {
    const place = list[at];
    const value = list[at + 1];
    const more = list[at + 2];
    if (typeof place !== "string" || value === undefined || isMore(value))
      throw new SyntaxError("a stored session has its answers out of order");
    const isNext = more === undefined || typeof more === "string";
    answers.push(isNext ? { place, value, asked: true } : withMore(place, value, more));
    at += isNext ? 2 : 3;
  }
  return answers;
}

function withMore(place: string, value: Answer["value"], more: PackedAnswers[number]): Answer {
  return isMore(more) ? { place, value, ...more } : { place, value, asked: true, below: [] };
}

function isMore(one: PackedAnswers[number]): one is More {
  return typeof one === "object" && "asked" in one;
}
