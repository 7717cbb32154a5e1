import type { Twice } from "../crash/load.ts";
import type { Place } from "../crash/place.ts";
import { playedOf } from "../crash/report.ts";
import type { BotApi } from "../stand-ins/bot-api.ts";
import type { Blow, BlowKind } from "./blows.ts";
import { type Answer, answersOf, type Talker } from "./echo-load.ts";
import type { Databases } from "./place.ts";
import { everybody, type Known, unowned, wrongInStore } from "./stored.ts";
import { type Around, rowColumns, whatHappened } from "./wrong-order.ts";

export type CrashReport = {
  readonly acknowledged: number;
  /** Messages that were decided on, each sent at least once. */
  readonly messages: number;
  /** How often the platform really did each of its misdeeds. */
  readonly played: Readonly<Record<string, number>>;
  /** How many kills struck at each fail point; all others fell anywhere. */
  readonly struck: Readonly<Record<string, number>>;
  readonly blows: Readonly<Record<BlowKind, number>>;
  /** Answers that were sent twice, by what had happened between. */
  readonly copies: Readonly<Record<BlowKind, number>>;
  readonly worst: Readonly<Record<BlowKind, number>>;
  /** Answers that were sent once more because the platform took them and dropped the connection. */
  readonly platformCopies: number;
  /** Processes that were taken for dead without a blow: the machine gave them no time. */
  readonly starved: number;
  /** Every promise that was broken, in words. */
  readonly violations: readonly string[];
};

export type Ran = {
  readonly talkers: readonly Talker[];
  readonly twice: Twice;
  readonly blows: readonly Blow[];
  readonly stuck: boolean;
  readonly servers: Around["servers"];
};

type Where = {
  readonly databases: Databases;
  readonly database: string;
  /** Whose key it is. */
  readonly place: Pick<Place, "dataDir" | "keyFile">;
  /** Where the content lies. */
  readonly root: string;
  readonly inFlight: number;
  readonly processes: number;
  /** How often a process had entered before the first of these did. */
  readonly enteredBefore: number;
};

/** Compares what was acknowledged with what is in the database, and with what the platform took. */
export async function brokenPromises(where: Where, bot: BotApi, ran: Ran): Promise<CrashReport> {
  const { talkers, twice, blows, servers } = ran;
  const answers = answersOf(bot);
  const read = talkers.map((talker) => readAnswers(talker, answers.of(talker.chat), blows));
  const copies = countCopies(
    read.flatMap((one) => one.copies),
    blows,
  );
  const starved = await starvedOf(where, blows);
  const stale = await unowned(where);
  // Enters as another process, and frees what is stale: last of all.
  const people = await everybody(where);
  const wrong = await wrongInStore(where, people, read);
  return {
    starved,
    acknowledged: talkers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
    messages: wrong.messages,
    played: playedOf(bot.faults.played(), twice),
    struck: countOf(blows.flatMap(({ point }) => point ?? [])),
    blows: byKind((kind) => blows.filter((blow) => blow.kind === kind).length),
    copies: byKind((kind) => copies.of(kind).reduce((sum, count) => sum + count, 0)),
    worst: byKind((kind) => Math.max(0, ...copies.of(kind))),
    platformCopies: read.reduce((sum, { lost }) => sum + lost, 0),
    violations: [
      ...(ran.stuck ? ["messages are left that nobody sends"] : []),
      ...(await tellAll(where, people, { blows, servers }, read)),
      ...tooManyCopies(copies, where.inFlight, starved),
      ...stale,
      ...wrong.violations,
    ],
  };
}

function countOf(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...new Set(names)].map((name) => [name, names.filter((one) => one === name).length]),
  );
}

const byKind = (count: (kind: BlowKind) => number): Readonly<Record<BlowKind, number>> => ({
  kill: count("kill"),
  cut: count("cut"),
  freeze: count("freeze"),
});

/** An answer that was taken once more, with the blow between that explains it best. */
type Copy = { readonly blow: Blow | undefined };

/** An answer that came out of its order, or not at all. */
type Wrong = {
  readonly talker: Talker;
  readonly answers: readonly Answer[];
  readonly together: readonly number[];
  readonly came: readonly number[];
};

