import { parentPort, workerData } from "node:worker_threads";
import { openTransport, type TransportOptions } from "./transport.ts";

// The thread that transport-apart.ts starts: it carries calls, and knows nothing of what they are.

/** A call: its number, its URL, its body. */
export type Given = readonly [id: number, url: string, body: string];
/** What came of it: the answer's text, or how it failed. */
export type Answered = readonly [id: number, answer: string | Failed];

/** What of an error crosses from one thread to another. */
export type Failed = {
  readonly code: string | undefined;
  readonly syscall: string | undefined;
  readonly cause: Failed | undefined;
  readonly errors: readonly Failed[];
};

const post = { method: "POST", headers: { "content-type": "application/json" } } as const;

const settings: Omit<TransportOptions, "root"> & { readonly root: string } = workerData;
const { fetch } = openTransport({ ...settings, root: new URL(settings.root) });
let answered: Answered[] = [];

parentPort?.on("message", (given: readonly Given[]) => {
  for (const [id, url, body] of given) {
    fetch(url, { ...post, body })
      .then(({ text }) => text())
      .then(
        (text) => tell([id, text]),
        (error: unknown) => tell([id, failureOf(error)]),
      );
  }
});

/** Answers of one moment go back together. */
function tell(answer: Answered): void {
  if (answered.length === 0) setImmediate(tellAll);
  answered.push(answer);
}

function tellAll(): void {
  parentPort?.postMessage(answered);
  answered = [];
}

function failureOf(error: unknown): Failed {
  const known = error instanceof Error ? error : new Error("unknown");
  return {
    code: textIn(known, "code"),
    syscall: textIn(known, "syscall"),
    cause: known.cause instanceof Error ? failureOf(known.cause) : undefined,
    errors: known instanceof AggregateError ? known.errors.map(failureOf) : [],
  };
}

function textIn(error: Error, field: "code" | "syscall"): string | undefined {
  const value: unknown = Reflect.get(error, field);
  return typeof value === "string" ? value : undefined;
}
