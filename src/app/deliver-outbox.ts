import type { ChannelId, ContactId, OutboxId } from "../core/nouns/ids.ts";
import type { Lane } from "../core/nouns/message.ts";
import { second, type Ms } from "../core/nouns/time.ts";
import { Attempt, type Delivery } from "./attempt.ts";
import { problemCode } from "./errors.ts";
import { Pace } from "./pace.ts";
import type { ClaimedRow, Settled } from "./ports.ts";
import type { Parts } from "./runtime.ts";
import type { Prepared } from "./turn-changes.ts";
import type { People } from "./people.ts";

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

/** One contact's messages, in the order they leave: answers first, then nudges, then broadcasts. */
type Queue = { readonly rows: Delivery[]; sending: boolean; blockedUntil: Ms };

const lanes: readonly Lane[] = ["reply", "nudge", "bulk"];
/** How often the store is asked for what is queued there and not in memory (after a restart, retries, broadcasts). */
const pollEvery: Ms = second;
/** Rows fetched at once: enough to fill a second of bulk sending. */
const claimBatch = 200;
/** Contacts with broadcast rows held in memory at most. */
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
  readonly #queues = new Map<ContactId, Queue>();
  /** Rows that are in memory or whose result is not yet committed: the store's copies of them are passed over. */
  readonly #held = new Set<OutboxId>();
  readonly #ready: Readonly<Record<Lane, ContactId[]>> = { reply: [], nudge: [], bulk: [] };
  readonly #paces = new Map<ChannelId, Pace>();
  #waitingReplies = 0;
  #waitingBulk = 0;
  #inFlight = 0;
  #polling = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #idle: (() => void) | undefined;

  constructor(parts: Parts & { readonly people: People }, settings: OutboxSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#attempt = new Attempt(parts, settings.chance);
    for (const [id, channel] of parts.channels) this.#paces.set(id, new Pace(channel.bulkPerSecond));
  }

  /** Answers decided and not yet sent. */
  get backlog(): number {
    return this.#waitingReplies;
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
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#idle = resolve));
  }

  /** Takes over the messages of a turn that was just committed. */
  offer(offer: Offer): void {
    for (const { id, lane, notAfter, message } of offer.messages) {
      this.#enqueue({ id, contact: offer.contact, channel: offer.channel, lane, notAfter, attempts: 0, message: () => message, broadcast: undefined, to: offer, lone: false });
    }
    this.#pump();
  }

  /** The contact was stopped or erased: what is in memory for them is not sent. */
  drop(contact: ContactId): void {
    const queue = this.#queues.get(contact);
    if (queue === undefined) return;
    const kept = queue.sending ? queue.rows.slice(0, 1) : [];
    for (const row of queue.rows.slice(kept.length)) this.#release(row);
    queue.rows.splice(kept.length);
    if (queue.rows.length === 0) this.#queues.delete(contact);
  }

  /** A platform told what became of a row that was sent without a certain answer: it need not be sent again. */
  reported(id: OutboxId, _providerId: string): void {
    for (const queue of this.#held.has(id) ? this.#queues.values() : []) {
      const at = queue.rows.findIndex((row) => row.id === id);
      if (at < 0 || (at === 0 && queue.sending)) continue;
      for (const row of queue.rows.splice(at, 1)) this.#release(row);
    }
  }

  /** Looks into the store for rows that are due. */
  wake(): void {
    if (this.#polling || this.#stopped) return;
    this.#polling = true;
    this.#poll()
      .catch((error: unknown) => this.#parts.log.error("the outbox could not be read", { code: problemCode(error) }))
      .finally(() => {
        this.#polling = false;
        this.#pump();
      });
  }

  async #poll(): Promise<void> {
    for (const lane of lanes) {
      let claimed: readonly ClaimedRow[];
      do {
        if (this.#stopped || (lane === "bulk" && this.#waitingBulk >= bulkRoom)) return;
        claimed = await this.#parts.store.claim(this.#parts.clock.now(), lane, claimBatch);
        for (const row of claimed) if (!this.#held.has(row.id)) await this.#take(row);
        this.#pump();
      } while (claimed.length === claimBatch);
    }
  }

  async #take(row: ClaimedRow): Promise<void> {
    try {
      const delivery = await this.#attempt.open(row);
      if (delivery !== undefined && !this.#held.has(row.id)) this.#enqueue(delivery);
    } catch (error) {
      this.#parts.log.error("a queued message can't be opened", { outbox: row.id, code: problemCode(error) });
      await this.#parts.store.settle([{ id: row.id, contact: row.contact, result: { kind: "failed", reason: "unreadable" } }]);
    }
  }

  #enqueue(delivery: Delivery): void {
    this.#held.add(delivery.id);
    if (delivery.lane === "reply") this.#waitingReplies += 1;
    if (delivery.lane === "bulk") this.#waitingBulk += 1;
    let queue = this.#queues.get(delivery.contact);
    if (queue === undefined) {
      queue = { rows: [], sending: false, blockedUntil: 0 };
      this.#queues.set(delivery.contact, queue);
    }
    const rank = lanes.indexOf(delivery.lane);
    const from = queue.sending ? 1 : 0;
    const at = queue.rows.findIndex((row, index) => index >= from && lanes.indexOf(row.lane) > rank);
    queue.rows.splice(at < 0 ? queue.rows.length : at, 0, delivery);
    if (!queue.sending) this.#makeReady(delivery.contact, queue);
  }

  #makeReady(contact: ContactId, queue: Queue): void {
    const [head] = queue.rows;
    if (head !== undefined) this.#ready[head.lane].push(contact);
  }

  /** Sends while there is something ready and room in flight. */
  #pump(): void {
    while (!this.#stopped && this.#inFlight < this.#settings.inFlight) {
      const next = this.#nextReady();
      if (next === undefined) return;
      const [queue, row] = next;
      queue.sending = true;
      this.#inFlight += 1;
      this.#send(queue, row).catch((error: unknown) => this.#parts.log.error("sending failed", { code: problemCode(error) }));
    }
  }

  #nextReady(): readonly [Queue, Delivery] | undefined {
    const now = this.#parts.clock.now();
    for (const lane of lanes) {
      const ready = this.#ready[lane];
      for (let left = ready.length; left > 0; left--) {
        const contact = ready.shift();
        const queue = contact === undefined ? undefined : this.#queues.get(contact);
        const head = queue?.rows[0];
        if (contact === undefined || queue === undefined || head === undefined || queue.sending || head.lane !== lane) continue;
        const wait = Math.max(queue.blockedUntil - now, this.#paces.get(head.channel)?.waitFor(lane, now) ?? 0);
        if (wait <= 0) return [queue, head];
        this.#later(contact, queue, wait);
      }
    }
    return undefined;
  }

  #later(contact: ContactId, queue: Queue, wait: Ms): void {
    setTimeout(() => {
      if (this.#queues.get(contact) !== queue || queue.sending) return;
      this.#makeReady(contact, queue);
      this.#pump();
    }, wait).unref();
  }

  async #send(queue: Queue, row: Delivery): Promise<void> {
    const settled = await this.#attempt.send(row);
    const { result } = settled;
    queue.sending = false;
    this.#inFlight -= 1;
    if (result.kind === "again") {
      row.attempts += 1;
      queue.blockedUntil = result.at;
      if (settled.wholeChannel) this.#paces.get(row.channel)?.holdUntil(result.at);
    } else {
      queue.rows.splice(queue.rows.indexOf(row), 1);
      this.#countDown(row);
    }
    if (queue.rows.length === 0) this.#queues.delete(row.contact);
    else this.#makeReady(row.contact, queue);
    this.#pump();
    await this.#write(row, settled);
    if (settled.contactStopped && !row.lone) await this.#settings.onContactStopped(row.contact, row.channel);
    if (this.#inFlight === 0) this.#idle?.();
  }

  async #write(row: Delivery, settled: Settled): Promise<void> {
    try {
      await this.#parts.store.settle([{ id: settled.id, contact: settled.contact, result: settled.result }]);
    } catch (error) {
      this.#parts.log.error("a sent message could not be marked", { outbox: row.id, code: problemCode(error) });
    }
    if (settled.result.kind !== "again") this.#held.delete(row.id);
  }

  #release(row: Delivery): void {
    this.#held.delete(row.id);
    this.#countDown(row);
  }

  #countDown(row: Delivery): void {
    if (row.lane === "bulk") this.#waitingBulk -= 1;
    if (row.lane !== "reply") return;
    this.#waitingReplies -= 1;
    this.#settings.onLeft();
  }
}
