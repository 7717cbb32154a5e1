import { Worker } from "node:worker_threads";

/**
 * Starts the module at `module` in a thread, with `data` as its `workerData`, and gives the one message it sends back.
 * What the thread leaves in memory goes with it. Rejects with what it throws, and where it ends without a message.
 */
export function inThread<Message>(module: URL, data: unknown): Promise<Message> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(module, { workerData: data });
    worker.once("message", (message: Message) => resolve(message));
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("a thread ended without its result")));
  });
}
