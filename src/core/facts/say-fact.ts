import { type CivilDate, isCivilDate } from "../dates/civil-date.ts";
import type { Fact } from "../flow/program.ts";

/** How a fact may be spoken of on a day; see `docs/authoring.md`. */
export type FactSaying =
  /** The statement, plainly. */
  | { readonly kind: "statement" }
  /** The statement with its as-of date and the official page. */
  | { readonly kind: "dated" }
  /** Not the value: that it can't be confirmed today, and the page. */
  | { readonly kind: "expired" }
  /** Not the statement: that this is changing or in court, and the page. */
  | { readonly kind: "hold" };

/** What may be said of a fact on a day: a `check` value is not shown from its review day on, a `hold` never is. */
export function sayingOf(fact: Pick<Fact, "say" | "review-by">, today: CivilDate): FactSaying {
  switch (fact.say) {
    case "ok":
    case "hist":
      return { kind: "statement" };
    case "hold":
      return { kind: "hold" };
    case "check":
      return today < fact["review-by"] ? { kind: "dated" } : { kind: "expired" };
  }
}

/** The first day on which a message that states these facts must be worded anew; undefined when none ages. */
export function agesOn(
  facts: readonly Pick<Fact, "say" | "review-by">[],
  today: CivilDate,
): CivilDate | undefined {
  const days = facts.flatMap((fact) => {
    const day = fact["review-by"];
    return fact.say === "check" && today < day && isCivilDate(day) ? [day] : [];
  });
  return days.sort().at(0);
}
