import type { ChannelId, ContactId } from "../core/nouns/ids.ts";
import type { Ms } from "../core/nouns/time.ts";
import type { Delivery } from "./attempt.ts";
import { messageNow } from "./outbox-body.ts";
import type { Content } from "./runtime.ts";
import type { Prepared } from "./turn-changes.ts";

/** Messages on their way from a commit, in the clear, with all that sending needs. */
export type Offer = {
  readonly contact: ContactId;
  readonly channel: ChannelId;
  readonly address: string;
  readonly lastInbound: Ms | undefined;
  readonly openKeyboard: string | undefined;
  readonly messages: readonly Prepared[];
};

/** One of the messages, ready to be sent. `givenAt`: when it was committed. */
export function deliveryOf(offer: Offer, prepared: Prepared, content: Content, givenAt: Ms): Delivery {
  const { id, lane, notAfter, body } = prepared;
  return {
    id,
    contact: offer.contact,
    channel: offer.channel,
    lane,
    notAfter,
    keptUntil: body.nudge?.keptUntil,
    attempts: 0,
    notBefore: 0,
    givenAt,
    queuedAt: undefined,
    doubtSince: undefined,
    withdrawn: false,
    message: (now) => messageNow(content.current, body, now),
    question: body.question,
    spent: body.spent,
    broadcast: undefined,
    to: offer,
    lone: false,
  };
}
