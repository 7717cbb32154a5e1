import type { ChannelId } from "../core/nouns/ids.ts";
import type { Lane } from "../core/nouns/message.ts";
import { type Ms, second } from "../core/nouns/time.ts";
import type { Together } from "./ports-together.ts";

/**
 * For how long the first of several messages that have to wait is kept for the others, so that they leave together: to wake
 * up and to write down what came of it costs more than four messages themselves.
 */
const gather: Ms = second / 10;
/** How late a timer may be without a moment being lost. */
const late: Ms = 10;
/** How much of the time in which nothing was sent may be made up for: too little for a burst. */
const credit: Ms = gather + late;
/** For how long moments are taken at once where other processes send on the channel, too. */
const shareFor: Ms = second / 5;
/** How soon to look again while moments are being taken, and after they could not be. */
const lookAgain: Ms = 20;
const tryAgain: Ms = second;

/** Keeps a channel's pace: unasked messages at so many a second, and nothing at all while the platform says to wait. */
export class Pace {
  readonly #every: Ms;
  /** How long after the first of those that leave together the last one's moment comes. */
  readonly #gather: Ms;
  readonly #take: ((count: number, every: Ms) => Promise<Ms>) | undefined;
  #nextBulk: Ms = 0;
  #heldUntil: Ms = 0;
  /** Moments that are ours, where they are shared with other processes. */
  #moments = 0;
  #taking = false;

  /** `take` takes so many moments that no other process has; undefined where there is no other. */
  constructor(perSecond: number, take?: (count: number, every: Ms) => Promise<Ms>) {
    this.#every = second / perSecond;
    this.#gather = Math.floor((gather * perSecond) / second) * this.#every;
    this.#take = take;
  }

  /** How long (ms) a message of this lane has to wait; 0: it may go now, and has been counted. */
  waitFor(lane: Lane, now: Ms): Ms {
    if (now < this.#heldUntil) return this.#heldUntil - now;
    if (lane === "reply") return 0;
    if (this.#take !== undefined && this.#moments === 0) return this.#wait(this.#take, now);
    const at = Math.max(this.#nextBulk, now - credit);
    // Clocks tell whole milliseconds: a moment that is a fraction of one away has come.
    if (Math.round(at) > now) return at + this.#gather - now;
    this.#nextBulk = at + this.#every;
    if (this.#take !== undefined) this.#moments -= 1;
    return 0;
  }

  /** The platform asked for a pause of everything. */
  holdUntil(at: Ms): void {
    this.#heldUntil = Math.max(this.#heldUntil, at);
  }

  #wait(take: (count: number, every: Ms) => Promise<Ms>, now: Ms): Ms {
    if (!this.#taking) void this.#takeSome(take, now);
    return Math.max(lookAgain, this.#heldUntil - now);
  }

  async #takeSome(take: (count: number, every: Ms) => Promise<Ms>, now: Ms): Promise<void> {
    this.#taking = true;
    try {
      const count = Math.max(1, Math.ceil(shareFor / this.#every));
      this.#nextBulk = now + (await take(count, this.#every));
      this.#moments = count;
    } catch {
      this.holdUntil(now + tryAgain);
    } finally {
      this.#taking = false;
    }
  }
}

/** Each channel's pace. */
export class Paces {
  readonly #perSecond: (channel: ChannelId) => number | undefined;
  readonly #together: Pick<Together, "moments">;
  readonly #paces = new Map<ChannelId, Pace>();

  /** `perSecond` gives how many unasked messages a second a channel bears; undefined for one that is off. */
  constructor(perSecond: (channel: ChannelId) => number | undefined, together: Pick<Together, "moments">) {
    this.#perSecond = perSecond;
    this.#together = together;
  }

  of(channel: ChannelId): Pace {
    const known = this.#paces.get(channel);
    if (known !== undefined) return known;
    const { moments } = this.#together;
    const take =
      moments === undefined ? undefined : (count: number, every: Ms) => moments(channel, count, every);
    const pace = new Pace(this.#perSecond(channel) ?? 1, take);
    this.#paces.set(channel, pace);
    return pace;
  }
}
