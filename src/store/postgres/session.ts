import type { Client } from "pg";
import { Problem } from "../../app/errors.ts";
import type { Clock, Log } from "../../app/ports.ts";
import type { Tidings } from "../../app/ports-together.ts";
import { type Ms, second } from "../../core/nouns/time.ts";
import { carefulFor } from "../schema/attempts.ts";
import { type Database, type Query, queryOn, type Statement } from "./connection.ts";
import { failureCode, unavailable } from "./failure.ts";
import type { Ids } from "./ids.ts";
import { locks } from "./locks.ts";
import { listen, payloadOf, tell, tidingsFrom } from "./tidings.ts";
import { Unsure } from "./unsure.ts";
import { enter, free, heartbeat, lease, renew, takeOver } from "./worker.ts";

const watchEvery: Ms = 2 * second;
/** How long before the lease ends this process no longer relies on it: others' clocks and the way there take time. */
const margin: Ms = 5 * second;
/** For longer than anything counts as only just given by the store. */
const newFor: Ms = 2 * second;
const firstPause: Ms = 100;
const longestPause: Ms = 2 * second;
/** How long a write waits for the session to be back. */
const longestWait: Ms = 5 * second;

const uncleanAt: Statement = {
  name: "unclean-at",
  text: "SELECT convert_from(value, 'UTF8')::bigint AS at FROM meta WHERE key = 'unclean-at'",
};
const fence: Statement = { name: "fence", text: "SELECT 1 FROM workers WHERE id = $1 FOR KEY SHARE" };

/** A write under an id that has been taken for dead: nothing of it may stay. */
export class Disowned extends Error {
  override readonly name = "Disowned";
}

export type SessionNeeds = {
  readonly db: Database;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
};

/** A moment by the clock that never jumps and by the one on the wall, ms. */
type Moment = { readonly steady: Ms; readonly wall: Ms };

/** This process among those that share the database: its life, its lease, and what it hears from the others. */
export class Session {
  readonly unsure = new Unsure();
  readonly #needs: SessionNeeds;
  readonly #listeners: ((tidings: Tidings) => void)[] = [];
  #client: Client | undefined;
  #id = 0;
  #leads = false;
  /** When the last renewal that worked was asked for. */
  #renewedAt: Moment = { steady: Number.NEGATIVE_INFINITY, wall: 0 };
  /** When it entered anew after it was taken for dead, on the steady clock. */
  #enteredAnew = Number.NEGATIVE_INFINITY;
  #carefulUntil: Ms = 0;
  #beating: NodeJS.Timeout | undefined;
  #watching: NodeJS.Timeout | undefined;
  #renewing: Promise<void> | undefined;
  /** Resolves when a lost session is there again. */
  #back = Promise.withResolvers<void>();
  #closed = false;

  constructor(needs: SessionNeeds) {
    this.#needs = needs;
  }

  /** The fencing token: changes only when this process was taken for dead. */
  get id(): number {
    return this.#id;
  }

  /** Whether inputs are handled one by one now, because one of them may have ended a process. */
  get careful(): boolean {
    return this.#needs.clock.now() < this.#carefulUntil;
  }

  /** Enters this process among the others, after taking over from those that died. */
  async open(): Promise<void> {
    await this.#connect();
    await this.#watch();
    this.#beating = setInterval(() => void this.renewed().catch(() => undefined), heartbeat).unref();
    this.#watching = setInterval(() => void this.#watch().catch(() => undefined), watchEvery).unref();
  }

  hear(listener: (tidings: Tidings) => void): void {
    this.#listeners.push(listener);
  }

