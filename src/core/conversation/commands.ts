import type { Command } from "../flow/program.ts";
import { goBack } from "./answer.ts";
import { leaveVisit, openFlow, openHome, reset, showWaiting, visitFlow } from "./go.ts";
import { emit, isAtRest, own, sendOff, type Turn, tell } from "./turn.ts";

/** Carries out a command by its name; a name that is not known changes nothing and shows what waits. */
export function doCommand(turn: Turn, name: string): void {
  const command = turn.program.commands.get(name);
  if (command === undefined) {
    tell(turn, own("moved-on"));
    return showWaiting(turn);
  }
  perform(turn, command);
}

function perform(turn: Turn, command: Command): void {
  switch (command.do) {
    case "stop":
      return stop(turn);
    case "back":
      return back(turn);
    case "start-again":
      return startAgain(turn);
    case "continue":
      return showWaiting(turn);
    case "visit":
      return visitFlow(turn, command.flow);
    case "open":
      return turn.session.met ? openFlow(turn, command.flow) : openHome(turn);
  }
}

/** Out of a half-given answer, else to the question before: for the first of a visit that is the one below it. */
function back(turn: Turn): void {
  if (turn.session.asking !== null) {
    turn.session.asking = null;
    return showWaiting(turn);
  }
  if (leaveVisit(turn) || goBack(turn)) return;
  if (!isAtRest(turn)) tell(turn, own("at-start"));
  showWaiting(turn);
}

/** Begins the running flow again, or the one that it follows. */
function startAgain(turn: Turn): void {
  const flow = turn.session.frames.at(-1)?.split(":")[0];
  if (flow === undefined) return openHome(turn);
  const again = turn.program.flows.get(flow)?.again;
  if (again === undefined) visitFlow(turn, flow);
  else openFlow(turn, again);
}

/** Ends reminders, subscriptions and waits; the confirmation is queued with it. */
function stop(turn: Turn): void {
  const { session } = turn;
  reset(turn);
  session.reminders = [];
  session.subscriptions = [];
  session.stopped = true;
  session.waitUntil = null;
  emit(turn, { kind: "stop" });
  tell(turn, own("stopped"));
  sendOff(turn, [{ id: "c:start", words: { key: "conversation:stopped-start" } }], []);
}
