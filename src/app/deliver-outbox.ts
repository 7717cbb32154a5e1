import type { ChannelId, ContactId, OutboxId } from "../core/nouns/ids.ts";
import type { Lane } from "../core/nouns/message.ts";
import { type Ms, second } from "../core/nouns/time.ts";
import { Attempt, type Attempted, type Delivery, written } from "./attempt.ts";
import { CatchUp } from "./catch-up.ts";
import { ContactQueues, lanes, type Queue } from "./contact-queues.ts";
import { problemCode } from "./errors.ts";
import { HeldRows } from "./held-rows.ts";
import { deliveryOf, type Offer } from "./offer.ts";
import { openRow } from "./open-row.ts";
import type { OutboxSettings } from "./outbox-settings.ts";
import { Paces } from "./pace.ts";
import type { People } from "./people.ts";
import type { ClaimedRow, Settled } from "./ports-store.ts";
import { PutOff } from "./put-off.ts";
import { Results } from "./results.ts";
import type { Parts } from "./runtime.ts";
import { StoreLooks } from "./store-looks.ts";

/** Rows fetched at once: enough to fill seconds of bulk sending. */
const claimBatch = 200;
/** When a row is looked at again that the store could not tell all about. */
const readAgainAfter: Ms = 10 * second;
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
  readonly #results: Results;
  readonly #queues = new ContactQueues();
  /** Rows that are in memory or whose result is not yet committed: the store's copies of them are passed over. */
  readonly #held = new HeldRows();
  readonly #catchUp = new CatchUp();
  readonly #paces: Paces;
  readonly #looks: StoreLooks;
  readonly #putOff = new PutOff((queue) => this.#due(queue));
  /** Attempts whose result is not yet written. */
  #unfinished = 0;
  #stopped = false;
  readonly #ended = Promise.withResolvers<void>();

  constructor(parts: Parts & { readonly people: People }, settings: OutboxSettings) {
    this.#parts = parts;
    this.#settings = settings;
    this.#paces = new Paces((channel) => parts.channels.get(channel)?.bulkPerSecond, parts.store.together);
    this.#attempt = new Attempt(parts, settings.chance);
    this.#results = new Results(parts, (settled) => this.#written(settled));
    this.#looks = new StoreLooks({
      look: (wanted) => this.#look(wanted),
      failed: (error) => parts.log.error("the outbox could not be read", { code: problemCode(error) }),
      looked: () => this.#pump(),
    });
  }

  /** Answers decided and not yet sent; of one person's, a few at most count. */
  get backlog(): number {
    return this.#queues.answersCounted;
  }

  /** Begins: what the store still holds is sent too. */
  start(): void {
    this.#catchUp.begin();
    this.#looks.start();
  }

  /** Stops taking new rows; resolves when those in flight are settled. Idempotent. */
  stop(): Promise<void> {
    this.#stopped = true;
    this.#looks.stop();
    if (this.#unfinished === 0) this.#ended.resolve();
    return this.#ended.promise;
  }

  /** Whether something of this contact is in memory, or sent and not yet settled. */
  holdsAnyOf(contact: ContactId): boolean {
    return this.#held.hasAnyOf(contact);
  }

  /** Takes over the messages of a turn that was just committed. */
  offer(offer: Offer): void {
    if (this.#catchUp.isBehind(offer.contact)) return this.left(offer.contact);
    const givenAt = this.#parts.clock.now();
    for (const message of offer.messages) this.#add(deliveryOf(offer, message, this.#parts.content, givenAt));
    this.#pump();
  }

  /** Messages of this contact were left to the store, behind older ones that are not in memory: theirs all come from there. */
  left(contact: ContactId): void {
    this.#catchUp.left(contact);
    this.wake();
  }

  /** The contact was stopped or erased: what is in memory for them is not sent. */
  drop(contact: ContactId): void {
    for (const row of this.#queues.withdraw(contact)) this.#letGo(row);
  }

  /** What waits for a contact may be other than what is in memory: it is had from the store again, before anything newer. */
  recall(contact: ContactId): void {
    if (!this.#held.hasAnyOf(contact)) return;
    this.#catchUp.left(contact);
    this.drop(contact);
  }

  /** A platform told what became of a row that was sent without a certain answer: it need not be sent again. */
  reported(id: OutboxId): void {
    const contact = this.#held.contactOf(id);
    if (contact === undefined) return;
    for (const row of this.#queues.withdraw(contact, id)) this.#letGo(row);
    this.#pump();
  }

  /** Another process was asked for a pause of a whole channel. */
  hold(channel: ChannelId, forMs: Ms): void {
    this.#paces.of(channel).holdUntil(this.#parts.clock.now() + forMs);
  }

  /** Other processes have taken over what this one held: none of it may leave from here, and the store has what is left. */
  forsake(): void {
    for (const contact of this.#held.contacts()) {
      for (const row of this.#queues.withdraw(contact)) {
        if (row.lane === "reply") this.#settings.onLeft();
        this.#held.delete(row.id);
      }
    }
    this.#catchUp.begin();
    this.wake();
  }

  /** Looks into the store for rows that are due. */
  wake(): void {
    this.#looks.wake();
  }

  async #look(wanted: readonly Lane[]): Promise<void> {
    await this.#results.writeKept();
    const everything = wanted.length === lanes.length;
    const askedFor = everything ? this.#catchUp.asking() : [];
    for (const lane of wanted) {
      while (await this.#claimSome(lane)) this.#pump();
    }
    if (everything) this.#catchUp.asked(askedFor, (contact) => this.#held.hasAnyOf(contact));
  }

  /** Fetches a batch of a lane's rows; whether there may be more to fetch now. */
  async #claimSome(lane: Lane): Promise<boolean> {
    if (this.#stopped || (lane === "bulk" && this.#queues.count("bulk") >= bulkRoom)) return false;
    const claimed = await this.#parts.store.claim(
      this.#parts.clock.now(),
      lane,
      claimBatch,
      this.#held.rows(),
    );
    for (const row of claimed) if (!this.#held.has(row.id)) await this.#take(row);
    return claimed.length === claimBatch;
  }

  /** Takes a claimed row in. Never rejects, lest the rest of its batch be lost sight of. */
  async #take(row: ClaimedRow): Promise<void> {
    this.#held.add(row.id, row.contact);
    // At once: the turn that wrote the row may be about to offer it, and would queue it a second time.
    if (row.lane !== "bulk") this.#catchUp.handedOut(row.contact);
    try {
      const delivery = await openRow(this.#parts, row);
      if (delivery === undefined) return this.#giveUp(row, { kind: "dropped", reason: "gone" });
      this.#add(delivery);
    } catch (error) {
      const code = problemCode(error);
      this.#parts.log.error("a queued message can't be opened", { outbox: row.id, code });
      const at = this.#parts.clock.now() + readAgainAfter;
      this.#giveUp(
        row,
        code === "store-unavailable" ? { kind: "again", at } : { kind: "failed", reason: "unreadable" },
      );
    }
  }

  #giveUp({ id, contact }: ClaimedRow, result: Settled["result"]): void {
    void this.#results.write({ id, contact, result }).then(() => this.#held.delete(id));
  }

  #add(delivery: Delivery): void {
    this.#held.add(delivery.id, delivery.contact);
    this.#queues.add(delivery);
  }

  /** Sends while there is something ready and room in flight. */
  #pump(): void {
    while (!this.#stopped && this.#unfinished + this.#results.kept < this.#settings.inFlight) {
      const queue = this.#nextReady();
      const [row] = queue?.rows ?? [];
      if (queue === undefined || row === undefined) return;
      queue.sending = true;
      void this.#send(queue, row);
    }
  }

  /** The next contact whose first message may leave now; those that have to wait are put off until they may. */
  #nextReady(): Queue | undefined {
    const now = this.#parts.clock.now();
    for (const lane of lanes) {
      for (let left = this.#queues.lineLength(lane); left > 0; left--) {
        const queue = this.#queues.nextInLine(lane);
        if (queue === undefined) break;
        if (this.#mayLeave(queue, lane, now)) return queue;
      }
    }
    return undefined;
  }

  /** Whether a contact's first message may leave now; if not, the contact is put off until it may. */
  #mayLeave(queue: Queue, lane: Lane, now: Ms): boolean {
    const [head] = queue.rows;
    if (head === undefined) return true;
    const own = Math.max(queue.blockedUntil, head.notBefore, this.#attempt.settledAt(head)) - now;
    if (own > 0) {
      this.#putOff.alone(queue, own);
      return false;
    }
    const wait = this.#paces.of(head.channel).waitFor(lane, now);
    if (wait > 0) this.#putOff.together(queue, `${lane} ${head.channel}`, wait);
    return wait <= 0;
  }

  #due(queue: Queue): void {
    if (!queue.sending) this.#queues.standInLine(queue);
    this.#pump();
  }

  async #send(queue: Queue, row: Delivery): Promise<void> {
    this.#unfinished += 1;
    const attempted = await this.#attempt.send(row);
    // What else waits for someone who can't be reached is dropped before the next of it is looked at.
    if (attempted.contactStopped) await this.#finish(row, attempted);
    queue.sending = false;
    // What the platform asked for holds for the next message too, where there is no other try of this one.
    if (attempted.result.kind === "again") this.#heed(queue, row, attempted.result.at, attempted.waits);
    else queue.blockedUntil = 0;
    const end = written(row, attempted.result);
    if (end.kind !== "again") this.#leave(queue, row);
    if (end.kind === "let-go") this.recall(row.contact);
    this.#queues.standInLine(queue);
    this.#pump();
    if (!attempted.contactStopped) await this.#finish(row, attempted);
    this.#unfinished -= 1;
    this.#pump();
    if (this.#stopped && this.#unfinished === 0) this.#ended.resolve();
  }

  #heed(queue: Queue, row: Delivery, at: Ms, waits: Attempted["waits"]): void {
    row.attempts += 1;
    if (waits === "message") row.notBefore = at;
    else queue.blockedUntil = at;
    if (waits !== "channel") return;
    this.#paces.of(row.channel).holdUntil(at);
    this.#parts.store.together.hold(row.channel, at - this.#parts.clock.now());
  }

  #leave(queue: Queue, row: Delivery): void {
    this.#queues.remove(queue, row);
    if (row.lane === "reply") this.#settings.onLeft();
  }

  /** Writes what came of an attempt. Never rejects. */
  async #finish(row: Delivery, attempted: Attempted): Promise<void> {
    const { id, contact, result, contactStopped } = attempted;
    await this.#results.write({ id, contact, result: written(row, result) });
    if (!contactStopped || row.lone) return;
    try {
      await this.#settings.onContactStopped(contact, row.channel);
    } catch (error) {
      this.#parts.log.error("a lost contact could not be marked", { code: problemCode(error) });
    }
  }

  /** A result is durable: unless there is another try, the store's copy needs no longer be passed over. */
  #written({ id, contact, result }: Settled): void {
    if (result.kind === "again") return;
    this.#held.delete(id);
    // From here on another process may ask them something: their row knows.
    if (this.#attempt.isShared && !this.#held.hasAnyOf(contact)) this.#attempt.forgetKeyboard(contact);
    if (this.#catchUp.isOver(contact)) this.wake();
  }

  /** For the store, a row is ours until it is settled; it may wait there still, where what was ended was older than it. */
  #letGo(row: Delivery): void {
    if (row.lane === "reply") this.#settings.onLeft();
    const { id, contact } = row;
    void this.#results.write({ id, contact, result: { kind: "let-go" } });
  }
}
