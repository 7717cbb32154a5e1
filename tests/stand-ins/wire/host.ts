import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Server, Socket } from "node:net";

/** One whole answer, ready for the wire. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Reply = (answer: Answer) => void;

/** One request whose body has arrived whole. */
export interface Exchange {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Takes a lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly body: string;
  /** Answers; where the client has gone, or has its answer, nothing happens. */
  readonly reply: Reply;
  /** Breaks the connection without an answer. */
  readonly cut: () => void;
  /** Calls `act` when the client goes before it has its answer; gives the way to call that off. */
  readonly onGone: (act: () => void) => () => void;
}

export interface Host {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Gives a JSON answer. */
export function jsonAnswer(
  status: number,
  value: unknown,
  headers?: Readonly<Record<string, string>>,
): Answer {
  const answer = { status, type: "application/json", body: JSON.stringify(value) };
  return headers === undefined ? answer : { ...answer, headers };
}

/** Opens a plain HTTP server on a free port of 127.0.0.1. Closing it also cuts whatever still hangs. */
export async function startHost(onExchange: (exchange: Exchange) => void): Promise<Host> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", () => undefined);
    request.on("end", () =>
      onExchange(exchangeOf(request, response, Buffer.concat(chunks).toString("utf8"))),
    );
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 120_000;
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function exchangeOf(request: IncomingMessage, response: ServerResponse, body: string): Exchange {
  return {
    method: request.method ?? "GET",
    url: request.url ?? "/",
    header: (name) => request.headers[name]?.toString(),
    body,
    reply: (answer) => send(response, answer),
    cut: () => request.socket.destroy(),
    onGone: (act) => whenClosed(request.socket, act),
  };
}

/** Calls `act` when the socket closes; gives the way to call that off. */
export function whenClosed(socket: Socket, act: () => void): () => void {
  socket.once("close", act);
  return () => void socket.off("close", act);
}

function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(answer.status, {
    "Content-Type": answer.type,
    "Content-Length": Buffer.byteLength(answer.body),
    ...answer.headers,
  });
  response.end(answer.body);
}

/** Resolves with the port on which a server, told to listen on a free one of 127.0.0.1, does. */
export function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") reject(new Error("no TCP port"));
      else resolve(address.port);
    });
  });
}
