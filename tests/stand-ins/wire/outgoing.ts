import { Agent, request as httpRequest } from "node:http";

/** What became of a POST: an answer, no connection, or a connection that broke or stayed silent. */
export type PostOutcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: "not-connected" }
  | { readonly kind: "broken" };

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

export interface Outgoing {
  readonly post: (post: Post) => Promise<PostOutcome>;
  readonly close: () => void;
}

/** Gives a small HTTP client for webhooks (plain HTTP: the bot under test is on this machine). */
export function createOutgoing(): Outgoing {
  const agent = new Agent({ keepAlive: true });
  return {
    post: (post) => new Promise((resolve) => start(agent, post, resolve)),
    close: () => agent.destroy(),
  };
}

function start(agent: Agent, post: Post, resolve: (outcome: PostOutcome) => void): void {
  let connected = false;
  const outgoing = httpRequest(post.url, {
    agent,
    method: "POST",
    headers: { ...post.headers, "Content-Length": Buffer.byteLength(post.body) },
    timeout: post.timeoutMs,
  });
  outgoing.on("socket", (socket) => {
    connected = !socket.connecting;
    // A kept connection never tells again: what waited for that would stay on it, one more with each request.
    if (!connected)
      socket.once("connect", () => {
        connected = true;
      });
  });
  outgoing.on("timeout", () => outgoing.destroy());
  outgoing.on("error", () => resolve({ kind: connected ? "broken" : "not-connected" }));
  outgoing.on("response", (response) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", () => resolve({ kind: "broken" }));
    response.on("end", () =>
      resolve({
        kind: "answered",
        status: response.statusCode ?? 0,
        headers: plainHeaders(response.headers),
        body: Buffer.concat(chunks).toString("utf8"),
      }),
    );
  });
  outgoing.end(post.body);
}

function plainHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
