import type { ChannelId, ContactId, OutboxId } from "../core/nouns/ids.ts";
import type { Lane } from "../core/nouns/message.ts";
import { type Ms, second } from "../core/nouns/time.ts";
import { Attempt, type Attempted, type Delivery } from "./attempt.ts";
import { ContactQueues, lanes, type Queue } from "./contact-queues.ts";
import { problemCode } from "./errors.ts";
import { Pace } from "./pace.ts";
import type { People } from "./people.ts";
import type { ClaimedRow } from "./ports.ts";
import type { Parts } from "./runtime.ts";
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

export type OutboxSettings = {
  /** Requests in flight at once, over all channels: what a crash may send twice at most. */
  readonly inFlight: number;
  /** Gives a number from 0 to 1, to spread retries. */
  readonly chance: () => number;
  /** Called each time an answer has left or was given up. */
  readonly onLeft: () => void;
  /** The platform says that this person can't be reached any more. */
  readonly onContactStopped: (contact: ContactId, channel: ChannelId) => Promise<void>;
};

/** How often the store is asked for what is queued there and not in memory (after a restart, held messages, broadcasts). */
const pollEvery: Ms = second;
/** Rows fetched at once: enough to fill seconds of bulk sending. */
const claimBatch = 200;
/** Broadcast messages held in memory at most. */
const bulkRoom = 400;

/**
 * Sends what is queued. A row is sent only after its commit; rows of one contact leave one at a time and in order;
 * answers overtake nudges, nudges overtake broadcasts; each channel's pace is kept. What happened is written back
 * with the next group commit. Messages of fresh turns come straight from memory (`offer`), all others from the store.
 */
