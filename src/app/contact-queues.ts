import type { ContactId, OutboxId } from "../core/nouns/ids.ts";
import type { Lane } from "../core/nouns/message.ts";
import type { Ms } from "../core/nouns/time.ts";
import type { Delivery } from "./attempt.ts";

/** One contact's messages, in the order they leave: answers first, then nudges, then broadcasts. */
export type Queue = {
  readonly contact: ContactId;
  readonly rows: Delivery[];
  sending: boolean;
  /** The platform wants nothing for this person before then. */
  blockedUntil: Ms;
  /** How many of the messages are answers. */
  answers: number;
};

/**
 * So many answers to one person count at most where it is asked whether too many wait: whoever writes faster than their
 * platform takes answers would else keep everybody from being answered.
 */
const countedOfOne = 5;

/** In the order in which they overtake one another. */
export const lanes: readonly Lane[] = ["reply", "nudge", "bulk"];

/**
 * The messages in memory, a queue a contact. A contact whose head may be sent stands once in the line of its head's lane;
 * while one of its messages is being sent it stands in none.
 */
export class ContactQueues {
  readonly #queues = new Map<ContactId, Queue>();
  readonly #lines: Readonly<Record<Lane, ContactId[]>> = { reply: [], nudge: [], bulk: [] };
  readonly #counts: Record<Lane, number> = { reply: 0, nudge: 0, bulk: 0 };
  #answersCounted = 0;

  /** Messages of a lane that are in memory. */
  count(lane: Lane): number {
    return this.#counts[lane];
  }

  /** Answers that are in memory, a few of each person's at most. */
  get answersCounted(): number {
    return this.#answersCounted;
  }

  /** Adds a message behind those of its lane. */
  add(delivery: Delivery): void {
    const { contact, lane } = delivery;
    const queue = this.#queues.get(contact) ?? this.#open(contact);
    const rank = lanes.indexOf(lane);
    const from = queue.sending ? 1 : 0;
    const at = queue.rows.findIndex((row, index) => index >= from && lanes.indexOf(row.lane) > rank);
    queue.rows.splice(at < 0 ? queue.rows.length : at, 0, delivery);
    this.#counts[lane] += 1;
    if (lane === "reply") this.#countAnswers(queue, 1);
    if (!queue.sending) this.standInLine(queue);
  }

  #open(contact: ContactId): Queue {
    const queue: Queue = { contact, rows: [], sending: false, blockedUntil: 0, answers: 0 };
    this.#queues.set(contact, queue);
    return queue;
  }

  #countAnswers(queue: Queue, more: 1 | -1): void {
    this.#answersCounted -= Math.min(queue.answers, countedOfOne);
    queue.answers += more;
    this.#answersCounted += Math.min(queue.answers, countedOfOne);
  }

  /** Lets a contact stand in the line of its first message's lane. */
  standInLine(queue: Queue): void {
    const [head] = queue.rows;
    if (head !== undefined && this.#queues.get(queue.contact) === queue)
      this.#lines[head.lane].push(queue.contact);
  }

  /** How many contacts stand in a lane's line. */
  lineLength(lane: Lane): number {
    return this.#lines[lane].length;
  }

  /** The next contact in a lane's line with something to send in it; those that left or moved on are passed over. */
  nextInLine(lane: Lane): Queue | undefined {
    const line = this.#lines[lane];
    for (let contact = line.shift(); contact !== undefined; contact = line.shift()) {
      const queue = this.#queues.get(contact);
      if (queue !== undefined && !queue.sending && queue.rows[0]?.lane === lane) return queue;
    }
    return undefined;
  }

  /** Takes a message out of its queue. */
  remove(queue: Queue, delivery: Delivery): void {
    const at = queue.rows.indexOf(delivery);
    if (at < 0) return;
    queue.rows.splice(at, 1);
    this.#counts[delivery.lane] -= 1;
    if (delivery.lane === "reply") this.#countAnswers(queue, -1);
    // What the platform asked for (a 429) outlives what was queued then: the next message waits for it too.
    if (queue.rows.length === 0 && queue.blockedUntil === 0) this.#queues.delete(queue.contact);
  }

  /**
   * Takes out a contact's messages, or only the one with this id. What is being sent stays until that has ended, and is
   * marked so that there is no other try.
   */
  withdraw(contact: ContactId, only?: OutboxId): readonly Delivery[] {
    const queue = this.#queues.get(contact);
    if (queue === undefined) return [];
    const meant = queue.rows.filter(({ id }) => only === undefined || id === only);
    for (const row of meant) row.withdrawn = true;
    const out = queue.sending ? meant.filter((row) => row !== queue.rows[0]) : meant;
    for (const row of out) this.remove(queue, row);
    // The one that is first now may be of another lane, in whose line the contact does not stand.
    if (!queue.sending) this.standInLine(queue);
    return out;
  }
}
