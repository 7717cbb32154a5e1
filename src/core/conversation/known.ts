import type { Known } from "../flow/condition.ts";
import type { Place, Program } from "../flow/program.ts";
import { resultOf } from "../flow/value-types.ts";
import type { FlowId } from "../nouns/ids.ts";
import { answerAt } from "./answers-so-far.ts";
import { knownReminders } from "./reminders.ts";
import { type Turn, todayOf } from "./turn.ts";

/** What a condition of a flow can ask about: its answers, other flows' answers by `<flow>.<answer>`, and the person. */
export function factsOf(turn: Turn, flow: FlowId): Known {
  const { session, program } = turn;
  return {
    today: () => todayOf(turn),
    value: (name) => {
      switch (name) {
        case "person.reminders":
          return knownReminders(turn).length;
        case "person.dates":
          return knownReminders(turn).filter(({ kind }) => program.reminders.get(kind)?.change !== undefined)
            .length;
        case "person.subscriptions":
          return session.subscriptions.length;
        case "person.topics":
          return program.topics.filter(({ id }) => !session.subscriptions.includes(id)).length;
        case "person.time-zone":
          return session.timeZone ?? undefined;
        case "person.stopped":
          return session.stopped;
        default:
          return answerAt(session, placeOf(program, name, flow));
      }
    },
  };
}

function placeOf(program: Program, name: string, flow: FlowId): Place {
  const dot = name.lastIndexOf(".");
  if (dot < 0 || resultOf(program, flow, name) !== undefined) return `${flow}:${name}`;
  return `${name.slice(0, dot)}:${name.slice(dot + 1)}`;
}
