import type { ChannelId, ContactId } from "../core/nouns/ids.ts";
import type { DeliveryStatus } from "./ports-channel.ts";
import { type TurnParts, takeTurn } from "./take-turn.ts";

/**
 * Merges a delivery report into the row it is about. A late "the window is closed" sends the message on by template;
 * a late "opted out" or "blocked" ends what is queued, as if the platform had said it at once.
 */
export async function recordStatus(parts: TurnParts, status: DeliveryStatus): Promise<void> {
  const known = await parts.store.reportStatus(status, parts.clock.now());
  if (known === undefined) return;
  parts.outbox.reported(known.outbox);
  if (status.failure?.kind === "contact-stopped") await contactStopped(parts, known.contact, status.channel);
  else if (status.failure?.kind === "window-closed") parts.outbox.wake();
}

/** The platform says that the person can't be reached: nothing more is tried until they write. */
export async function contactStopped(
  parts: TurnParts,
  contact: ContactId,
  channel: ChannelId,
): Promise<void> {
  await takeTurn(parts, {
    channel,
    who: { kind: "contact", id: contact },
    input: { kind: "blocked" },
    languageHint: undefined,
    opensWindow: false,
    inbox: undefined,
    fire: undefined,
  });
}
