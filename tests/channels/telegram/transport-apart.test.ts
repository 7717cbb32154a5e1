import { createServer, type Server } from "node:http";
import type { Worker } from "node:worker_threads";
import { afterEach, expect, it } from "vitest";
import { failureOf } from "../../../src/channels/telegram/failures.ts";
import { openTransportApart } from "../../../src/channels/telegram/transport-apart.ts";

const post = (body: string) => ({ method: "POST", headers: {}, body }) as const;

const cleanUp: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean();
});

/** A server that says back what it is sent, but leaves `silence` without an answer. */
async function echo(): Promise<{ readonly url: URL; readonly heard: (body: string) => Promise<void> }> {
  const bodies: string[] = [];
  const waiting = new Map<string, () => void>();
  const server: Server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    bodies.push(body);
    waiting.get(body)?.();
    if (body !== "silence") response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUp.push(
    () => server.close(),
    () => server.closeAllConnections(),
  );
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const heard = (body: string) =>
    new Promise<void>((resolve) => (bodies.includes(body) ? resolve() : waiting.set(body, resolve)));
  return { url: new URL(`http://127.0.0.1:${port}`), heard };
}

function open(root: URL) {
  const transport = openTransportApart({ root, connections: 4, headersTimeout: 5_000, bodyTimeout: 5_000 });
  cleanUp.push(transport.close);
  return transport;
}

it("brings each call its own answer, however many there are", async () => {
  const { url } = await echo();
  const { fetch } = open(url);
  const bodies = Array.from({ length: 200 }, (_, at) => `سلام ${at}`);
  const answers = await Promise.all(bodies.map((body) => fetch(url.href, post(body))));
  expect(await Promise.all(answers.map(({ text }) => text()))).toEqual(bodies);
});

it("counts what was under way as unanswered when its thread dies, and goes on with another", async () => {
  const threads: Worker[] = [];
  const note = (thread: Worker) => void threads.push(thread);
  process.on("worker", note);
  cleanUp.push(() => void process.off("worker", note));
  const { url, heard } = await echo();
  const { fetch } = open(url);
  const lost = fetch(url.href, post("silence")).catch(failureOf);
  await heard("silence");
  await threads[0]?.terminate();
  expect(await lost).toEqual({ kind: "unknown", reason: "no-answer" });
  expect(await (await fetch(url.href, post("once more"))).text()).toBe("once more");
  expect(threads).toHaveLength(2);
});

it("ends when what is under way has ended, and carries nothing after that", async () => {
  const { url } = await echo();
  const { fetch, close } = open(url);
  const last = fetch(url.href, post("the last"));
  await close();
  expect(await (await last).text()).toBe("the last");
  expect(await fetch(url.href, post("too late")).catch(failureOf)).toMatchObject({
    kind: "retry-later",
    reason: "unreachable",
  });
});
