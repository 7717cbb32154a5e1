import type { ValueFrom } from "../../flow/schema.ts";
import type { FlowId } from "../../nouns/ids.ts";
import type { Value } from "../../nouns/value.ts";
import { answerAt } from "../answers-so-far.ts";
import type { Turn } from "../turn.ts";

/** Looks the value up; undefined when that question was not answered. */
export function valueFrom(from: ValueFrom, flow: FlowId, turn: Turn): Value | undefined {
  return "value" in from ? from.value : answerAt(turn.session, `${flow}:${from.answer}`);
}
