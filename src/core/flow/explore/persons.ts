import { newSession, type Reminder, type Session } from "../../conversation/session.ts";
import type { Program, Topic } from "../program.ts";
import type { Entry } from "./entries.ts";
import type { LiveAt } from "./liveness.ts";
import type { Enough } from "./merge.ts";
import { personKeys } from "./reads.ts";

/** A person at the door of a flow: what is kept of them, in an installation with these topics. */
export type Person = { readonly program: Program; readonly session: Session };

const title = (name: string) => ({ en: name });

/** Topics such as an installation has them: none, or two to choose from. */
function topicsOf(count: number): readonly Topic[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `organisation/topic-${at + 1}`,
    organisation: "organisation",
    titles: title(`Topic ${at + 1}`),
  }));
}

/** The installations that conditions can tell apart: one without topics, and one with more than any of them counts to. */
export function worldsOf(program: Program, enough: Enough): readonly [Program, Program] {
  return [
    { ...program, topics: [] },
    { ...program, topics: topicsOf(enough + 1) },
  ];
}

/** Everyone who can come in there, by what a later step can read of them. */
export function personsAt(
  [bare, rich]: readonly [Program, Program],
  entry: Entry,
  live: LiveAt,
  enough: Enough,
): readonly Person[] {
  const base = { ...newSession(rich.languages[0] ?? "en", rich.hash), met: true };
  const zones = live(personKeys.zone) === undefined ? [null] : [null, "UTC"];
  const stops = live(personKeys.stopped) === undefined ? [false] : [false, true];
  const reminders = remindersOf(rich, entry, live, enough);
  const worlds: readonly (readonly [Program, readonly string[]])[] =
    live(personKeys.topics) === undefined
      ? [[rich, []]]
      : [
          [bare, []],
          ...rich.topics.map((_, at) => [rich, rich.topics.slice(0, at).map(({ id }) => id)] as const),
          [rich, rich.topics.map(({ id }) => id)],
        ];
  return worlds.flatMap(([program, subscriptions]) =>
    zones.flatMap((timeZone) =>
      stops.flatMap((stopped) =>
        reminders.map((kept) => ({
          program,
          session: {
            ...base,
            timeZone,
            stopped,
            subscriptions,
            reminders: kept,
            nextReminder: kept.length + 1,
          },
        })),
      ),
    ),
  );
}

/** Lists of saved dates: none, and each number of those that can and can't be changed up to what makes a difference. */
function remindersOf(
  program: Program,
  entry: Entry,
  live: LiveAt,
  enough: Enough,
): readonly (readonly Reminder[])[] {
  const needsOne = Object.keys(entry.preset).length > 0;
  if (live(personKeys.reminders) === undefined && !needsOne) return [[]];
  const dated = [...program.reminders.values()].find(({ change }) => change !== undefined)?.kind;
  const fixed = [...program.reminders.values()].find(({ change }) => change === undefined)?.kind;
  const counts = Array.from({ length: enough + 1 }, (_, count) => count);
  const lists = counts.flatMap((ofDated) =>
    counts.map((ofFixed) => [...times(dated, ofDated), ...times(fixed, ofFixed)]),
  );
  const numbered = lists.map((kinds) =>
    kinds.map((kind, at): Reminder => ({ number: at + 1, kind, date: "2000-01-01", label: "" })),
  );
  return numbered.filter(([first]) => !needsOne || (first !== undefined && first.kind === dated));
}

function times(kind: string | undefined, count: number): readonly string[] {
  return kind === undefined ? [] : Array.from({ length: count }, () => kind);
}
