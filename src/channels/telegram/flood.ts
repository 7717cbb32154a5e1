import type { Clock } from "../../app/ports.ts";
import type { SendOutcome } from "../../app/ports-channel.ts";
import type { ContactId } from "../../core/nouns/ids.ts";
import type { Outgoing } from "../../core/nouns/message.ts";
import type { Ms } from "../../core/nouns/time.ts";

/**
 * Telegram does not say whether a 429 is about one chat or about the bot. It counts as the bot's when the message
 * was one of a broadcast (each chat gets just one), or while another person is being waited for: two chats are not
 * too fast at once by chance. Gives the outcome with the scope that follows.
 */
export function createFloodScope(
  clock: Clock,
): (outcome: SendOutcome, about: Pick<Outgoing, "contact" | "lane">) => SendOutcome {
  let slowed: { readonly contact: ContactId; readonly until: Ms } | undefined;
  return (outcome, { contact, lane }) => {
    if (outcome.kind !== "retry-later" || outcome.reason !== "flood") return outcome;
    const now = clock.now();
    const another = slowed !== undefined && slowed.contact !== contact && slowed.until > now;
    slowed = { contact, until: now + (outcome.afterMs ?? 0) };
    return lane === "bulk" || another ? { ...outcome, scope: "channel" } : outcome;
  };
}
