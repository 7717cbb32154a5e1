import { type Dispatcher, Pool } from "undici";
import type { Ms } from "../../core/nouns/time.ts";

export type TransportInit = {
  readonly method: "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal;
};

export type TransportAnswer = { readonly text: () => string | Promise<string> };

/** The part of `fetch` that Bot API calls need. */
export type Transport = (url: string, init: TransportInit) => Promise<TransportAnswer>;

export type TransportOptions = {
  /** The API's root; every URL that is fetched begins with it. */
  readonly root: URL;
  /** How many calls are under way at once; more wait. */
  readonly connections: number;
  /** How long the answer may take to begin, and then from byte to byte. */
  readonly headersTimeout: Ms;
  readonly bodyTimeout: Ms;
};

const connectTimeout: Ms = 5_000;

/**
 * Opens kept-alive HTTP/1.1 connections, one call at a time on each. Rejections carry undici's or the system's `code`.
 * It drives undici's dispatcher itself: an answer is some hundred bytes of JSON, and a stream and a Response for each
 * cost more than the call.
 */
export function openTransport(options: TransportOptions): {
  readonly fetch: Transport;
  readonly close: () => Promise<void>;
} {
  const { root, connections, headersTimeout, bodyTimeout } = options;
  const pool = new Pool(root.origin, {
    connections,
    pipelining: 1,
    headersTimeout,
    bodyTimeout,
    connect: { timeout: connectTimeout },
    allowH2: false,
  });
  return {
    fetch: (url, { method, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const path = url.slice(root.origin.length);
        pool.dispatch({ path, method, headers, body }, answerHandler(resolve, reject, signal));
      }),
    close: () => pool.close(),
  };
}

function answerHandler(
  resolve: (answer: TransportAnswer) => void,
  reject: (error: Error) => void,
  signal: AbortSignal | undefined,
): Dispatcher.DispatchHandler {
  const chunks: Buffer[] = [];
  let running: Dispatcher.DispatchController | undefined;
  const abort = () => {
    const aborted = new Error("aborted");
    running?.abort(aborted);
    reject(aborted);
  };
  signal?.addEventListener("abort", abort, { once: true });
  return {
    onRequestStart(controller) {
      running = controller;
      if (signal?.aborted) abort();
    },
    onResponseStart() {
      // The status is repeated in the JSON; headers mean nothing here.
    },
    onResponseData(_, chunk) {
      chunks.push(chunk);
    },
    onResponseEnd() {
      signal?.removeEventListener("abort", abort);
      const [only] = chunks;
      const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
      resolve({ text: () => bytes.toString("utf8") });
    },
    onResponseError(_, error) {
      signal?.removeEventListener("abort", abort);
      reject(error);
    },
  };
}
