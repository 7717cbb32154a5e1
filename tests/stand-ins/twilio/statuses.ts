import { type Random, shuffled } from "../wire/seeded.ts";
import { failedStatus, failureText } from "./errors.ts";
import type { MessageRecord } from "./messages.ts";
import type { Form } from "./signed-post.ts";

export interface StatusChaos {
  readonly shuffle: boolean;
  /** Chance, 0 to 1, that a status is told twice. */
  readonly duplicateRate: number;
}

/** Gives the statuses of a message in the order in which they happen. */
export function statusesOf(failure: number | undefined, readReceipts: boolean): readonly string[] {
  if (failure !== undefined) return ["queued", failedStatus(failure)];
  return readReceipts ? ["queued", "sent", "delivered", "read"] : ["queued", "sent", "delivered"];
}

/** Gives them in the order, and as often, as they are told: best effort, unordered, repeated. */
export function told(statuses: readonly string[], chaos: StatusChaos, random: Random): readonly string[] {
  const repeated = statuses.flatMap((status) =>
    random() < chaos.duplicateRate ? [status, status] : [status],
  );
  return chaos.shuffle ? shuffled(repeated, random) : repeated;
}

/** Gives the parameters of a status callback. */
export function statusForm(message: MessageRecord, status: string, accountSid: string): Form {
  const { sid, from, to, errorCode } = message;
  const failed = status === "failed" || status === "undelivered";
  return {
    MessageSid: sid,
    MessageStatus: status,
    SmsSid: sid,
    SmsStatus: status,
    AccountSid: accountSid,
    ApiVersion: "2010-04-01",
    From: from,
    To: to,
    ChannelPrefix: "whatsapp",
    ChannelInstallSid: `XE${accountSid.slice(2)}`,
    ChannelToAddress: masked(to),
    StructuredMessage: "false",
    ...(status === "read" || status === "undelivered" ? { EventType: status.toUpperCase() } : {}),
    ...(failed && errorCode !== undefined
      ? { ErrorCode: String(errorCode), ErrorMessage: failureText(errorCode) }
      : {}),
  };
}

function masked(address: string): string {
  return `${address.replace("whatsapp:", "").slice(0, 4)}XXXXXX`;
}
