import { flowNow } from "../flow/moves.ts";
import { pickOption } from "./answer.ts";
import { doCommand } from "./commands.ts";
import { resume, showWaiting, visitFlow } from "./go.ts";
import { tapNudge } from "./nudge.ts";
import { tappedOption } from "./prompt.ts";
import { type EntryView, sayEntry } from "./questions.ts";
import { joinTopic, leaveTopic } from "./subscriptions.ts";
import { count, isAtRest, own, type Turn, tell, waitingStep } from "./turn.ts";

/**
 * What the first letter of a button's id says it is: an answer (`a:<hash>:<option>`), a command (`c:<name>`),
 * a question (`q:<entry>:<view>`), a language (`l:<tag>`), a flow (`f:<flow>`), a topic (`t:<topic>:join|leave`), a reminder (`r:<number>:<what>`).
 */
const families: Readonly<Record<string, (turn: Turn, rest: string, button: string) => void>> = {
  a: (turn, _rest, button) => {
    if (turn.moved) return showWaiting(turn);
    const step = waitingStep(turn);
    const option = step === undefined ? undefined : tappedOption(turn, step, button);
    if (step === undefined || option === undefined) return movedOn(turn);
    pickOption(turn, step, option);
  },
  c: doCommand,
  q: (turn, rest) => {
    const [id = "", view = "short"] = rest.split(":");
    if (!isView(view)) return movedOn(turn);
    sayEntry(turn, id, view);
    if (!isAtRest(turn)) showWaiting(turn);
  },
  l: (turn, rest) => {
    if (!turn.program.languages.includes(rest)) return movedOn(turn);
    turn.session.language = rest;
    showWaiting(turn);
  },
  f: (turn, rest) => {
    const { flow } = flowNow(turn.program, rest);
    if (turn.program.flows.has(flow)) visitFlow(turn, flow);
    else movedOn(turn);
  },
  t: (turn, rest) => {
    const [topic = "", what] = rest.split(":");
    const titles = turn.program.topics.find(({ id }) => id === topic)?.titles;
    if (titles === undefined) return movedOn(turn);
    if (what === "join") joinTopic(turn, topic);
    else leaveTopic(turn, topic);
    tell(
      turn,
      own(what === "join" ? "broadcast.joined" : "broadcast.left", { topic: { kind: "own", texts: titles } }),
    );
    resume(turn);
  },
  r: (turn, rest) => (tapNudge(turn, rest) ? undefined : movedOn(turn)),
};

/** A button was tapped, new or old. Old ones are answered kindly, with the question that waits now. */
export function onTap(turn: Turn, button: string): void {
  const family = button[1] === ":" ? families[button[0] ?? ""] : undefined;
  if (family === undefined) movedOn(turn);
  else family(turn, button.slice(2), button);
}

/** Buttons that are tapped once, besides the answers to questions: those of a nudge, and the way out of a topic. */
const oncePattern = /^(?:r:\d+:(?:done|later|stop)|t:.+:leave)$/;

/**
 * Whether with this button its whole message is done with, the question that it answers (`a:`) waiting or not. What opens
 * something to read, or leads elsewhere, can be tapped again, and so can what stands beside it.
 */
export function isForOnce(button: string): boolean {
  return button.startsWith("a:") || oncePattern.test(button);
}

function movedOn(turn: Turn): void {
  count(turn, "stale-tap");
  tell(turn, own("moved-on"));
  showWaiting(turn);
}

function isView(view: string): view is EntryView {
  return view === "short" || view === "more" || view === "where";
}
