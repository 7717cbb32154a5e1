import { own } from "../turn.ts";
import { type AnswerHandler, fixedButtons, other, type Reading, type Said } from "./answer-kind.ts";
import { pickConfirmed, readBack, readConfirmed } from "./read-back.ts";

/**
 * The number of a case: three letters and ten digits. Only the question that asks for it gets to see it; everywhere else
 * it is hidden. It is read back before it is used.
 */
export const receiptNumber: AnswerHandler<"receipt-number"> = {
  buttons: fixedButtons,
  prompt: (step, asking) => readBack(step, asking, (number) => own("receipt-number.confirm", { number })),
  pick: (_step, option, turn) => pickConfirmed(option, turn.session.asking),
  read: (step, said, turn) => readConfirmed(step, said, turn.session.asking) ?? taken(said),
  numbered: true,
};

function taken({ receipt }: Said): Reading {
  if (receipt === undefined) return other;
  return receipt.kind === "receipt"
    ? { kind: "asking", asking: { kind: "number", number: receipt.number } }
    : { kind: "not-possible", parts: [own("receipt-number.impossible")] };
}
