import { answers, textOf } from "../ten-questions.ts";

// The ten questions as every peer's own code asks them: what an answer is read as, where it leads, what is shown.

/** What a conversation has gathered in its round. */
export type PeerAnswers = Readonly<Record<string, string | number>>;

/** What an answer that is not understood is met with. */
export const notUnderstood = "Please answer in one of the ways shown.\n\n";

const yesNo = ["yes", "no"];
/** The buttons of a step; it has none where it is not here. */
export const optionsOf: Readonly<Record<string, readonly string[]>> = {
  q1: yesNo,
  q2: ["red", "green", "blue"],
  q4: yesNo,
  q6: ["one", "two", "three"],
  q8: yesNo,
  q10: yesNo,
};

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

/** What a person's words mean at a step; undefined where they are not understood. */
export function read(step: string, text: string): string | number | undefined {
  switch (step) {
    case "q1":
    case "q2":
    case "q4":
    case "q6":
    case "q8":
    case "q10": {
      const word = text.trim().toLowerCase();
      return optionsOf[step]?.includes(word) ? word : undefined;
    }
    case "q3":
      return wholeNumber(text, 0, 120);
    case "q7":
      return wholeNumber(text, 0, 10);
    default:
      return text;
  }
}

const after: Readonly<Record<string, string>> = {
  q1: "q2",
  q2: "q3",
  q3: "q4",
  q5: "q6",
  q6: "q7",
  q7: "q8",
  q8: "q9",
  q9: "q10",
  q10: "q1",
};

/** The step that an answer leads to. */
export function nextStep(step: string, value: string | number): string {
  return step === "q4" ? (value === "yes" ? "q5" : "q6") : (after[step] ?? "q1");
}

/** What a finished round is answered with: the decision table of the flow. */
export function resultOf(answers: PeerAnswers): string {
  return textOf(answers["q1"] === "yes" && Number(answers["q3"]) >= 18 ? "grown" : "other");
}

/** What a step says, and what a person writes. */
export { answers, textOf };