export class Outbox {
  readonly #parts: Parts & { readonly people: People };
  readonly #settings: OutboxSettings;
  readonly #attempt: Attempt;
  readonly #queues = new ContactQueues();
  /** Rows that are in memory or whose result is not yet committed: the store's copies of them are passed over. */
  readonly #held = new Map<OutboxId, ContactId>();
  readonly #paces = new Map<ChannelId, Pace>();
  #inFlight = 0;
  #polling = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(parts: Parts & { readonly people: People }, settings: OutboxSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#attempt = new Attempt(parts, settings.chance);
  }

  /** Answers decided and not yet sent. */
  get backlog(): number {
    return this.#queues.count("reply");
  }

  /** Begins: what the store still holds is sent too. */
  start(): void {
    this.#timer = setInterval(() => this.wake(), pollEvery);
    this.wake();
  }

  /** Stops taking new rows; resolves when those in flight are settled. Idempotent. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  /** Takes over the messages of a turn that was just committed. */
  offer(offer: Offer): void {
    const { contact, channel } = offer;
    for (const { id, lane, notAfter, message } of offer.messages) {
      this.#add({
        id,
        contact,
        channel,
        lane,
        notAfter,
        attempts: 0,
        message: () => message,
        broadcast: undefined,
        to: offer,
        lone: false,
      });
    }
    this.#pump();
  }

  /** The contact was stopped or erased: what is in memory for them is not sent. */
  drop(contact: ContactId): void {
    for (const row of this.#queues.withdraw(contact)) this.#letGo(row);
  }

  /** A platform told what became of a row that was sent without a certain answer: it need not be sent again. */
  reported(id: OutboxId): void {
    const contact = this.#held.get(id);
    if (contact === undefined) return;
    for (const row of this.#queues.withdraw(contact, id)) this.#letGo(row);
  }

  /** Looks into the store for rows that are due. */
  wake(): void {
    if (this.#polling || this.#stopped) return;
    this.#polling = true;
    this.#poll()
      .catch((error: unknown) =>
        this.#parts.log.error("the outbox could not be read", { code: problemCode(error) }),
      )
      .finally(() => {
        this.#polling = false;
        this.#pump();
      });
  }

  async #poll(): Promise<void> {
    for (const lane of lanes) {
      while (await this.#claimSome(lane)) this.#pump();
    }
  }

  /** Fetches a batch of a lane's rows; whether there may be more to fetch now. */
  async #claimSome(lane: Lane): Promise<boolean> {
    if (this.#stopped || (lane === "bulk" && this.#queues.count("bulk") >= bulkRoom)) return false;
    const claimed = await this.#parts.store.claim(this.#parts.clock.now(), lane, claimBatch);
    for (const row of claimed) if (!this.#held.has(row.id)) await this.#take(row);
    return claimed.length === claimBatch;
  }

  async #take(row: ClaimedRow): Promise<void> {
    try {
      const delivery = await this.#attempt.open(row);
      if (delivery !== undefined && !this.#held.has(row.id)) this.#add(delivery);
    } catch (error) {
      this.#parts.log.error("a queued message can't be opened", { outbox: row.id, code: problemCode(error) });
      await this.#parts.store.settle([
        { id: row.id, contact: row.contact, result: { kind: "failed", reason: "unreadable" } },
      ]);
    }
  }

  #add(delivery: Delivery): void {
    this.#held.set(delivery.id, delivery.contact);
    this.#queues.add(delivery);
  }

  /** Sends while there is something ready and room in flight. */
  #pump(): void {
    while (!this.#stopped && this.#inFlight < this.#settings.inFlight) {
      const queue = this.#nextReady();
      const [row] = queue?.rows ?? [];
      if (queue === undefined || row === undefined) return;
      queue.sending = true;
      this.#inFlight += 1;
      this.#send(queue, row).catch((error: unknown) =>
        this.#parts.log.error("sending failed", { code: problemCode(error) }),
      );
    }
  }

  /** The next contact whose first message may leave now; those that have to wait are put off until they may. */
  #nextReady(): Queue | undefined {
    const now = this.#parts.clock.now();
    for (const lane of lanes) {
      for (let left = this.#queues.lineLength(lane); left > 0; left--) {
        const queue = this.#queues.nextInLine(lane);
        if (queue === undefined) break;
        const wait = this.#waitOf(queue, lane, now);
        if (wait <= 0) return queue;
        this.#putOff(queue, wait);
      }
    }
    return undefined;
  }

  #waitOf(queue: Queue, lane: Lane, now: Ms): Ms {
    const blocked = queue.blockedUntil - now;
    const channel = queue.rows[0]?.channel;
    return blocked > 0 || channel === undefined ? blocked : this.#paceOf(channel).waitFor(lane, now);
  }

  #paceOf(id: ChannelId): Pace {
    let pace = this.#paces.get(id);
    if (pace === undefined) {
      pace = new Pace(this.#parts.channels.get(id)?.bulkPerSecond ?? 1);
      this.#paces.set(id, pace);
    }
    return pace;
  }

  #putOff(queue: Queue, wait: Ms): void {
    setTimeout(() => {
      if (queue.sending) return;
      this.#queues.standInLine(queue);
      this.#pump();
    }, wait).unref();
  }

  async #send(queue: Queue, row: Delivery): Promise<void> {
    const attempted = await this.#attempt.send(row);
    queue.sending = false;
    this.#inFlight -= 1;
    if (attempted.result.kind === "again")
      this.#tryAgain(queue, row, attempted.result.at, attempted.wholeChannel);
    else this.#leave(queue, row);
    this.#queues.standInLine(queue);
    this.#pump();
    await this.#write(row, attempted);
    if (this.#inFlight === 0) this.#idle?.();
  }

  #tryAgain(queue: Queue, row: Delivery, at: Ms, wholeChannel: boolean): void {
    row.attempts += 1;
    queue.blockedUntil = at;
    if (wholeChannel) this.#paceOf(row.channel).holdUntil(at);
  }

  #leave(queue: Queue, row: Delivery): void {
    queue.blockedUntil = 0;
    this.#queues.remove(queue, row);
    if (row.lane === "reply") this.#settings.onLeft();
  }

  async #write(row: Delivery, { id, contact, result, contactStopped }: Attempted): Promise<void> {
    try {
      await this.#parts.store.settle([{ id, contact, result }]);
    } catch (error) {
      this.#parts.log.error("a sent message could not be marked", {
        outbox: row.id,
        code: problemCode(error),
      });
    }
    if (result.kind !== "again") this.#held.delete(row.id);
    if (contactStopped && !row.lone) await this.#settings.onContactStopped(contact, row.channel);
  }

  #letGo(row: Delivery): void {
    this.#held.delete(row.id);
    if (row.lane === "reply") this.#settings.onLeft();
    this.#handBack(row).catch((error: unknown) =>
      this.#parts.log.error("a message could not be let go", { code: problemCode(error) }),
    );
  }

  /** For the store, a claimed row is ours until it is settled, and nothing else of its contact is handed out. */
  #handBack({ id, contact }: Delivery): Promise<void> {
    return this.#parts.store.settle([{ id, contact, result: { kind: "failed", reason: "withdrawn" } }]);
  }
}
