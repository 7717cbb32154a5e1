import type { Clock, Log } from "../../app/ports.ts";
import type { Heard, Inbound, Intake } from "../../app/ports-channel.ts";
import type { ChannelId } from "../../core/nouns/ids.ts";
import { day, type Ms, minute, second } from "../../core/nouns/time.ts";
import { callbackTries } from "./capabilities.ts";
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
  readonly log: Log;
  readonly clock: Clock;
  readonly wait: (ms: Ms, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
};

/** Nobody expects an answer to what is older, and the reply window has closed. */
const longestGap: Ms = day;
/** The list may be behind, and clocks apart; what is known already is known by its SID. */
const overlap: Ms = 2 * minute;
/** How soon what never got here is found, where nothing here tells that anything is missing. */
const lookEvery: Ms = 15 * minute;
const tick: Ms = 5 * second;
const firstPause: Ms = second;
const longestPause: Ms = 30 * second;
const pageSize = "1000";
const mostPages = 50;

/** One look at the list: when it begins, and which messages it leaves to Twilio's own tries, those made after `upTo`. */
type Look = { readonly now: Ms; readonly upTo: Ms; readonly level: "debug" | "info" };

/**
 * Takes in what people wrote and nobody here heard: Twilio posts a message for fifteen seconds and keeps it in its list. The list
 * is read at the start, after a post was refused, and every quarter of an hour by whichever process is the first to; from where the
 * last look that came to its end began, so that what one fails to bring the next one does. An installation that never listened
 * before begins with nothing: what is listed was written to somebody else.
 */
export class Missed {
  readonly #options: MissedOptions;
  /** When the first and the last post were refused that no look was made for. */
  #refused: { readonly first: Ms; readonly last: Ms } | undefined;
  #lookedAt: Ms = 0;

  constructor(options: MissedOptions) {
    this.#options = options;
  }

  /** A post could not be taken in, and may have been the last try of it. */
  refused(): void {
    const last = this.#options.clock.now();
    this.#refused = { first: this.#refused?.first ?? last, last };
  }

  /** Looks whenever there is reason to, until the signal aborts. Never rejects. */
  async listen(intake: Intake): Promise<void> {
    const { clock, wait, signal } = this.#options;
    const begun = clock.now();
    await this.#look({ now: begun, upTo: Number.POSITIVE_INFINITY, level: "info" }, begun, intake);
    while (!signal.aborted) {
      await wait(tick, signal);
      const look = await this.#due(clock.now());
      if (look !== undefined) await this.#look(look, begun, intake);
    }
  }

  async #due(now: Ms): Promise<Look | undefined> {
    const upTo = now - callbackTries;
    if (this.#refused !== undefined && this.#refused.first <= upTo) {
      const { last } = this.#refused;
      this.#refused = last > upTo ? { first: last, last } : undefined;
      return { now, upTo, level: "info" };
    }
    if (now - this.#lookedAt < lookEvery) return undefined;
    // Another process may have looked. Where the store can't say now, it is asked again at the next tick.
    const since = await this.#options.heard.get().catch(() => now);
    if (since !== undefined && now - since - overlap < lookEvery) return undefined;
    return { now, upTo, level: "debug" };
  }

  async #look({ now, upTo, level }: Look, begun: Ms, intake: Intake): Promise<void> {
    const { heard, log, signal } = this.#options;
    let since = begun;
    await this.#untilDone("whatsapp.missed-not-read", async () => {
      since = Math.max((await heard.get()) ?? begun, now - longestGap);
      if (since >= now) return;
      const missed = await this.#list(since, upTo);
      for (const one of missed) await this.#untilDone("whatsapp.missed-waits", () => intake(one));
      log[level]("whatsapp.missed", { listed: missed.length });
    });
    if (signal.aborted) return;
    this.#lookedAt = now;
    // Where it can't be written, the next look begins where this one did.
    await heard.set(Math.max(since, now - overlap)).catch(() => undefined);
  }

  /** Tries again and again, ever more slowly, and tells of it once. */
  async #untilDone(event: string, work: () => Promise<void>): Promise<void> {
    const { log, wait, signal } = this.#options;
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
  async #list(since: Ms, upTo: Ms): Promise<readonly Inbound[]> {
    const { api, channel, from } = this.#options;
    // The list knows whole seconds only.
    const listed = await listSince(
      api,
      { To: from, PageSize: pageSize },
      since - (since % second),
      mostPages,
    );
    return listed
      .filter((one) => one.direction === "inbound" && createdAt(one) <= upTo)
      .flatMap((one) => inboundOf(channel, one));
  }
}

function inboundOf(channel: ChannelId, listed: Listed): readonly Inbound[] {
  const { sid, from, body, num_media } = listed;
  const form = { MessageSid: sid, From: from ?? "", Body: body ?? "", NumMedia: num_media ?? "0" };
  const received = readMessage(channel, form);
  return received.kind === "inbound" ? [{ ...received.inbound, writtenAt: createdAt(listed) }] : [];
}
