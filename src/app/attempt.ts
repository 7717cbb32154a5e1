import type { ChannelId, ContactId, OutboxId, TopicId } from "../core/nouns/ids.ts";
import { keptFor, type Lane, type Message, type Outgoing } from "../core/nouns/message.ts";
import { Recent } from "../core/nouns/recent.ts";
import { day, type Ms, minute, second } from "../core/nouns/time.ts";
import { problemCode } from "./errors.ts";
import type { Body } from "./outbox-body.ts";
import type { People } from "./people.ts";
import type { Channel, SendOutcome } from "./ports-channel.ts";
import type { Settled } from "./ports-store.ts";
import type { Parts } from "./runtime.ts";

/** Where a message goes, and what the channel needs to know about the person there. */
export type Destination = {
  readonly address: string;
  readonly lastInbound: Ms | undefined;
  readonly openKeyboard: string | undefined;
};

/** A row in memory, ready to be sent. */
export type Delivery = {
  readonly id: OutboxId;
  readonly contact: ContactId;
  readonly channel: ChannelId;
  readonly lane: Lane;
  readonly notAfter: Ms;
  /** Until when it is kept where it has to wait for the person to write; undefined: as long as any message. */
  readonly keptUntil: Ms | undefined;
  attempts: number;
  /** When it may be tried again, where that concerns nothing else of the contact. */
  notBefore: Ms;
  /** When the store said that it is ours to send. */
  readonly givenAt: Ms;
  /** When it was queued; undefined where this process did, and nobody else can have tried it. */
  readonly queuedAt: Ms | undefined;
  /** From when on (ms) the platform may have taken it without our hearing of it. */
  doubtSince: Ms | undefined;
  /** Stopped, erased or reported while it was being sent: there is no other try. */
  withdrawn: boolean;
  /** The message as it may be said at that time. */
  readonly message: (now: Ms) => Message;
  /** What becomes of the question that waits, and another message whose buttons it takes away: as in its body. */
  readonly question: Body["question"];
  readonly spent: Body["spent"];
  readonly broadcast: { readonly organisation: string; readonly topic: TopicId } | undefined;
  to: Destination;
  /** Belongs to nobody any more (the receipt of a deletion). */
  readonly lone: boolean;
};

/**
 * What came of an attempt, as it is written. `waits`: what has to wait for another try, this message (and what follows
 * it), all of the person's, or the whole channel. `contactStopped`: the person can't be reached any more.
 */
export type Attempted = Settled & {
  readonly waits: "message" | "contact" | "channel";
  readonly contactStopped: boolean;
};

const firstRetry: Ms = second;
const longestRetry: Ms = 5 * minute;
/**
 * What a platform may ask us to wait. Less is none: the message would go out again at once, and again. More is nonsense, or
 * longer than an answer is worth sending: it is asked again then.
 */
const shortestPause: Ms = second / 10;
const longestPause: Ms = day;
/**
 * How long a process that has just started, or taken over, leaves a platform that can be asked to report on what its forerunner sent
 * last, and to list it: a request that broke off may still be on its way into the list. More than a call takes.
 */
const settling: Ms = 5 * second;
/** For how long what the store said of a row need not be asked again. */
const freshFor: Ms = second;
/** For how many people the keyboard of the question that waits is remembered, until their stored row is read again. */
const keyboardMemory = 50_000;

/** Makes one attempt to send one row, and says what to write about it. */
export class Attempt {
  readonly #parts: Parts & { readonly people: People };
  readonly #chance: () => number;
  /** The keyboard of the question that waits, of people whom we have just asked, null for none; newer than their stored row. */
  readonly #keyboards = new Recent<ContactId, string | null>(keyboardMemory);
  /** Whether other processes send from the same store. */
  readonly isShared: boolean;
  /** What was queued before may have been on its way when a process ended: this one's forerunner, or another. */
  #othersUntil: Ms;

  constructor(parts: Parts & { readonly people: People }, chance: () => number) {
    this.#parts = parts;
    this.#chance = chance;
    this.isShared = parts.store.together.moments !== undefined;
    this.#othersUntil = parts.clock.now();
    parts.store.together.hear(({ kind }) => {
      if (kind === "took-over") this.#othersUntil = parts.clock.now();
    });
  }