  /** Tells this process's listeners. */
  emit(tidings: Tidings): void {
    for (const listener of this.#listeners) listener(tidings);
  }

  /** Tells the other processes, as part of a transaction or on its own. */
  tell(query: Query, tidings: Tidings): Promise<unknown> {
    return query(tell, [payloadOf(this.#id, tidings)]);
  }

  /**
   * Whether nobody can have taken over from this process yet. The clock that never jumps goes on while a process is stopped;
   * where the machine sleeps it stands still, and the wall clock tells.
   */
  isSure(): boolean {
    const { steady, wall } = this.#renewedAt;
    const passed = Math.max(performance.now() - steady, this.#needs.clock.now() - wall);
    return this.#client !== undefined && passed < lease - margin;
  }

  /** Whether what the store has just given may have been given to the one that this process was before. */
  isNew(): boolean {
    return performance.now() - this.#enteredAnew < newFor;
  }

  #now(): Moment {
    return { steady: performance.now(), wall: this.#needs.clock.now() };
  }

  /** Asks now. Rejects with Problem `store-unavailable` when the database can't be asked. */
  async renewed(): Promise<void> {
    this.#renewing ??= this.#renew().finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  /** After it was taken for dead: waits for its session to be back, and has this process entered anew. */
  async entered(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => (timer = setTimeout(resolve, longestWait)));
    if (this.#client === undefined) await Promise.race([this.#back.promise, enough]);
    clearTimeout(timer);
    await this.renewed();
  }

  /**
   * To be sent first in each transaction that writes what others must not: holds this process's registration until the
   * transaction ends. Throws Disowned when it is gone.
   */
  async fence(query: Query): Promise<void> {
    if ((await query(fence, [this.#id])).count === 0) throw new Disowned("taken for dead");
  }

  async leads(): Promise<boolean> {
    const client = this.#client;
    if (client === undefined) return false;
    if (this.#leads) return true;
    try {
      const got = (await queryOn(client)(locks.lead)).rows[0]?.["got"] === true;
      this.#leads = got && this.#client === client;
    } catch (problem) {
      throw unavailable(problem) ?? problem;
    }
    return this.#leads;
  }

  /** Leaves: what this process held is free for the others at once. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#beating);
    clearInterval(this.#watching);
    const client = this.#client;
    try {
      await this.#needs.db.transact(async (query) => {
        await free(query, [this.#id]);
        return { value: undefined, writes: [this.tell(query, { kind: "waiting" })] };
      });
    } catch {
      this.#needs.log.warn("store-not-tidied");
    }
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<void> {
    const client = this.#needs.db.dedicated(`parwana ${this.#id}`);
    try {
      client.on("error", (problem) => this.#lost(client, problem));
      await client.connect();
      client.on("end", () => this.#lost(client, undefined));
      client.on("notification", ({ payload }) => this.#heard(payload));
      const query = queryOn(client);
      const asked = this.#now();
      const kept = this.#id !== 0 && (await renew(query, this.#id));
      if (kept) await query(locks.live, [this.#id]);
      else await this.#enter(query);
      await query({ name: "", text: `SET application_name = 'parwana ${this.#id}'` });
      await query(listen);
      this.#renewedAt = asked;
      this.#client = client;
    } catch (problem) {
      client.end().catch(() => undefined);
      throw unavailable(problem) ?? problem;
    }
  }

  async #enter(query: Query): Promise<void> {
    const before = this.#id;
    const entered = await enter(query);
    if (entered === undefined)
      throw new Problem(
        "store-locked",
        "as many parwana processes as can be use this database: stop one first",
      );
    this.#id = entered.id;
    this.#needs.ids.use(entered.slot);
    if (before === 0) return;
    this.#enteredAnew = performance.now();
    this.#needs.log.warn("store-disowned");
    this.emit({ kind: "disowned" });
  }

  async #renew(): Promise<void> {
    const client = this.#client;
    if (client === undefined)
      throw new Problem("store-unavailable", "the connection to the database is lost");
    const asked = this.#now();
    try {
      const query = queryOn(client);
      if (!(await renew(query, this.#id))) await this.#enter(query);
      this.#renewedAt = asked;
    } catch (problem) {
      throw unavailable(problem) ?? problem;
    }
  }

  #heard(payload: string | undefined): void {
    const tidings = tidingsFrom(payload, this.#id);
    if (tidings !== undefined) this.emit(tidings);
  }

  #lost(client: Client, problem: Error | undefined): void {
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#back = Promise.withResolvers();
    this.#leads = false;
    if (this.#closed) return;
    this.#needs.log.warn("store-session-lost", { code: failureCode(problem) });
    client.end().catch(() => undefined);
    void this.#reconnect(firstPause);
  }

  async #reconnect(pause: Ms): Promise<void> {
    if (this.#closed) return;
    try {
      await this.#connect();
      this.#back.resolve();
      // What was said meanwhile was not heard.
      this.emit({ kind: "waiting" });
      this.emit({ kind: "topics" });
    } catch {
      const timer = setTimeout(() => void this.#reconnect(Math.min(2 * pause, longestPause)), pause);
      timer.unref();
    }
  }

  /** Looks for processes that died, and for whether one did lately. */
  async #watch(): Promise<void> {
    const { db, clock, log } = this.#needs;
    const taken = await db.transact(async (query) => {
      const count = await takeOver(query, this.#id, clock.now(), log);
      return { value: count, writes: count === 0 ? [] : [this.tell(query, { kind: "waiting" })] };
    });
    const at = (await db.read(uncleanAt)).rows[0]?.["at"];
    if (typeof at === "number") this.#carefulUntil = Math.max(this.#carefulUntil, at + carefulFor);
    if (taken > 0) this.emit({ kind: "took-over" });
  }
}
