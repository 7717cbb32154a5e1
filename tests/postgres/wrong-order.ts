import { madeAt } from "../../src/store/schema/retention.ts";
import type { Life } from "../crash/life.ts";
import type { Blow } from "./blows.ts";
import type { Answer, Talker } from "./echo-load.ts";

/** What is known around an answer that never came, or came too late. */
export type Around = {
  readonly blows: readonly Blow[];
  /** Every process that ran, with the place where it listened. */
  readonly servers: readonly { readonly url: string; readonly server: Life }[];
  /** This person's messages as they are in the database now, the oldest first. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
};

/** Columns that tell what became of a message, and nothing of what it said. */
export const rowColumns = "id, state, reason, attempts, report, owner, claimed, not_before";

/** How long before and after a word something may have to do with it, ms. */
const near = 8_000;

/**
 * Says of each word whether its answer came at all, and what happened around: which process took the word, what became of
 * its row, which blows fell, what the platform was told to do wrong, and what the processes had to report. All times are
 * from the moment when the first of the words was acknowledged, ms.
 */
export function whatHappened(
  talker: Talker,
  words: readonly number[],
  answers: readonly Answer[],
  around: Around,
): string {
  const from = Math.min(...words.map((word) => talker.taken.get(word)?.at ?? Number.POSITIVE_INFINITY));
  const at = (moment: number): string => `${moment < from ? "" : "+"}${Math.round(moment - from)}`;
  const isNear = (moment: number): boolean => Math.abs(moment - from) < near;
  const places = [...new Set(around.servers.map(({ url }) => url))];
  const nameOf = (url: string): string => `process ${places.indexOf(url) + 1}`;
  const about = words.flatMap((word) => {
    const taken = talker.taken.get(word);
    const came = answers.filter((answer) => answer.word === word).map((answer) => at(answer.at));
    return [
      came.length === 0
        ? `the answer to ${word} never came`
        : `the answer to ${word} came at ${came.join(", ")}`,
      `${word} was taken by ${taken === undefined ? "nobody" : nameOf(taken.by)}`,
    ];
  });
  const others = answers
    .filter((answer) => isNear(answer.at))
    .map((answer) => `${answer.word} at ${at(answer.at)}`);
  return [
    ...about,
    `answers: ${others.join(", ")}`,
    `rows: ${rowsNear(talker, words, around.rows, at).join("; ")}`,
    `blows: ${around.blows.filter((blow) => isNear(blow.at) || isNear(blow.until)).map((blow) => `${blow.kind} ${at(blow.at)} to ${at(blow.until)}`)}`,
    `troubles: ${talker.troubles.filter((one) => isNear(one.at)).map((one) => `${one.kind} from ${at(one.at)}`)}`,
    ...around.servers.flatMap(({ url, server }) =>
      warningsOf(server)
        .filter((warning) => isNear(warning.at))
        .map((warning) => `${nameOf(url)} at ${at(warning.at)}: ${warning.text}`),
    ),
  ].join("\n    ");
}

/** The rows of these words and of one before and after: the tap that opened the flow has the first row, each word the next. */
function rowsNear(
  talker: Talker,
  words: readonly number[],
  rows: Around["rows"],
  at: (moment: number) => string,
): readonly string[] {
  const said = talker.said.flat().length;
  const first = Math.max(0, Math.min(...words) - 1);
  const some = rows.length === said + 1 ? rows.slice(first, Math.max(...words) + 2) : rows;
  return some.map(({ id, not_before, ...rest }, index) => {
    const made = madeAt(Number(id));
    const slot = Number(id) % 100;
    const word = rows.length === said + 1 ? `of ${first + index}` : "";
    return `${word} made ${at(made)} in slot ${slot}, not before ${at(Number(not_before))}, ${JSON.stringify(rest)}`;
  });
}

type Warning = { readonly at: number; readonly text: string };

/** What a process logged. Nothing that anybody wrote stands there. */
function warningsOf(server: Life): readonly Warning[] {
  return server
    .complaint()
    .split("\n")
    .flatMap((line) => {
      const read = jsonIn(line);
      if (read === undefined) return [];
      const { time, level, ...rest } = read;
      return [{ at: Date.parse(String(time)), text: JSON.stringify(rest) }];
    });
}

function jsonIn(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === "object" && read !== null ? { ...read } : undefined;
  } catch {
    // A line that was cut off when its process was killed.
    return undefined;
  }
}
