import { Api, type RawApi } from "grammy";
import { second } from "../../core/nouns/time.ts";
import { answerTimeout, bodyTimeout, pollSeconds } from "./capabilities.ts";
import { openTransport, type Transport, type TransportOptions } from "./transport.ts";
import { openTransportApart } from "./transport-apart.ts";

export type ApiOptions = {
  readonly token: string;
  /** Default: Telegram's own. */
  readonly apiRoot: string | undefined;
  /** Takes the place of the network. */
  readonly transport: Transport | undefined;
  /** Calls under way at once; more wait. */
  readonly connections: number;
};

export type ApiClient = { readonly api: RawApi; readonly close: () => Promise<void> };

const telegramRoot = "https://api.telegram.org";

/** A client for calls that are answered at once, and by the thousand. */
export function openApi(options: ApiOptions): ApiClient {
  return open(options, openTransportApart, answerTimeout, undefined);
}

/** A client for long polling, on a connection of its own; `signal` ends whatever call is under way. */
export function openPollingApi(options: Omit<ApiOptions, "connections">, signal: AbortSignal): ApiClient {
  return open({ ...options, connections: 1 }, openTransport, pollSeconds * second + answerTimeout, signal);
}

function open(
  options: ApiOptions,
  openNetwork: (options: TransportOptions) => {
    readonly fetch: Transport;
    readonly close: () => Promise<void>;
  },
  headersTimeout: number,
  signal: AbortSignal | undefined,
): ApiClient {
  const root = new URL(options.apiRoot ?? telegramRoot);
  const methods = `${root.href.replace(/\/+$/, "")}/bot${options.token}/`;
  const own =
    options.transport === undefined
      ? openNetwork({ root, connections: options.connections, headersTimeout, bodyTimeout })
      : { fetch: options.transport, close: async () => undefined };
  const api = new Api(options.token);
  // A transformer that calls no other: grammY keeps the methods, their types and its errors, and the call itself
  // goes without its timers, polyfilled signals and look for files to upload: a quarter of what a call costs here.
  api.config.use(async (_, method, payload) => {
    const body = JSON.stringify(payload);
    const init = signal === undefined ? { body } : { body, signal };
    const answer = await own.fetch(methods + method, { ...post, ...init });
    return JSON.parse(await answer.text());
  });
  return { api: api.raw, close: own.close };
}

const post = { method: "POST", headers: { "content-type": "application/json" } } as const;
