import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { problemCode } from "../app/errors.ts";
import type { Log } from "../app/ports.ts";
import type { Probes } from "../web/probe-routes.ts";
import type { Receive } from "../web/webhook-routes.ts";
import type { Answer, Answered, Asked, FromThread, Orders, Question, ToThread } from "./web-thread.ts";

const maxYoungGenerationSizeMb = 4;

export type WebApartOptions = Orders &
  Omit<Probes, "alive"> & { readonly receive: Receive; readonly log: Log };

/** A web server as its owner needs it. `listen` gives its URL, or rejects as Node does. */
export type Web = { readonly listen: () => Promise<string>; readonly close: () => Promise<void> };

/**
 * The web server in a thread of its own, so that what reads, checks and answers requests holds up nobody's turn. It has no pages, whose phones are here. `close` lets requests under way end, so what they ask has to be
 * answered until then. Should the thread fail, the process does, as it would by an error of a server without a thread.
 */
export function openWebApart(options: WebApartOptions): Web {
  let thread: Thread | undefined;
  return {
    listen: () => {
      thread = new Thread(options);
      return thread.listening;
    },
    close: async () => thread?.close(),
  };
}

class Thread {
  readonly listening: Promise<string>;
  readonly #options: WebApartOptions;
  readonly #worker: Worker;
  readonly #closed = Promise.withResolvers<void>();
  #answered: Answered[] = [];
  #ends = false;

  constructor(options: WebApartOptions) {
    this.#options = options;
    const { host, port, doors } = options;
    const orders: Orders = { host, port, doors };
    // What the start gives the thread that decides would overrule the limit below, for every thread.
    setFlagsFromString("--max-semi-space-size=0");
    this.#worker = new Worker(new URL("./web-thread.ts", import.meta.url), {
      workerData: orders,
      // It keeps nothing; what it needs for a request is garbage when that is answered.
      resourceLimits: { maxYoungGenerationSizeMb },
    });
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    this.listening = promise;
    this.#worker.on("message", (message: FromThread) => this.#hear(message, { resolve, reject }));
    this.#worker.on("error", (error) => {
      throw error;
    });
    this.#worker.on("exit", () => {
      if (!this.#ends) throw new Error("the thread of the web server has ended");
    });
  }

  async close(): Promise<void> {
    if (!this.#ends) this.#tell({ kind: "close" });
    await this.#closed.promise;
    await this.#worker.terminate();
  }

  #tell(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  #hear(
    message: FromThread,
    { resolve, reject }: Pick<PromiseWithResolvers<string>, "resolve" | "reject">,
  ): void {
    switch (message.kind) {
      case "asked":
        for (const asked of message.asked) this.#answer(asked);
        return;
      case "noted":
        this.#options.log[message.level](message.event, message.fields);
        return;
      case "listening":
        resolve(message.url);
        return;
      case "not-listening":
        reject(Object.assign(new Error(String(message.problem.message)), message.problem));
        return;
      case "closed":
        this.#ends = true;
        this.#closed.resolve();
        return;
    }
  }

  #answer([number, question]: Asked): void {
    const say = (answer: Answer) => {
      // Answers of one moment go back together.
      if (this.#answered.length === 0) setImmediate(this.#sayAll);
      this.#answered.push([number, answer]);
    };
    this.#find(question).then(say, (error) => say({ kind: "failed", code: problemCode(error) }));
  }

  readonly #sayAll = (): void => {
    this.#tell({ kind: "answered", answered: this.#answered });
    this.#answered = [];
  };

  async #find(question: Question): Promise<Answer> {
    const { kind } = question;
    if (kind === "receive") return { kind, taken: await this.#options.receive(question.received) };
    if (kind === "alive") return { kind };
    if (kind === "health") return { kind, health: await this.#options.health() };
    return { kind, text: await this.#options.metrics() };
  }
}
