import type { Clock, Log } from "../../app/ports.ts";
import type { Heard, Inbound, Intake } from "../../app/ports-channel.ts";
import type { ChannelId } from "../../core/nouns/ids.ts";
import { day, type Ms, minute, second } from "../../core/nouns/time.ts";
import type { TwilioApi } from "./client.ts";
import { failureFields } from "./failures.ts";
import { createdAt, type Listed, listSince } from "./message-list.ts";
import { readMessage } from "./receive.ts";

export type MissedOptions = {
  readonly api: Pick<TwilioApi, "messages">;
  readonly channel: ChannelId;
  /** Our own address, `whatsapp:+…`. */
  readonly from: string;
  readonly heard: Heard;
  readonly intake: Intake;
  readonly log: Log;
  readonly clock: Clock;
  readonly wait: (ms: Ms, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
};

/** Nobody expects an answer to what is older, and the reply window has closed. */
const longestGap: Ms = day;
/** What came last before the end may not have been answered with 200; what was is known by its SID. */
const overlap: Ms = 2 * minute;
const markEvery: Ms = minute;
const firstPause: Ms = second;
const longestPause: Ms = 30 * second;
const pageSize = "1000";
const mostPages = 50;

/**
 * Takes in what people wrote while nobody listened: Twilio posts a message for fifteen seconds and keeps it in its list. Then
 * notes each minute that somebody listens, until the signal aborts. An installation that never listened before begins with
 * nothing: what is listed was written to somebody else. Never rejects.
 */
export async function takeMissed(options: MissedOptions): Promise<void> {
  const { heard, clock, log, wait, signal } = options;
  await untilDone(options, "whatsapp.missed-not-read", async () => {
    const until = await heard.get();
    if (until === undefined) return;
    const missed = await listMissed(options, Math.max(until - overlap, clock.now() - longestGap));
    for (const one of missed) await untilDone(options, "whatsapp.missed-waits", () => options.intake(one));
    log.info("whatsapp.missed", { listed: missed.length });
  });
  while (!signal.aborted) {
    await heard.set(clock.now()).catch(() => undefined);
    await wait(markEvery, signal);
  }
}

/** Tries again and again, ever more slowly, and tells of it once. */
async function untilDone(
  { log, wait, signal }: MissedOptions,
  event: string,
  work: () => Promise<void>,
): Promise<void> {
  for (let pause = firstPause; !signal.aborted; pause = Math.min(pause * 2, longestPause)) {
    try {
      return await work();
    } catch (error) {
      if (pause === firstPause) log.warn(event, failureFields(error));
    }
    await wait(pause, signal);
  }
}

/** What came since, the oldest first. The list does not tell which button was tapped: its title is read as if it was typed. */
async function listMissed({ api, channel, from }: MissedOptions, since: Ms): Promise<readonly Inbound[]> {
  const filter = { To: from, PageSize: pageSize };
  const listed = await listSince(api, filter, since, mostPages);
  return listed.filter(({ direction }) => direction === "inbound").flatMap((one) => inboundOf(channel, one));
}

function inboundOf(channel: ChannelId, listed: Listed): readonly Inbound[] {
  const { sid, from, body, num_media } = listed;
  const form = { MessageSid: sid, From: from ?? "", Body: body ?? "", NumMedia: num_media ?? "0" };
  const received = readMessage(channel, form);
  return received.kind === "inbound" ? [{ ...received.inbound, writtenAt: createdAt(listed) }] : [];
}
