import { STATUS_CODES } from "node:http";
import { createServer, type Socket } from "node:net";
import { type Answer, type Exchange, type Host, listening, whenClosed } from "./host.ts";

const END_OF_HEAD = Buffer.from("\r\n\r\n");

/**
 * The same as startHost for benches, where node:http itself would be most of what is measured: HTTP/1.1 with
 * keep-alive and Content-Length only (no chunked bodies, no upgrades), one request of a connection at a time.
 */
export async function startLeanHost(onExchange: (exchange: Exchange) => void): Promise<Host> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    serve(socket, onExchange);
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function serve(socket: Socket, onExchange: (exchange: Exchange) => void): void {
  let waiting: Buffer = Buffer.alloc(0);
  let busy = false;
  const next = () => {
    while (!(busy || socket.destroyed)) {
      const request = readRequest(waiting);
      if (request === undefined) return;
      waiting = waiting.subarray(request.size);
      busy = true;
      onExchange(exchangeOf(socket, request, again));
    }
  };
  /** Answers may come at once: the loop above then goes on by itself. */
  const again = () => {
    busy = false;
    if (waiting.length > 0) next();
  };
  socket.on("data", (chunk: Buffer) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    next();
  });
}

interface Request {
  readonly head: string;
  readonly body: string;
  /** Bytes of both. */
  readonly size: number;
}

function readRequest(bytes: Buffer): Request | undefined {
  const headEnd = bytes.indexOf(END_OF_HEAD);
  if (headEnd < 0) return undefined;
  const head = bytes.toString("latin1", 0, headEnd);
  const start = headEnd + END_OF_HEAD.length;
  const size = start + Number(headerIn(head, "content-length") ?? 0);
  return bytes.length < size ? undefined : { head, body: bytes.toString("utf8", start, size), size };
}

/** One pattern a name is kept: to compile it again would cost as much as the rest of the reading. */
const PATTERNS = new Map<string, RegExp>();

function headerIn(head: string, name: string): string | undefined {
  const pattern = PATTERNS.get(name) ?? new RegExp(`\\r\\n${name}:[ \\t]*([^\\r\\n]*)`, "i");
  PATTERNS.set(name, pattern);
  return pattern.exec(head)?.[1];
}

function exchangeOf(socket: Socket, request: Request, answered: () => void): Exchange {
  const [method = "GET", url = "/"] = request.head.split(" ", 2);
  let open = true;
  return {
    method,
    url,
    header: (name) => headerIn(request.head, name),
    body: request.body,
    reply(answer) {
      if (!open || socket.destroyed) return;
      open = false;
      socket.write(wireText(answer));
      answered();
    },
    cut: () => socket.destroy(),
    onGone: (act) => whenClosed(socket, act),
  };
}

function wireText({ status, type, body, headers }: Answer): string {
  const more =
    headers === undefined
      ? ""
      : Object.entries(headers)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join("");
  return (
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nContent-Type: ${type}\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: keep-alive\r\n${more}\r\n${body}`
  );
}