  /** Until when (ms) a row is left alone because another process may have sent it and the platform can't say so yet; 0: it is not. */
  settledAt(row: Delivery): Ms {
    const isLookedFor = this.#isOthers(row) && this.#parts.channels.get(row.channel)?.looksBack === true;
    return isLookedFor ? this.#othersUntil + settling : 0;
  }

  /** All that was sent to this person is written: their stored row knows the keyboard that waits as well. */
  forgetKeyboard(contact: ContactId): void {
    this.#keyboards.delete(contact);
  }

  #isOthers({ queuedAt }: Delivery): boolean {
    return queuedAt !== undefined && queuedAt <= this.#othersUntil;
  }

  /** Sends a row, unless it is too late, or the person has opted out since. Never rejects: it is tried again then. */
  async send(row: Delivery): Promise<Attempted> {
    const now = this.#parts.clock.now();
    try {
      if (now > row.notAfter) return attempted(row, { kind: "dropped", reason: "expired" });
      const channel = this.#parts.channels.get(row.channel);
      if (channel === undefined) return attempted(row, { kind: "again", at: now + minute });
      // A broadcast that waited for the person to write comes as one of the answers to that.
      const isAnswer = row.lane === "reply" && row.broadcast === undefined;
      const unwanted = isAnswer ? undefined : await this.#askedLast(row, channel);
      if (unwanted !== undefined) return attempted(row, { kind: "dropped", reason: unwanted });
      if (this.#isOthers(row)) row.doubtSince ??= row.queuedAt;
      const outgoing = this.#outgoing(row, now);
      // Last of all: nothing may be waited for between this answer and the sending.
      const isOurs = this.#parts.store.together.mayLeave(row.id, isFresh(row, this.#parts.clock.now()));
      if (isOurs !== true && !(await isOurs)) return attempted(row, { kind: "let-go" });
      const outcome = await channel.send(outgoing).catch((error: unknown) => this.#broken(row, error));
      if (outcome.kind === "unknown") row.doubtSince ??= now;
      return this.#settle(row, outcome, this.#parts.clock.now());
    } catch (error) {
      this.#parts.log.error("a message could not be sent", { outbox: row.id, code: problemCode(error) });
      return attempted(row, { kind: "again", at: now + this.#backOff(row.attempts) });
    }
  }

  /** Why an unasked message may not leave; undefined when it may. Whether it is wanted is what is looked at last. */
  async #askedLast(row: Delivery, { looksBack }: Channel): Promise<string | undefined> {
    // Where nobody can be asked what has gone out, some had better miss a broadcast than get it twice.
    if (row.lane === "bulk" && looksBack !== true) await this.#parts.store.leaving(row);
    return this.#unwanted(row);
  }

  /** Why the person does not want this unasked message any more; undefined when they do. Reads them again. */
  async #unwanted(row: Delivery): Promise<string | undefined> {
    const contact = await this.#parts.store.contact(row.contact);
    if (contact?.state !== "active") return contact?.state === "blocked" ? "blocked" : "opted-out";
    const { session } = this.#parts.people.open(contact);
    if (row.broadcast !== undefined && !session.subscriptions.includes(row.broadcast.topic))
      return "unsubscribed";
    row.to = { ...row.to, lastInbound: contact.lastInbound, openKeyboard: contact.openKeyboard };
    return undefined;
  }

  #outgoing(row: Delivery, now: Ms): Outgoing {
    const openKeyboard = row.question === undefined ? undefined : this.#openKeyboard(row);
    return {
      id: row.id,
      contact: row.contact,
      channel: row.channel,
      address: row.to.address,
      lane: row.lane,
      message: row.message(now),
      lastInbound: row.to.lastInbound,
      openKeyboard,
      spent: row.spent === openKeyboard ? undefined : row.spent,
      organisation: row.broadcast?.organisation,
      doubtSince: row.doubtSince,
    };
  }

  /** A channel does not throw; should one, nobody knows whether the message went. */
  #broken(row: Delivery, error: unknown): SendOutcome {
    this.#parts.log.error("a channel failed", { channel: row.channel, code: problemCode(error) });
    return { kind: "unknown", reason: "channel-failed" };
  }

  #settle(row: Delivery, outcome: SendOutcome, now: Ms): Attempted {
    switch (outcome.kind) {
      case "sent":
        return this.#sent(row, outcome);
      case "announced":
        return attempted(row, {
          kind: "announced",
          providerId: outcome.providerId,
          keptUntil: row.keptUntil ?? now + keptFor,
        });
      case "window-closed":
        return attempted(row, {
          kind: "held",
          reason: outcome.reason,
          keptUntil: row.keptUntil ?? now + keptFor,
        });
      case "refused":
        this.#parts.log.warn("a message was refused", {
          channel: row.channel,
          outbox: row.id,
          reason: outcome.reason,
        });
        return attempted(row, { kind: "failed", reason: outcome.reason });
      case "contact-stopped":
        return attempted(row, { kind: "failed", reason: outcome.reason }, "message", true);
      case "retry-later":
        return attempted(
          row,
          { kind: "again", at: now + (pauseOf(outcome.afterMs) ?? this.#backOff(row.attempts)) },
          outcome.scope,
        );
      case "unknown":
        return attempted(row, this.#inDoubt(row, outcome.reason, now));
    }
  }

  #sent(row: Delivery, { providerId, hasKeyboard }: Extract<SendOutcome, { kind: "sent" }>): Attempted {
    const keyboard = row.question === "put" && hasKeyboard ? providerId : undefined;
    if (row.question !== undefined) this.#keyboards.set(row.contact, keyboard ?? null);
    else if (row.spent !== undefined) this.#forgetSpent(row);
    return attempted(row, { kind: "sent", providerId, keyboard });
  }

  /**
   * A lost response: tried again where the channel looks for the message before it sends it, else only where a second copy
   * does no harm (answers; a nudge once; never a broadcast).
   */
  #inDoubt(row: Delivery, reason: string, now: Ms): Settled["result"] {
    const { looksBack = false, doubtWait = 0 } = this.#parts.channels.get(row.channel) ?? {};
    if (!looksBack && (row.lane === "bulk" || (row.lane === "nudge" && row.attempts > 0)))
      return { kind: "failed", reason: `unknown ${reason}` };
    return { kind: "again", at: now + Math.max(doubtWait, this.#backOff(row.attempts)) };
  }

  #backOff(attempts: number): Ms {
    // Whole milliseconds: a store may keep nothing else.
    return Math.round(Math.min(firstRetry * 2 ** attempts, longestRetry) * (0.75 + this.#chance() / 2));
  }

  #openKeyboard({ contact, to }: Delivery): string | undefined {
    const newest = this.#keyboards.get(contact);
    return newest === undefined ? to.openKeyboard : (newest ?? undefined);
  }

  /** What was said first of several took the buttons of the question away: those after it need not. */
  #forgetSpent(row: Delivery): void {
    if (row.spent === this.#openKeyboard(row)) this.#keyboards.set(row.contact, null);
  }
}

/** What is written of a row: one that was withdrawn while it was being sent has no other try from here. */
export function written(row: Delivery, result: Settled["result"]): Settled["result"] {
  return result.kind === "again" && row.withdrawn ? { kind: "let-go" } : result;
}

/** The pause that a platform asked for, in whole milliseconds; undefined where it named none that can be kept. */
function pauseOf(asked: Ms | undefined): Ms | undefined {
  if (asked === undefined || !(asked >= shortestPause)) return undefined;
  return Math.ceil(Math.min(asked, longestPause));
}

/** Whether the store has only just said that this row is ours to send. */
function isFresh(row: Delivery, now: Ms): boolean {
  return row.attempts === 0 && now - row.givenAt < freshFor;
}

function attempted(
  row: Delivery,
  result: Settled["result"],
  waits: Attempted["waits"] = "message",
  contactStopped = false,
): Attempted {
  return { id: row.id, contact: row.contact, result, waits, contactStopped };
}
