import { createOutgoing, type Post, type PostOutcome } from "../wire/outgoing.ts";
import type { Random } from "../wire/seeded.ts";
import type { Timers } from "../wire/timers.ts";
import type { Update, UpdateStore } from "./updates.ts";
import { retryDelayMs } from "./webhook-pace.ts";

export interface WebhookSettings {
  readonly url: string;
  readonly secret: string | undefined;
  readonly maxConnections: number;
}

/** One POST of one update. `copy` is 0, or 1 for a deliberate second copy. */
export interface Delivery {
  readonly update: number;
  readonly queue: string;
  readonly attempt: number;
  readonly copy: number;
  readonly at: number;
  /** HTTP status, or how the connection failed. */
  readonly came: number | "not-connected" | "broken";
}

export interface WebhookOptions {
  readonly now: () => number;
  readonly random: Random;
  readonly timers: Timers;
  /** Every delay between attempts is multiplied by this. */
  readonly retryScale: number;
  /** Chance, 0 to 1, that an update is posted twice: at once side by side, or again after its 2xx. */
  readonly duplicateRate: number;
  readonly timeoutMs: number;
  /** Gives where a webhook's URL is reached on this machine; undefined where it is not. */
  readonly reach: (url: string) => string | undefined;
  readonly onDelivery: () => void;
  /** A 2xx body with a `method` is a call of its own. */
  readonly onReplyCall: (body: string) => void;
}

export interface WebhookSender {
  readonly settings: () => WebhookSettings | undefined;
  readonly set: (settings: WebhookSettings | undefined) => void;
  readonly deliveries: readonly Delivery[];
  readonly lastError: () => { readonly at: number; readonly message: string } | undefined;
  readonly close: () => void;
}

interface Queue {
  readonly waiting: Update[];
  busy: boolean;
  attempt: number;
}

const GONE = 410;
/** Official server: a webhook that answers 410 for so long is removed. */
const GONE_FOR_MS = 23 * 3_600_000;

/**
 * Gives the webhook side of the official server: one update in flight per queue, the next only after a 2xx; a failed
 * one again at once, then after 2, 4, 8 … s, or after what Retry-After says; dropped when it has expired.
 */
export function createWebhookSender(updates: UpdateStore, options: WebhookOptions): WebhookSender {
  const { now, random, timers } = options;
  const outgoing = createOutgoing();
  const queues = new Map<string, Queue>();
  const crowdedOut = new Set<Queue>();
  const deliveries: Delivery[] = [];
  let settings: WebhookSettings | undefined;
  let inFlight = 0;
  let goneSince: number | undefined;
  let lastError: { readonly at: number; readonly message: string } | undefined;

  const set = (next: WebhookSettings | undefined) => {
    settings = next;
    goneSince = undefined;
    queues.clear();
    crowdedOut.clear();
    if (next !== undefined) for (const update of updates.pending.values()) enqueue(update);
  };

  function enqueue(update: Update): void {
    const queue = queues.get(update.queue) ?? { waiting: [], busy: false, attempt: 0 };
    queues.set(update.queue, queue);
    queue.waiting.push(update);
    pump(queue);
  }

  function pump(queue: Queue): void {
    const [head] = queue.waiting;
    if (settings === undefined || head === undefined || queue.busy) return;
    if (inFlight >= settings.maxConnections) {
      crowdedOut.add(queue);
      return;
    }
    if (head.expiresAt <= now()) {
      next(queue, head);
      return;
    }
    queue.busy = true;
    inFlight += 1;
    void deliver(settings, queue, head);
  }

  function next(queue: Queue, finished: Update): void {
    updates.remove(finished.id);
    queue.waiting.shift();
    queue.attempt = 0;
    if (queue.waiting.length === 0) queues.delete(finished.queue);
    else pump(queue);
  }

  async function deliver(to: WebhookSettings, queue: Queue, update: Update): Promise<void> {
    const twice = random() < options.duplicateRate;
    const sideBySide = twice && random() < 0.5;
    const [came] = await Promise.all([
      postOnce(to, queue, update, 0),
      ...(sideBySide ? [postOnce(to, queue, update, 1)] : []),
    ]);
    if (twice && !sideBySide && isTaken(came)) await postOnce(to, queue, update, 1);
    inFlight -= 1;
    queue.busy = false;
    settle(to, queue, update, came);
    options.onDelivery();
    const [waiting] = crowdedOut;
    if (waiting === undefined) return;
    crowdedOut.delete(waiting);
    pump(waiting);
  }

  async function postOnce(
    to: WebhookSettings,
    queue: Queue,
    update: Update,
    copy: number,
  ): Promise<PostOutcome> {
    const at = now();
    const url = options.reach(to.url);
    const post: Omit<Post, "url"> = {
      headers: {
        "Content-Type": "application/json",
        ...(to.secret === undefined ? {} : { "X-Telegram-Bot-Api-Secret-Token": to.secret }),
      },
      body: JSON.stringify(update.content),
      timeoutMs: options.timeoutMs,
    };
    const came: PostOutcome =
      url === undefined ? { kind: "not-connected" } : await outgoing.post({ url, ...post });
    deliveries.push({
      update: update.id,
      queue: update.queue,
      attempt: queue.attempt + 1,
      copy,
      at,
      came: came.kind === "answered" ? came.status : came.kind,
    });
    if (came.kind === "answered" && isTaken(came)) options.onReplyCall(came.body);
    return came;
  }

  function settle(to: WebhookSettings, queue: Queue, update: Update, came: PostOutcome): void {
    if (isTaken(came)) {
      goneSince = undefined;
      updates.remove(update.id);
    }
    if (settings !== to) return;
    if (isTaken(came)) next(queue, update);
    else retry(queue, came);
  }

  function retry(queue: Queue, came: PostOutcome): void {
    lastError = {
      at: now(),
      message: came.kind === "answered" ? `Wrong response from the webhook: ${came.status}` : came.kind,
    };
    const gone = came.kind === "answered" && came.status === GONE;
    goneSince = gone ? (goneSince ?? now()) : undefined;
    if (goneSince !== undefined && now() - goneSince >= GONE_FOR_MS) {
      set(undefined);
      return;
    }
    queue.attempt += 1;
    queue.busy = true;
    timers.after(retryDelayMs(queue.attempt, came, random) * options.retryScale, () => {
      queue.busy = false;
      pump(queue);
    });
  }

  updates.onAdd((update) => {
    if (settings !== undefined) enqueue(update);
  });
  return {
    settings: () => settings,
    set,
    deliveries,
    lastError: () => lastError,
    close() {
      settings = undefined;
      outgoing.close();
    },
  };
}

function isTaken(came: PostOutcome): boolean {
  return came.kind === "answered" && came.status >= 200 && came.status < 300;
}
