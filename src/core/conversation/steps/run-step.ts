import type { Step } from "../../flow/program.ts";
import type { Turn } from "../turn.ts";
import { ask } from "./ask.ts";
import { call } from "./call.ts";
import { decide } from "./decide.ts";
import { end } from "./end.ts";
import { faq } from "./faq.ts";
import { forget } from "./forget.ts";
import { handOver } from "./hand-over.ts";
import { outcome } from "./outcome.ts";
import { remind } from "./remind.ts";
import { repeat } from "./repeat.ts";
import { say } from "./say.ts";
import { set } from "./set.ts";
import type { Move } from "./step-runner.ts";
import { subscribe } from "./subscribe.ts";

/** Does what a step of any kind does. A new kind does not compile until it is here. */
export function runStep(step: Step, turn: Turn): Move {
  switch (step.kind) {
    case "say":
      return say(step, turn);
    case "ask":
      return ask(step, turn);
    case "decide":
      return decide(step, turn);
    case "call":
      return call(step, turn);
    case "repeat":
      return repeat(step, turn);
    case "set":
      return set(step, turn);
    case "remind":
      return remind(step, turn);
    case "subscribe":
      return subscribe(step, turn);
    case "outcome":
      return outcome(step, turn);
    case "hand-over":
      return handOver(step, turn);
    case "forget":
      return forget(step, turn);
    case "faq":
      return faq(step, turn);
    case "end":
      return end(step, turn);
  }
}
