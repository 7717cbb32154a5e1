import { rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";
import { type AdminParts, type AdminRequest, carryOut } from "../app/admin.ts";
import { Problem, problemCode, problemText } from "../app/errors.ts";
import { checkControlPath, controlPath } from "./control-path.ts";

// An import of it would load all that it can give, Node's own undici too, which takes a start 50 ms.
const { createServer } = process.getBuiltinModule("node:http");

const texts = z.record(z.string(), z.string());

/** What may be asked over the socket. */
const request: z.ZodType<AdminRequest> = z.discriminatedUnion("command", [
  z.strictObject({ command: z.literal("org add"), id: z.string(), name: z.string() }),
  z.strictObject({ command: z.literal("org list") }),
  z.strictObject({
    command: z.literal("topic add"),
    organisation: z.string(),
    topic: z.string(),
    titles: texts,
  }),
  z.strictObject({ command: z.literal("topic list") }),
  z.strictObject({
    command: z.literal("broadcast send"),
    dryRun: z.boolean(),
    organisation: z.string(),
    topic: z.string(),
    texts,
  }),
  z.strictObject({ command: z.literal("broadcast status"), id: z.int() }),
  z.strictObject({ command: z.literal("inbox list") }),
  z.strictObject({ command: z.literal("inbox replay"), id: z.int().exactOptional(), late: z.boolean() }),
  z.strictObject({ command: z.literal("case list") }),
  z.strictObject({ command: z.literal("content publish") }),
  z.strictObject({ command: z.literal("server stop") }),
  z.strictObject({ command: z.literal("content compare"), root: z.string() }),
]);

const bodyLimit = 1024 * 1024;

/** What is taken from a new file's mode: its owner keeps reading and writing. */
const othersNothing = 0o177;

/**
 * Opens the socket over which `parwana` commands are carried out by the running server (only this user may connect:
 * the socket has mode 0600). A request is one JSON POST; the answer is `{ok: true, result}` or `{ok: false, code, message}`.
 */
export async function openControl(
  dataDir: string,
  parts: AdminParts,
): Promise<{ readonly close: () => Promise<void> }> {
  checkControlPath(dataDir);
  const path = controlPath(dataDir);
  await rm(path, { force: true });
  const atWork = new Set<Promise<void>>();
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, parts, atWork).catch((error: unknown) => {
      parts.log.error("a command failed", { code: problemCode(error) });
      outgoing.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    // The socket is made within this call, and nobody else may use it from its first moment on.
    const before = process.umask(othersNothing);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await Promise.allSettled(atWork);
      // Whoever has not asked by now would keep the server from ending.
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers one request; what is being carried out stands in `atWork`, so that an end waits for it. */
async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: AdminParts,
  atWork: Set<Promise<void>>,
): Promise<void> {
  let body: string;
  try {
    body = await bodyOf(incoming);
  } catch (error) {
    return reply(outgoing, refusal(error));
  }
  const work = carriedOut(body, parts).then((said) => reply(outgoing, said));
  atWork.add(work);
  await work.finally(() => atWork.delete(work));
}

async function carriedOut(body: string, parts: AdminParts): Promise<object> {
  try {
    return { ok: true, result: await carryOut(parts, requestIn(body)) };
  } catch (error) {
    return refusal(error);
  }
}

function refusal(error: unknown): object {
  return { ok: false, code: problemCode(error), message: problemText(error) };
}

function requestIn(body: string): AdminRequest {
  const read = request.safeParse(jsonIn(body));
  if (read.success) return read.data;
  throw new Problem(
    "invalid",
    "the command was not understood: use the `parwana` of the same version as the server",
  );
}

function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Sends an answer; resolves when it has gone, or whoever asked has. */
function reply(outgoing: ServerResponse, body: object): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once("close", resolve);
    outgoing
      .writeHead(200, { "content-type": "application/json", connection: "close" })
      .end(JSON.stringify(body));
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > bodyLimit) throw new Problem("invalid", "the command is too long");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
