import { Problem } from "../../app/errors.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { storeClosed } from "../schema/closed.ts";
import { isCollision, isLost, unavailable } from "./failure.ts";
import { Disowned } from "./session.ts";

/** Most items in one transaction: enough to share the cost of the round trips and the flush, few enough not to make others wait. */
const most = 200;
/** How often a transaction that met another, or whose connection died, is tried in all. */
const mostTries = 4;
/** How long the next batch waits for more, where one has ended just now: who was answered by that one writes again at once. */
const gatherFor: Ms = 2;
/** After so long without a transaction, none waits. */
const quietAfter: Ms = 20;

/** One item's end: what to tell its caller after the commit, what to reject it with, or that it has to wait for the next batch. */
export type Ended<Value> =
  | { readonly kind: "done"; readonly value: Value }
  | { readonly kind: "failed"; readonly problem: unknown }
  | { readonly kind: "later" };

export type BatchNeeds<Item, Value> = {
  /** Carries a batch out in one transaction; gives each item's end, in their order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Ended<Value>[]>;
  /** What two items must not have in common to be under way at once. */
  readonly keys: (item: Item) => readonly string[];
  /** How many transactions may be under way. */
  readonly lanes: number;
  /** Whether to take one item at a time, after `first`. */
  readonly careful?: () => boolean;
  readonly first?: (item: Item) => Promise<void>;
  readonly ended: (trouble: Problem | undefined) => void;
  /** Something had to be done again: what the first try had committed may be waiting in the database. */
  readonly repeated: () => void;
  /** This process was taken for dead; resolves when it has entered anew. */
  readonly disowned: () => Promise<void>;
};

type Waiting<Item, Value> = {
  readonly item: Item;
  readonly keys: readonly string[];
  readonly resolve: (value: Value) => void;
  readonly reject: (problem: unknown) => void;
};

/**
 * Group commit: what arrives while transactions are under way, or at once after one, shares the next. Items that have a key in
 * common run one after another, in their order of arrival.
 */
export class Batches<Item, Value> {
  readonly #needs: BatchNeeds<Item, Value>;
  #waiting: Waiting<Item, Value>[] = [];
  readonly #busy = new Set<string>();
  #underWay = 0;
  #scheduled = false;
  #lastEnd = Number.NEGATIVE_INFINITY;
  #closed = false;
  #drained: (() => void) | undefined;

  constructor(needs: BatchNeeds<Item, Value>) {
    this.#needs = needs;
  }

  /** Queues an item; resolves after its commit. Rejects with Problem `store-unavailable` when the database can't be used. */
  add(item: Item): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(storeClosed());
        return;
      }
      this.#waiting.push({ item, keys: this.#needs.keys(item), resolve, reject });
      this.#schedule();
    });
  }

  /** Takes nothing more; resolves when everything taken is over. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#underWay === 0 && this.#waiting.length === 0) return;
    await new Promise<void>((resolve) => (this.#drained = resolve));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const start = () => {
      this.#scheduled = false;
      while (this.#underWay < this.#needs.lanes && this.#start());
    };
    if (performance.now() - this.#lastEnd > quietAfter) setImmediate(start);
    else setTimeout(start, gatherFor);
  }

  #start(): boolean {
    const careful = this.#needs.careful?.() === true;
    const batch = this.#take(careful ? 1 : most);
    if (batch.length === 0) return false;
    this.#underWay += 1;
    void this.#carryOut(batch, careful).finally(() => {
      this.#underWay -= 1;
      this.#lastEnd = performance.now();
      for (const { keys } of batch) for (const key of keys) this.#busy.delete(key);
      if (this.#waiting.length > 0) this.#schedule();
      else if (this.#underWay === 0) this.#drained?.();
    });
    return true;
  }

  /** The first items that have nothing in common with one another or with what is under way. */
  #take(limit: number): readonly Waiting<Item, Value>[] {
    const batch: Waiting<Item, Value>[] = [];
    const left: Waiting<Item, Value>[] = [];
    const passed = new Set<string>();
    for (const [index, one] of this.#waiting.entries()) {
      if (batch.length === limit) {
        left.push(...this.#waiting.slice(index));
        break;
      }
      const free = !one.keys.some((key) => this.#busy.has(key) || passed.has(key));
      (free ? batch : left).push(one);
      for (const key of one.keys) (free ? this.#busy : passed).add(key);
    }
    this.#waiting = left;
    return batch;
  }

  async #carryOut(batch: readonly Waiting<Item, Value>[], careful: boolean): Promise<void> {
    try {
      if (careful) for (const { item } of batch) await this.#needs.first?.(item);
      this.#tell(batch, await this.#run(batch.map(({ item }) => item)));
      this.#needs.ended(undefined);
    } catch (problem) {
      const trouble = troubleIn(problem);
      if (trouble === undefined && batch.length > 1) return this.#apart(batch, careful);
      for (const { reject } of batch) reject(trouble ?? problem);
      this.#needs.ended(trouble);
    }
  }

  /** One of them is at fault: each alone. Rare, so it may be slow. */
  async #apart(batch: readonly Waiting<Item, Value>[], careful: boolean): Promise<void> {
    for (const one of batch) await this.#carryOut([one], careful);
  }

  /**
   * Tries again what another transaction was in the way of, and what got no answer. Where that had been committed all the
   * same, the delivery's id or the due moment says so: the second try finds a duplicate.
   */
  async #run(items: readonly Item[]): Promise<readonly Ended<Value>[]> {
    for (let left = mostTries; left > 1; left--) {
      try {
        return await this.#tried(items, left < mostTries);
      } catch (problem) {
        if (!mayWorkNow(problem)) throw problem;
        if (problem instanceof Disowned) await this.#needs.disowned();
        setImmediate(this.#needs.repeated);
      }
    }
    return this.#needs.run(items);
  }

  async #tried(items: readonly Item[], again: boolean): Promise<readonly Ended<Value>[]> {
    const ends = await this.#needs.run(items);
    // What the look before met under a lock was passed over.
    if (again) setImmediate(this.#needs.repeated);
    return ends;
  }

  #tell(batch: readonly Waiting<Item, Value>[], ends: readonly Ended<Value>[]): void {
    const later: Waiting<Item, Value>[] = [];
    for (const [index, one] of batch.entries()) {
      const end = ends[index];
      if (end?.kind === "done") one.resolve(end.value);
      else if (end?.kind === "failed") one.reject(end.problem);
      else later.push(one);
    }
    this.#waiting.unshift(...later);
  }
}

const mayWorkNow = (problem: unknown): boolean =>
  problem instanceof Disowned || isCollision(problem) || isLost(problem);

function troubleIn(problem: unknown): Problem | undefined {
  if (problem instanceof Disowned)
    return new Problem("store-unavailable", "this process was taken for dead", { trouble: "disowned" });
  return unavailable(problem);
}
