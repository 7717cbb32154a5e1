import { Agent } from "undici";
import { answerTimeout, connectTimeout } from "./capabilities.ts";

export type TransportInit = {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};
export type TransportAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
};

/** Carries one call to Twilio as it would leave, and brings its answer. */
export type Transport = (url: string, init: TransportInit) => Promise<TransportAnswer>;

/** Opens kept-alive HTTP/1.1 connections, one call at a time on each. Rejections carry undici's or the system's `code`. */
export function openNetwork(connections: number): {
  readonly transport: Transport;
  readonly close: () => Promise<void>;
} {
  const agent = new Agent({
    connections,
    pipelining: 1,
    headersTimeout: answerTimeout,
    bodyTimeout: answerTimeout,
    connect: { timeout: connectTimeout },
    allowH2: false,
  });
  return {
    async transport(url, { method, headers, body }) {
      const { origin, pathname, search } = new URL(url);
      const answer = await agent.request({
        origin,
        path: `${pathname}${search}`,
        method,
        headers,
        body: body ?? null,
      });
      return { status: answer.statusCode, headers: answer.headers, body: await answer.body.text() };
    },
    close: () => agent.close(),
  };
}
