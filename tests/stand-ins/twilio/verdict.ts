import { isNorthAmerican } from "./addresses.ts";
import { misfit } from "./content-types.ts";
import type { AskedMessage } from "./message-parameters.ts";
import type { PersonState } from "./people.ts";

/** Free-form messages go for so long after the person's last message (error 63016). */
const WINDOW_MS = 86_400_000;

/**
 * Gives the error code with which an accepted message fails later, or undefined where it arrives. `person` is
 * undefined for an address that is not on WhatsApp; `now` is in milliseconds since the epoch.
 */
export function laterFailure(
  asked: AskedMessage,
  person: PersonState | undefined,
  now: number,
): number | undefined {
  if (person === undefined) return 63024;
  if (person.blocked) return 63014;
  const { template } = asked;
  if (template?.filled.againstPolicy) return 63013;
  if (template !== undefined && misfit(template.filled.content) !== undefined) return 63021;
  const approval = template?.record.approval;
  if (approval?.status !== "approved") return insideWindow(person, now) ? undefined : 63016;
  return approval.category === "MARKETING" && isNorthAmerican(asked.to) ? 63049 : undefined;
}

function insideWindow({ lastInboundAt }: PersonState, now: number): boolean {
  return lastInboundAt !== undefined && now - lastInboundAt < WINDOW_MS;
}
