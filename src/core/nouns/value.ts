/**
 * The value of an answer. Choices and yes/no answers are option ids, countries ISO 3166-1 alpha-2 codes,
 * dates civil dates (`YYYY-MM-DD`), money and numbers numbers, several-of answers lists of option ids.
 */
export type Value = string | number | boolean | readonly string[];

/** The answers that every question may allow besides its own. */
export const unsureAnswers = ["dont-know", "rather-not-say"] as const;
export type UnsureAnswer = (typeof unsureAnswers)[number];

/** Whether the value is one of the two "no answer" answers. */
export function isUnsure(value: Value | undefined): value is UnsureAnswer {
  return value === "dont-know" || value === "rather-not-say";
}
