import type { Answer, Session } from "./session.ts";

/** Place, value, and what else there is to say, where it was not just asked for. */
type PackedAnswer =
  | readonly [Answer["place"], Answer["value"]]
  | readonly [Answer["place"], Answer["value"], Omit<Answer, "place" | "value">];

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
  answers: readonly PackedAnswer[],
  offered: Session["offered"],
  waitUntil: Session["waitUntil"],
  seldom: Partial<Seldom>,
];

/**
 * The text that a session is stored as, half as long as its JSON and written and read in half the time: it is written
 * with every turn, and its length is what a turn has to encrypt and to bring to the disk.
 */
export function sessionText(session: Session): string {
  const { language, met, turn, content, frames, answers, offered, waitUntil } = session;
  const packed: Packed = [
    2,
    language,
    met,
    turn,
    content,
    frames,
    answers.map(packedAnswer),
    offered,
    waitUntil,
    seldomOf(session),
  ];
  return JSON.stringify(packed);
}

/** The session that `sessionText` made this text of, or that was stored as plain JSON before. Throws SyntaxError for any other. */
export function sessionOf(text: string): Session {
  const stored: Packed | Session = JSON.parse(text);
  if ("v" in stored) return stored;
  const [, language, met, turn, content, frames, answers, offered, waitUntil, seldom] = stored;
  return {
    v: 1,
    language,
    met,
    turn,
    content,
    timeZone: seldom.timeZone ?? null,
    frames,
    asking: seldom.asking ?? null,
    answers: answers.map(answerOf),
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

function seldomOf(session: Session): Partial<Seldom> {
  const seldom: { -readonly [Field in keyof Seldom]?: Seldom[Field] } = {};
  if (session.timeZone !== null) seldom.timeZone = session.timeZone;
  if (session.asking !== null) seldom.asking = session.asking;
  if (session.gathered.length > 0) seldom.gathered = session.gathered;
  if (session.misses !== 0) seldom.misses = session.misses;
  if (session.reminders.length > 0) seldom.reminders = session.reminders;
  if (session.nextReminder !== 1) seldom.nextReminder = session.nextReminder;
  if (session.subscriptions.length > 0) seldom.subscriptions = session.subscriptions;
  if (session.stopped) seldom.stopped = true;
  return seldom;
}

function packedAnswer(answer: Answer): PackedAnswer {
  const { place, value, asked, below, adds, opens } = answer;
  if (asked && below === undefined && adds === undefined && opens === undefined) return [place, value];
  const { place: _, value: __, ...more } = answer;
  return [place, value, more];
}

function answerOf([place, value, more]: PackedAnswer): Answer {
  return more === undefined ? { place, value, asked: true } : { place, value, ...more };
}
