export type Scalar = string | number | boolean;

/**
 * The value of an answer. Choices and yes/no answers are option ids, countries ISO 3166-1 alpha-2 codes,
 * dates civil dates (`YYYY-MM-DD`), money and numbers numbers, phones digits after a `+`, receipt numbers three
 * letters and ten digits, several-of answers lists of option ids. What the rounds of a `repeat` gave is a list with one
 * item for each round.
 */
export type Value = Scalar | readonly Scalar[];

/** Stands in the list of a `repeat` for a round in which the question was not answered; no answer is this. */
export const notAnswered = "";

/** The answers that every question may allow besides its own. */
export const unsureAnswers = ["dont-know", "rather-not-say"] as const;
export type UnsureAnswer = (typeof unsureAnswers)[number];

/** Whether the value is one of the two "no answer" answers. */
export function isUnsure(value: Value | undefined): value is UnsureAnswer {
  return value === "dont-know" || value === "rather-not-say";
}
