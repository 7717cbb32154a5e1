import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { Slots } from "../../core/nouns/slots.ts";
import type { Transport, TransportAnswer, TransportOptions } from "./transport.ts";
import type { Answered, Failed, Given } from "./transport-thread.ts";

const maxYoungGenerationSizeMb = 8;

type Waiting = {
  readonly resolve: (answer: TransportAnswer) => void;
  readonly reject: (error: Error) => void;
};

/**
 * The same calls from a thread of their own: what encrypts, writes and reads costs the thread that answers people as much
 * as deciding on the answer. Calls of one moment are handed over together. Should the thread end, what was under way is
 * rejected, and the next call starts another.
 */
export function openTransportApart(options: TransportOptions): {
  readonly fetch: Transport;
  readonly close: () => Promise<void>;
} {
  const carrier = new Carrier(options);
  return {
    fetch: (url, { body }) => carrier.carry(url, body),
    close: () => carrier.close(),
  };
}

class Carrier {
  readonly #options: TransportOptions;
  #worker: Worker | undefined;
  readonly #waiting = new Slots<Waiting>();
  /** Not yet handed over. */
  #given: Given[] = [];
  #emptied: (() => void) | undefined;
  #closed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
  }

  carry(url: string, body: string): Promise<TransportAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(errorOf(closed));
      const id = this.#waiting.put({ resolve, reject });
      // After all that is decided in this moment.
      if (this.#given.length === 0) process.nextTick(this.#handOver);
      this.#given.push([id, url, body]);
    });
  }

  readonly #handOver = (): void => {
    const given = this.#given;
    this.#given = [];
    this.#worker ??= this.#start();
    this.#worker.postMessage(given);
  };

  #start(): Worker {
    const { root, ...settings } = this.#options;
    // What the start gives the thread that answers people would overrule the limit below, for every thread.
    setFlagsFromString("--max-semi-space-size=0");
    const worker = new Worker(new URL("./transport-thread.ts", import.meta.url), {
      workerData: { ...settings, root: root.href },
      // It keeps nothing; what it needs for a call is garbage when the call is over.
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    worker.on("message", (answers: readonly Answered[]) => {
      // What one that was lost still says is about numbers of before.
      if (this.#worker === worker) this.#answered(answers);
    });
    worker.on("error", () => this.#lost(worker));
    worker.on("exit", () => this.#lost(worker));
    return worker;
  }

  #answered(answers: readonly Answered[]): void {
    for (const [id, answer] of answers) {
      const waiting = this.#waiting.take(id);
      if (typeof answer === "string") waiting?.resolve({ text: () => answer });
      else waiting?.reject(errorOf(answer));
    }
    if (this.#waiting.isEmpty) this.#emptied?.();
  }

  /** Nobody knows what became of the calls that were under way. */
  #lost(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    this.#given = [];
    for (const call of this.#waiting.takeAll())
      call.reject(new Error("the thread that carries calls has ended"));
    this.#emptied?.();
  }

  /** Lets what is under way end. */
  async close(): Promise<void> {
    this.#closed = true;
    if (!this.#waiting.isEmpty) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
    }
    await this.#worker?.terminate();
  }
}

/** As a pool that is closed says it. */
const closed: Failed = { code: "UND_ERR_CLOSED", syscall: undefined, cause: undefined, errors: [] };

/** The failure as it was, as far as what it means depends on it. */
function errorOf({ code, syscall, cause, errors }: Failed): Error {
  const what = "the call failed";
  const inner = cause === undefined ? {} : { cause: errorOf(cause) };
  const error =
    errors.length === 0 ? new Error(what, inner) : new AggregateError(errors.map(errorOf), what, inner);
  return Object.assign(error, { code, syscall });
}