/**
 * The first of each answer has to come in the order of the words; what comes again is a copy, unless the platform dropped
 * the connection after it had taken the one before: then it has to come again.
 */
function readAnswers(talker: Talker, answers: readonly Answer[], blows: readonly Blow[]) {
  const last = new Map<number, Answer>();
  const copies: Copy[] = [];
  let lost = 0;
  for (const answer of answers) {
    const before = last.get(answer.word);
    last.set(answer.word, answer);
    if (before === undefined) continue;
    if (talker.dropped.has(before.number)) lost += 1;
    else
      copies.push({ blow: worstOf(blows.filter(({ at, until }) => before.at <= until && at <= answer.at)) });
  }
  const words = [...last.keys()];
  const order = [...words];
  const wrong = talker.said.flatMap((together): readonly Wrong[] => {
    const came = order.splice(0, together.length);
    return together.every((word) => came.includes(word)) ? [] : [{ talker, answers, together, came }];
  });
  return { talker, words, wrong: wrong.slice(0, 1), copies, lost };
}

/** What is wrong with the answers, each with what is known around it. */
async function tellAll(
  { databases: { postgres }, database }: Where,
  people: ReadonlyMap<number, Known>,
  around: Omit<Around, "rows">,
  read: readonly { readonly wrong: readonly Wrong[] }[],
): Promise<readonly string[]> {
  const tell = async ({ talker, answers, together, came }: Wrong): Promise<string> => {
    const rows = await postgres.run(
      `SELECT ${rowColumns} FROM outbox WHERE contact_id = ${people.get(talker.chat)?.contact ?? 0} ORDER BY id`,
      database,
    );
    const missing = together.filter((word) => !came.includes(word));
    const told = whatHappened(talker, missing, answers, { ...around, rows });
    return `${talker.chat}: after ${together.join(" and ")} came the answer to ${came.join(" and ")}\n    ${told}`;
  };
  return Promise.all(read.flatMap(({ wrong }) => wrong).map(tell));
}

/**
 * The first that ended a process or stopped it, if there is one: a cut may keep what was sent from being marked, but it is
 * sent again only where its process was killed before it could mark it.
 */
function worstOf(blows: readonly Blow[]): Blow | undefined {
  return blows.find(({ kind }) => kind !== "cut") ?? blows[0];
}

type Copies = { readonly of: (kind: BlowKind) => readonly number[]; readonly without: number };

/** Counts copies, one number for each blow of a kind. */
function countCopies(copies: readonly Copy[], blows: readonly Blow[]): Copies {
  return {
    of: (kind) =>
      blows
        .filter((blow) => blow.kind === kind)
        .map((blow) => copies.filter((copy) => copy.blow === blow).length),
    without: copies.filter(({ blow }) => blow === undefined).length,
  };
}

/**
 * What a process had on its way when it was killed or stopped may come again, and nothing else: a connection that is cut
 * repeats nothing, because the process that sent a message still knows that it did. One that goes on after it was taken for
 * dead begins no other send before it has asked for its lease, and then what it holds is no longer its own. `starved`: how
 * many processes this machine gave no time for so long that they were taken for dead without a blow.
 */
function tooManyCopies({ of, without }: Copies, inFlight: number, starved: number): readonly string[] {
  const own = starved * inFlight;
  const most = { kill: own + inFlight, freeze: own + inFlight, cut: own };
  const tooMany = (["kill", "freeze", "cut"] as const).flatMap((kind) => {
    const worst = Math.max(0, ...of(kind));
    return worst > most[kind] ? [`${worst} copies after one ${kind}`] : [];
  });
  return [...(without > starved * inFlight ? [`${without} copies without a blow`] : []), ...tooMany];
}

/** Each process enters once, and once more after a blow that it did not survive. */
async function starvedOf(
  { databases, database, processes, enteredBefore }: Where,
  blows: readonly Blow[],
): Promise<number> {
  const entered = (await enteredSoFar(databases, database)) - enteredBefore;
  return entered - processes - blows.filter(({ kind }) => kind !== "cut").length;
}

/** How often a process has entered a database, ever. */
export async function enteredSoFar({ postgres }: Databases, database: string): Promise<number> {
  const [row] = await postgres.run(
    "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('workers', 'id')), 0)::integer AS entered",
    database,
  );
  return Number(row?.["entered"]);
}
