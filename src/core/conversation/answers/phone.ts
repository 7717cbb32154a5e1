import { latinDigits } from "../../dates/digits.ts";
import { withoutBidiControls } from "../../render/bidi.ts";
import { own } from "../turn.ts";
import { type AnswerHandler, fixedButtons, other, type Reading } from "./answer-kind.ts";
import { pickConfirmed, readBack, readConfirmed } from "./read-back.ts";

/**
 * A phone number with its country code, as `+` and digits (ITU-T E.164: at most 15). It is read back before it is used:
 * one wrong digit and nobody is reached.
 */
export const phone: AnswerHandler<"phone"> = {
  buttons: fixedButtons,
  prompt: (step, asking) => readBack(step, asking, (number) => own("phone.confirm", { number })),
  pick: (_step, option, turn) => pickConfirmed(option, turn.session.asking),
  read: (step, said, turn) => readConfirmed(step, said, turn.session.asking) ?? readPhone(said.raw),
  numbered: true,
};

/** Digits with what people put between them; the sign before them, or behind them where the line runs from the right. */
const written = /(\+|(?<!\d)00)?[\s(]*\d(?:[\s().\-‐-―/]*\d){4,}\s*(\+)?/g;
const shortest = 7;
const longest = 15;

function readPhone(text: string): Reading {
  const plain = latinDigits(withoutBidiControls(text).normalize("NFKC")).replaceAll("(0)", "");
  const [found, ...others] = plain.matchAll(written);
  if (found === undefined || others.length > 0) return other;
  if (found[1] === undefined && found[2] === undefined)
    return { kind: "not-possible", parts: [own("phone.country-code")] };
  const digits = found[0].replaceAll(/\D/g, "").replace(/^00/, "");
  if (digits.length < shortest || digits.length > longest || digits.startsWith("0"))
    return { kind: "not-possible", parts: [own("phone.impossible")] };
  return { kind: "asking", asking: { kind: "number", number: `+${digits}` } };
}
