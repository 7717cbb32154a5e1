import twilio from "twilio";
import { Throttled, UnreadableAnswer } from "./failures.ts";
import type { Transport, TransportAnswer } from "./network.ts";

/** What the SDK hands over of one call. */
type SdkCall = {
  readonly method: string;
  readonly uri: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly headers?: object | undefined;
  readonly params?: object | undefined;
  readonly data?: unknown;
};

type SdkAnswer<Data> = {
  readonly statusCode: number;
  readonly body: Data;
  readonly headers: TransportAnswer["headers"];
};

/**
 * The SDK's door to the network, over a transport of ours: kept-alive connections instead of axios, every host
 * replaced where there is a root, and no copy of the last request and response, which hold addresses and texts.
 */
export class SdkHttpClient extends twilio.RequestClient {
  readonly #transport: Transport;
  readonly #root: string | undefined;

  constructor(transport: Transport, root: string | undefined) {
    super();
    this.#transport = transport;
    this.#root = root?.replace(/\/+$/, "");
  }

  override async request<Data>(call: SdkCall): Promise<SdkAnswer<Data>> {
    const headers = headersOf(call);
    const answer = await this.#transport(this.#urlOf(call), {
      method: call.method.toUpperCase(),
      headers,
      body: bodyOf(call.data, headers["Content-Type"]),
    });
    if (answer.status === 429) throw new Throttled(secondsOf(answer));
    return { statusCode: answer.status, body: jsonOf(answer), headers: answer.headers };
  }

  #urlOf({ uri, params }: SdkCall): string {
    const url = new URL(uri);
    for (const [name, value] of pairsOf(params)) url.searchParams.append(name, value);
    return this.#root === undefined ? url.href : `${this.#root}${url.pathname}${url.search}`;
  }
}

function headersOf({ headers, username, password }: SdkCall): Record<string, string> {
  const own = Object.fromEntries(pairsOf(headers));
  if (username === undefined || password === undefined) return own;
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  return { ...own, Authorization: `Basic ${basic}` };
}

function bodyOf(data: unknown, contentType: string | undefined): string | undefined {
  if (data === undefined || data === null) return undefined;
  if (contentType === "application/json") return JSON.stringify(data);
  return new URLSearchParams(pairsOf(data)).toString();
}

/** The named values of an object, a list's one by one. */
function pairsOf(values: unknown): [string, string][] {
  return Object.entries(values ?? {}).flatMap(([name, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined)
      .map((one): [string, string] => [name, String(one)]),
  );
}

/** Whole seconds; a date, or nonsense, counts as not given. */
function secondsOf({ headers }: TransportAnswer): number | undefined {
  const given = Number(headers["retry-after"] ?? Number.NaN);
  return Number.isFinite(given) && given > 0 ? given : undefined;
}

/** The SDK's types promise whatever its caller asks for; what matters here is read again before it is used. */
function jsonOf({ status, body }: TransportAnswer) {
  if (body === "") return null;
  try {
    return JSON.parse(body);
  } catch {
    // A gateway's page: its status says enough. A success that cannot be read is none of the two.
    if (status >= 400) return null;
    throw new UnreadableAnswer();
  }
}
