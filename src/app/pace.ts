import type { ChannelId } from "../core/nouns/ids.ts";
import type { Lane } from "../core/nouns/message.ts";
import { type Ms, second } from "../core/nouns/time.ts";

/** How much of the time in which nothing was sent may be made up for: enough for late timers, too little for a burst. */
const credit: Ms = second / 10;

/** Keeps a channel's pace: unasked messages at so many a second, and nothing at all while the platform says to wait. */
export class Pace {
  readonly #every: Ms;
  #nextBulk: Ms = 0;
  #heldUntil: Ms = 0;

  constructor(perSecond: number) {
    this.#every = second / perSecond;
  }

  /** How long (ms) a message of this lane has to wait; 0: it may go now, and has been counted. */
  waitFor(lane: Lane, now: Ms): Ms {
    if (now < this.#heldUntil) return this.#heldUntil - now;
    if (lane === "reply") return 0;
    const at = Math.max(this.#nextBulk, now - credit);
    if (at > now) return at - now;
    this.#nextBulk = at + this.#every;
    return 0;
  }

  /** The platform asked for a pause of everything. */
  holdUntil(at: Ms): void {
    this.#heldUntil = Math.max(this.#heldUntil, at);
  }
}

/** Each channel's pace. */
export class Paces {
  readonly #perSecond: (channel: ChannelId) => number | undefined;
  readonly #paces = new Map<ChannelId, Pace>();

  /** `perSecond` gives how many unasked messages a second a channel bears; undefined for one that is off. */
  constructor(perSecond: (channel: ChannelId) => number | undefined) {
    this.#perSecond = perSecond;
  }

  of(channel: ChannelId): Pace {
    const known = this.#paces.get(channel);
    if (known !== undefined) return known;
    const pace = new Pace(this.#perSecond(channel) ?? 1);
    this.#paces.set(channel, pace);
    return pace;
  }
}
