import type { Socket } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { problemCode } from "../app/errors.ts";
import type { Log } from "../app/ports.ts";

/** What a client may be told, by HTTP status; everything else it did wrong is a bad request. */
const names: Readonly<Record<number, string>> = {
  403: "forbidden",
  404: "not-found",
  405: "method-not-allowed",
  413: "too-large",
  414: "too-long",
  415: "media-type",
};

/** Answers a failed request in one short line; what failed on our side is logged by its class, never shown. */
export function answerFailure(error: unknown, reply: FastifyReply, log: Log): FastifyReply {
  const status = statusOf(error);
  if (status < 500) return reply.code(status).send({ error: names[status] ?? "bad-request" });
  log.error("web.failed", {
    code: problemCode(error),
    error: error instanceof Error ? error.constructor.name : typeof error,
  });
  return reply.code(500).send({ error: "internal" });
}

function statusOf(error: unknown): number {
  const status =
    typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : 500;
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}

const malformed = '{"error":"bad-request"}';

/** Answers bytes that are no HTTP request, and ends the connection. */
export function answerMalformed(error: Error, socket: Socket): void {
  if (("code" in error && error.code === "ECONNRESET") || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-type: application/json\r\n` +
      `content-length: ${malformed.length}\r\n\r\n${malformed}`,
  );
}

/**
 * Gives the handler of requests that no route takes: 405 with the methods that are allowed where the path is known,
 * 404 elsewhere. Has to be made before the routes are added.
 */
export function createNotFound(app: FastifyInstance) {
  const methods = new Map<string, string[]>();
  app.addHook("onRoute", ({ url, method }) => {
    methods.set(url, [...(methods.get(url) ?? []), ...[method].flat()]);
  });
  return ({ url }: FastifyRequest, reply: FastifyReply) => {
    const allowed = methods.get(url.split("?", 1)[0] ?? "");
    if (allowed === undefined) return reply.code(404).send({ error: names[404] });
    return reply.code(405).header("allow", allowed.join(", ")).send({ error: names[405] });
  };
}
