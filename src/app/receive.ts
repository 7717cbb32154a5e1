import { problemCode } from "./errors.ts";
import type { IntakeGate } from "./intake-gate.ts";
import type { DeliveryStatus, Inbound, WebhookAnswer } from "./ports-channel.ts";
import { recordStatus } from "./record-status.ts";
import { type TurnParts, takeTurn } from "./take-turn.ts";

/** What to tell the platform: done (durable), come again later, or the store can't write now. */
export type Receipt = "done" | "busy" | "unavailable";

/**
 * Takes in one thing that arrived. Nothing is acknowledged before it is durable: `done` is returned only after the
 * commit (also for repeats, and for inputs that failed and were kept).
 */
export async function receive(
  parts: TurnParts & { readonly gate: IntakeGate },
  received: Inbound | DeliveryStatus,
): Promise<Receipt> {
  try {
    if ("status" in received) {
      await recordStatus(parts, received);
      return "done";
    }
    const admitted = parts.gate.enter();
    if (admitted !== true && !(await admitted)) return "busy";
    await takeTurn(parts, {
      channel: received.channel,
      who: { kind: "address", addresses: received.addresses },
      input: received.input,
      languageHint: received.languageHint,
      opensWindow: received.opensWindow,
      writtenAt: received.writtenAt,
      tappedMessage: received.tappedMessage,
      inbox: { channel: received.channel, externalId: received.externalId },
      fire: undefined,
    });
    return "done";
  } catch (error) {
    parts.log.error("an input could not be made durable", {
      channel: received.channel,
      code: problemCode(error),
    });
    return "unavailable";
  }
}

/** The same for what was posted: once it is durable, also gives what to answer the post with, where the channel wants to. */
export async function receivePosted(
  parts: TurnParts & { readonly gate: IntakeGate },
  received: Inbound | DeliveryStatus,
): Promise<Receipt | WebhookAnswer> {
  const receipt = await receive(parts, received);
  if ("status" in received) return receipt;
  const channel = parts.channels.get(received.channel);
  if (receipt === "done") return channel?.settle?.(received) ?? receipt;
  channel?.refused?.();
  return receipt;
}
