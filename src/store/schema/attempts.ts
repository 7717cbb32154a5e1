import { type Ms, minute, second } from "../../core/nouns/time.ts";

/** How long to wait before the second, third, fourth and fifth try. After the fifth, within two minutes, it is set aside. */
const pauses: readonly Ms[] = [second, 5 * second, 30 * second, 80 * second];
export const mostAttempts = pauses.length + 1;

/** The pause after a failed attempt (1 for the first), ms; undefined when there shall be no other. */
export function pauseAfter(attempt: number): Ms | undefined {
  return pauses[attempt - 1];
}

/**
 * When an input that was taken back is looked at again, if nobody has handled it by then: whoever took it did not live to
 * see it through.
 */
export const takenBackFor: Ms = 2 * minute;

/**
 * How long after an unclean end inputs are handled one by one, each attempt written first. Longer than a platform lets pass
 * before it comes again (Telegram: up to two minutes), or an input that ends the process might always come too late.
 */
export const carefulFor: Ms = 3 * minute;
