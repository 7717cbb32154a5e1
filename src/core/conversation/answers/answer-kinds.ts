import type { AnswerKind } from "../../flow/answer-schema.ts";
import type { StepOfKind } from "../../flow/program.ts";
import type { SayButton } from "../../nouns/say.ts";
import type { Asking } from "../session.ts";
import type { Turn } from "../turn.ts";
import type { AnswerHandler, AskOf, InnerPrompt, Reading, Said } from "./answer-kind.ts";
import { choice } from "./choice.ts";
import { country } from "./country.ts";
import { date } from "./date.ts";
import { money } from "./money.ts";
import { number } from "./number.ts";
import { phone } from "./phone.ts";
import { receiptNumber } from "./receipt-number.ts";
import { several } from "./several.ts";
import { text } from "./text.ts";
import { yesNo } from "./yes-no.ts";

type Ask = StepOfKind<"ask">;

/** An answer kind seen from a step of any kind; the step must be of that kind. */
type AnyAnswerHandler = {
  readonly buttons: (step: Ask, turn: Turn) => readonly SayButton[];
  readonly prompt: (step: Ask, asking: Asking, turn: Turn) => InnerPrompt | undefined;
  readonly pick: (step: Ask, option: string, turn: Turn) => Reading;
  readonly read: (step: Ask, said: Said, turn: Turn) => Reading;
  readonly numbered: boolean;
};

function isAsking<K extends AnswerKind>(kind: K, step: Ask): step is Ask & AskOf<K> {
  return step.answer.kind === kind;
}

function forAnyStep<K extends AnswerKind>(kind: K, handler: AnswerHandler<K>): AnyAnswerHandler {
  const narrow = (step: Ask): AskOf<K> => {
    if (!isAsking(kind, step))
      throw new TypeError(`a ${step.answer.kind} question was given to the ${kind} answers`);
    return step;
  };
  return {
    buttons: (step, turn) => handler.buttons(narrow(step), turn),
    prompt: (step, asking, turn) => handler.prompt(narrow(step), asking, turn),
    pick: (step, option, turn) => handler.pick(narrow(step), option, turn),
    read: (step, said, turn) => handler.read(narrow(step), said, turn),
    numbered: handler.numbered,
  };
}

/** Every kind of answer. A new kind does not compile until it is here. */
export const answerKinds: Readonly<Record<AnswerKind, AnyAnswerHandler>> = {
  "yes-no": forAnyStep("yes-no", yesNo),
  choice: forAnyStep("choice", choice),
  several: forAnyStep("several", several),
  date: forAnyStep("date", date),
  number: forAnyStep("number", number),
  money: forAnyStep("money", money),
  text: forAnyStep("text", text),
  country: forAnyStep("country", country),
  phone: forAnyStep("phone", phone),
  "receipt-number": forAnyStep("receipt-number", receiptNumber),
};
