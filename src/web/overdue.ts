import type { FastifyInstance, FastifyReply } from "fastify";
import type { Log } from "../app/ports.ts";
import { type Ms, second } from "../core/nouns/time.ts";

/**
 * How long a platform is let wait for what became of its post: less than the 15 seconds after which Twilio gives up, more than
 * a post may wait at the gate.
 */
const patience: Ms = 10 * second;

/**
 * Posts that wait for an answer. Whoever has waited for too long is given one by a look each second: a timer for each would
 * cost more than all else that is done here.
 */
export class Overdue {
  /** The oldest first. */
  readonly #since = new Map<FastifyReply, Ms>();
  readonly #answer: (reply: FastifyReply) => void;
  readonly #log: Log;

  /** Looks until the server closes; a post that is still under way then waits no longer than the server does. */
  constructor(app: FastifyInstance, answer: (reply: FastifyReply) => void, log: Log) {
    this.#answer = answer;
    this.#log = log;
    const looking = setInterval(() => this.#look(), second).unref();
    app.addHook("onClose", async () => clearInterval(looking));
  }

  begin(reply: FastifyReply): void {
    this.#since.set(reply, performance.now());
  }

  /** False where it has been answered meanwhile. */
  end(reply: FastifyReply): boolean {
    return this.#since.delete(reply);
  }

  #look(): void {
    const late = performance.now() - patience;
    let count = 0;
    for (const [reply, since] of this.#since) {
      if (since > late) break;
      this.#since.delete(reply);
      this.#answer(reply);
      count += 1;
    }
    if (count > 0) this.#log.warn("web.overdue", { count });
  }
}
