import { request as httpRequest } from "node:http";
import type { AdminRequest } from "../app/admin.ts";
import { CommandFailed } from "./command-failed.ts";

/** What the server said; `absent`: none runs on this folder. */
export type ServerAnswer =
  | { readonly kind: "answered"; readonly result: unknown }
  | { readonly kind: "absent" };

/** No socket; one whose server was killed; a path that no socket can have, or that leads through a file or in a circle. */
const absentCodes: ReadonlySet<unknown> = new Set([
  "ENOENT",
  "ECONNREFUSED",
  "ENAMETOOLONG",
  "EINVAL",
  "ENOTDIR",
  "ELOOP",
]);

/** Has the server behind the control socket carry out a request. Throws CommandFailed with the server's own words when it refuses. */
export async function askServer(socketPath: string, request: AdminRequest): Promise<ServerAnswer> {
  const text = await post(socketPath, JSON.stringify(request));
  return text === undefined ? { kind: "absent" } : { kind: "answered", result: resultOf(text) };
}

/** The answer's text; undefined when nobody listens. */
function post(socketPath: string, body: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      const code = codeOf(error);
      if (absentCodes.has(code)) resolve(undefined);
      else reject(code === "EACCES" ? notOurs(socketPath) : wentAway());
    };
    const outgoing = httpRequest({ socketPath, method: "POST", path: "/", agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
      incoming.on("error", fail);
    });
    outgoing.on("error", fail);
    outgoing.setHeader("content-type", "application/json");
    outgoing.end(body);
  });
}

function codeOf(error: Error): unknown {
  return "code" in error ? error.code : undefined;
}

function notOurs(socketPath: string): CommandFailed {
  return new CommandFailed(
    `${socketPath} belongs to another user: run this as the user who runs the server.`,
  );
}

function wentAway(): CommandFailed {
  return new CommandFailed(
    "The server stopped before it answered: look whether it was carried out before you try again.",
  );
}

function resultOf(text: string): unknown {
  const answer = parsed(text);
  if (typeof answer !== "object" || answer === null || !("ok" in answer)) throw wentAway();
  if (answer.ok === true) return "result" in answer ? answer.result : undefined;
  throw new CommandFailed("message" in answer ? String(answer.message) : "The server refused.");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wentAway();
  }
}
