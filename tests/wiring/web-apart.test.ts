import { spawn } from "node:child_process";
import { request } from "node:http";
import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Problem } from "../../src/app/errors.ts";
import type { DeliveryStatus, Inbound } from "../../src/app/ports-channel.ts";
import type { Taken } from "../../src/web/webhook-routes.ts";
import { openWebApart, type Web, type WebApartOptions } from "../../src/wiring/web-apart.ts";
import { keepingLog } from "../logs.ts";
import { listening } from "../stand-ins/wire/host.ts";

const secret = "a-secret-of-the-tests";
const answer = { contentType: "text/plain", body: "" };
const telegram = {
  channel: "telegram",
  paths: ["/webhooks/telegram"],
  answer,
  door: { kind: "secret", secret },
} as const;

let web: Web | undefined;
afterEach(async () => {
  await web?.close();
  web = undefined;
});

async function open(options: Partial<WebApartOptions> = {}) {
  const received: (Inbound | DeliveryStatus)[] = [];
  const log = keepingLog();
  web = openWebApart({
    host: "127.0.0.1",
    port: 0,
    doors: [telegram],
    receive: async (one) => {
      received.push(one);
      return "done";
    },
    health: async () => ({ ok: true }),
    metrics: async () => "parwana_turns_total 3\n",
    log,
    ...options,
  });
  const url = await web.listen();
  const post = (chat: number, given = secret) =>
    fetch(`${url}/webhooks/telegram`, {
      method: "POST",
      headers: headersWith(given),
      body: updateFrom(chat),
    });
  return { url, received, log, post };
}

const headersWith = (given: string) => ({
  "content-type": "application/json",
  "x-telegram-bot-api-secret-token": given,
});

const updateFrom = (chat: number) =>
  JSON.stringify({
    update_id: chat,
    message: { message_id: 1, date: 1, text: "salaam", chat: { id: chat, type: "private" } },
  });

/** Asks again and again, and says each time what came of it. */
const ask = `
const next = () =>
  fetch(process.argv[1], { signal: AbortSignal.timeout(300) })
    .then(({ status }) => console.log(status), ({ name }) => console.log(name))
    .finally(() => setTimeout(next, 20));
next();
`;

/** Posts over a connection that is not kept; gives the status. */
function postOnce(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", agent: false, headers: headersWith(secret) };
    const posting = request(url, options, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    posting.on("error", reject);
    posting.end(updateFrom(1));
  });
}

describe("the web server in its own thread", () => {
  it("hands over what the platform posts, each answer to its own post", async () => {
    const call = (chat: string): Taken => ({ contentType: "application/json", body: `{"chat":${chat}}` });
    const { post } = await open({
      receive: async (one) => {
        const [chat = ""] = "addresses" in one ? one.addresses : [];
        // The later ones first.
        await new Promise((resolve) => setTimeout(resolve, 40 - Number(chat)));
        return Number(chat) % 2 === 0 ? "done" : call(chat);
      },
    });
    const chats = Array.from({ length: 40 }, (_, at) => at + 1);
    const bodies = await Promise.all(chats.map(async (chat) => (await post(chat)).text()));
    expect(bodies).toEqual(chats.map((chat) => (chat % 2 === 0 ? "" : `{"chat":${chat}}`)));
  });

  it("reads what both platforms post", async () => {
    const { url, received, post } = await open({
      doors: [
        telegram,
        {
          channel: "whatsapp",
          paths: ["/webhooks/whatsapp"],
          answer: { contentType: "text/xml", body: "<Response/>" },
          door: {
            channel: "whatsapp",
            accountSid: "AC1",
            authToken: undefined,
            publicUrl: "https://bot.example.org",
          },
        },
      ],
    });
    await post(7);
    const form = new URLSearchParams({
      AccountSid: "AC1",
      MessageSid: "SM1",
      From: "whatsapp:+15550000009",
      Body: "salaam",
    });
    const answered = await fetch(`${url}/webhooks/whatsapp`, { method: "POST", body: form });
    expect(await answered.text()).toBe("<Response/>");
    expect(received).toMatchObject([
      { channel: "telegram", addresses: ["7"], input: { kind: "text", text: "salaam" } },
      { channel: "whatsapp", externalId: "SM1", input: { kind: "text", text: "salaam" } },
    ]);
  });

  it("refuses by itself, and tells the host's log", async () => {
    const { post, received, log } = await open();
    expect((await post(1, "wrong")).status).toBe(401);
    expect(received).toEqual([]);
    expect(log.notes).toMatchObject([{ level: "warn", event: "web.refused", fields: { reason: "secret" } }]);
  });

  it.each(["busy", "unavailable"] as const)("passes on that the store is %s", async (taken) => {
    const { post } = await open({ receive: async () => taken });
    const answered = await post(1);
    expect([answered.status, await answered.json()]).toEqual([503, { error: taken }]);
  });

  it("shows the state and the counters", async () => {
    const { url } = await open({
      health: async () => ({ ok: false, code: "disk-full", reason: "the disk is full" }),
    });
    const [ready, metrics] = await Promise.all([fetch(`${url}/readyz`), fetch(`${url}/metrics`)]);
    expect([ready.status, await ready.json()]).toEqual([
      503,
      { ok: false, code: "disk-full", reason: "the disk is full" },
    ]);
    expect(await metrics.text()).toBe("parwana_turns_total 3\n");
  });

  it("says that it lives only while the thread that decides goes round", async () => {
    const { url } = await open();
    // Asked by a process of its own, as this one is about to stand still.
    const asking = spawn(process.execPath, ["-e", ask, `${url}/healthz`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said: string[] = [];
    asking.stdout.on("data", (chunk: Buffer) => said.push(...chunk.toString("utf8").trim().split("\n")));
    await expect.poll(() => said, { timeout: 10_000 }).toContain("200");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500);
    await expect.poll(() => said, { timeout: 10_000 }).toContain("TimeoutError");
    await expect.poll(() => said.at(-1), { timeout: 10_000 }).toBe("200");
    asking.kill();
  });

  it("answers 500 where something fails, and says of what kind it was, not in whose words", async () => {
    const { url, post, log } = await open({
      receive: () => Promise.reject(new TypeError("secret words of a person")),
      metrics: () => Promise.reject(new Problem("store-unavailable", "a path of this machine")),
    });
    const answers = await Promise.all([post(1), fetch(`${url}/metrics`)]);
    expect(answers.map(({ status }) => status)).toEqual([500, 500]);
    expect(new Set(log.notes.map(({ fields }) => fields["code"]))).toEqual(
      new Set(["internal", "store-unavailable"]),
    );
    expect(JSON.stringify(log.notes)).not.toMatch(/secret words|a path/);
  });

  it("lets what is under way end before it does", async () => {
    const durable = Promise.withResolvers<Taken>();
    const reached = Promise.withResolvers<void>();
    const { url } = await open({
      receive: () => {
        reached.resolve();
        return durable.promise;
      },
    });
    const posted = postOnce(`${url}/webhooks/telegram`);
    await reached.promise;
    const closed = web?.close();
    setTimeout(() => durable.resolve("done"), 50);
    expect(await posted).toBe(200);
    await closed;
    await expect(postOnce(`${url}/webhooks/telegram`)).rejects.toThrow("ECONNREFUSED");
  });

  it("says as Node does why it can't listen, and can be closed then", async () => {
    const other = createServer();
    const port = await listening(other);
    try {
      await expect(open({ port })).rejects.toMatchObject({ code: "EADDRINUSE", syscall: "listen", port });
    } finally {
      other.close();
    }
  });
});
