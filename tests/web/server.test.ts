import { connect } from "node:net";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import type { LogFields } from "../../src/app/ports.ts";
import type {
  Channel,
  DeliveryStatus,
  Inbound,
  Received,
  WebhookRequest,
} from "../../src/app/ports-channel.ts";
import { buildServer, type ServerOptions } from "../../src/web/server.ts";
import type { Taken } from "../../src/web/webhook-routes.ts";

const inbound: Inbound = {
  channel: "telegram",
  externalId: "1",
  addresses: ["7"],
  input: { kind: "text", text: "salaam" },
  languageHint: undefined,
  opensWindow: true,
  tappedMessage: undefined,
  tapId: undefined,
};
const status: DeliveryStatus = {
  channel: "whatsapp",
  providerId: "SM1",
  outbox: 1,
  status: "delivered",
  failure: undefined,
};

function channelThat(receive: (request: WebhookRequest) => Received): Channel {
  return {
    id: "whatsapp",
    receive,
    answer: { contentType: "text/xml", body: "<Response/>" },
    send: async () => ({ kind: "refused", reason: "test" }),
    reach: () => "now",
    doubtWait: 0,
    bulkPerSecond: 1,
    start: async () => undefined,
    stop: async () => undefined,
  };
}

let app: FastifyInstance;
afterEach(() => app.close());

function open(receive: (request: WebhookRequest) => Received, options: Partial<ServerOptions> = {}) {
  const logged: [string, LogFields | undefined][] = [];
  const note = (event: string, fields?: LogFields) => void logged.push([event, fields]);
  app = buildServer({
    webhooks: [{ channel: channelThat(receive), paths: ["/webhooks/whatsapp", "/webhooks/whatsapp/status"] }],
    receive: async () => "done",
    health: async () => ({ ok: true }),
    metrics: async () => "parwana_turns_total 3\n",
    log: { debug: note, info: note, warn: note, error: note },
    ...options,
  });
  return logged;
}

const post = (payload: string, url = "/webhooks/whatsapp", headers: Record<string, string> = {}) =>
  app.inject({ method: "POST", url, payload, headers });

describe("a webhook", () => {
  test("hands over the request untouched and answers what the channel answers", async () => {
    const requests: WebhookRequest[] = [];
    const taken: (Inbound | DeliveryStatus)[] = [];
    open(
      (request) => {
        requests.push(request);
        return request.path.endsWith("status") ? { kind: "status", status } : { kind: "inbound", inbound };
      },
      {
        receive: async (received) => {
          taken.push(received);
          return "done";
        },
      },
    );
    const body = "Body=a+b%20c&Ünïcode=پ&Body=again";
    const form = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": "s=" };
    const answers = [
      await post(body, "/webhooks/whatsapp", form),
      await post(body, "/webhooks/whatsapp/status?o=12&x=%20", form),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(200);
      expect(answer.headers["content-type"]).toMatch(/^text\/xml/);
      expect(answer.body).toBe("<Response/>");
    }
    expect(requests).toMatchObject([
      { path: "/webhooks/whatsapp", query: "", body, headers: form },
      { path: "/webhooks/whatsapp/status", query: "o=12&x=%20", body, headers: form },
    ]);
    expect(taken).toEqual([inbound, status]);
  });

  test("is answered with what there is to say to what was taken, where there is something", async () => {
    const call = { contentType: "application/json", body: '{"method":"some"}' };
    const outcomes: Taken[] = ["done", "busy", "unavailable", call, "done"];
    const reads: Received[] = [{ kind: "ignored" }, { kind: "status", status }];
    open(() => reads.shift() ?? { kind: "inbound", inbound }, {
      receive: async () => outcomes.shift() ?? "unavailable",
    });
    const answers: (readonly [string, unknown])[] = [];
    for (let at = 0; at < 6; at++) {
      const { body, headers } = await post("x");
      answers.push([body, headers["content-type"]]);
    }
    const xml = "text/xml";
    const json = "application/json; charset=utf-8";
    expect(answers).toEqual([
      ["<Response/>", xml],
      ["<Response/>", xml],
      ['{"error":"busy"}', json],
      ['{"error":"unavailable"}', json],
      [call.body, json],
      ["<Response/>", xml],
    ]);
  });

  test("is answered only once what it brought is durable", async () => {
    let commit: (taken: "done") => void = () => undefined;
    const order: string[] = [];
    open(() => ({ kind: "inbound", inbound }), {
      receive: () =>
        new Promise((resolve) => {
          order.push("received");
          commit = resolve;
          setImmediate(() => {
            order.push("committed");
            commit("done");
          });
        }),
    });
    await post("x");
    order.push("answered");
    expect(order).toEqual(["received", "committed", "answered"]);
  });

  test.each(["busy", "unavailable"] as const)("that cannot be taken (%s) is to come again", async (taken) => {
    open(() => ({ kind: "inbound", inbound }), { receive: async () => taken });
    const answer = await post("x");
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["retry-after"]).toBe("1");
    expect(answer.json()).toEqual({ error: taken });
  });

  test("that takes too long is to come again, whatever becomes of it", async () => {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const posted: PromiseWithResolvers<Taken>[] = [];
    const logged = open(() => ({ kind: "inbound", inbound }), {
      receive: () => {
        const one = Promise.withResolvers<Taken>();
        posted.push(one);
        return one.promise;
      },
    });
    const handedIn = async (count: number) => {
      while (posted.length < count) await new Promise(setImmediate);
    };
    const early = [post("x"), post("x")];
    await handedIn(2);
    vi.advanceTimersByTime(5_000);
    const later = post("x");
    await handedIn(3);
    vi.advanceTimersByTime(6_000);
    for (const answer of await Promise.all(early)) {
      expect(answer.statusCode).toBe(503);
      expect(answer.headers["retry-after"]).toBe("1");
      expect(answer.json()).toEqual({ error: "unavailable" });
    }
    posted[0]?.resolve("done");
    posted[1]?.reject(new TypeError("the store is gone"));
    posted[2]?.resolve("done");
    expect((await later).body).toBe("<Response/>");
    vi.advanceTimersByTime(60_000);
    expect(logged).toEqual([["web.overdue", { count: 2 }]]);
  });

  test.each([400, 401, 403, 413] as const)("that the channel refuses is answered %i", async (httpStatus) => {
    let taken = 0;
    open(() => ({ kind: "refused", httpStatus, reason: "signature" }), {
      receive: async () => {
        taken += 1;
        return "done";
      },
    });
    const answer = await post("x");
    expect(answer.statusCode).toBe(httpStatus);
    expect(answer.json()).toEqual({ error: "signature" });
    expect(taken).toBe(0);
  });

  test("that is refused is told to the host once a minute, with how often, and nothing of what it brought", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const logged = open(({ body }) => ({
        kind: "refused",
        httpStatus: 403,
        reason: body.startsWith("a") ? "signature" : "account",
      }));
      for (const body of ["a canary", "a canary", "b canary", "a canary"]) await post(body);
      vi.advanceTimersByTime(59_999);
      await post("a canary");
      vi.advanceTimersByTime(1);
      await post("a canary");
      const about = { channel: "whatsapp", reason: "signature" };
      expect(logged).toEqual([
        ["web.refused", { ...about, count: 1 }],
        ["web.refused", { ...about, reason: "account", count: 1 }],
        ["web.refused", { ...about, count: 4 }],
      ]);
    } finally {
      vi.useRealTimers();
    }
  });

  test("with nothing for us is acknowledged", async () => {
    open(() => ({ kind: "ignored" }));
    const answer = await post("x");
    expect([answer.statusCode, answer.body]).toEqual([200, "<Response/>"]);
  });

  test("is read whatever type its body claims to have", async () => {
    const bodies: string[] = [];
    open(({ body }) => {
      bodies.push(body);
      return { kind: "ignored" };
    });
    await post('{"a":1}', "/webhooks/whatsapp", { "content-type": "application/json" });
    await post("a=1", "/webhooks/whatsapp", { "content-type": "text/nonsense" });
    await app.inject({ method: "POST", url: "/webhooks/whatsapp" });
    expect(bodies).toEqual(['{"a":1}', "a=1", ""]);
  });

  test("above 256 KiB is refused unread", async () => {
    let read = 0;
    open(() => {
      read += 1;
      return { kind: "ignored" };
    });
    const largest = await post("x".repeat(256 * 1024));
    const tooLarge = await post("x".repeat(256 * 1024 + 1));
    expect([largest.statusCode, tooLarge.statusCode, read]).toEqual([200, 413, 1]);
    expect(tooLarge.json()).toEqual({ error: "too-large" });
  });

  test("whose handling fails is answered 500 without a word of the reason, there or in the log", async () => {
    const logged = open(() => ({ kind: "inbound", inbound }), {
      receive: () => Promise.reject(new TypeError("secret words of a person")),
    });
    const answer = await post("x");
    expect([answer.statusCode, answer.json()]).toEqual([500, { error: "internal" }]);
    expect(logged).toEqual([["web.failed", { code: "internal", error: "TypeError" }]]);
  });
});

describe("the probes", () => {
  test("tell that the process lives, whether it can work, and the counters", async () => {
    open(() => ({ kind: "ignored" }), {
      health: async () => ({ ok: false, code: "disk-full", reason: "the disk is full" }),
    });
    const [alive, ready, metrics] = await Promise.all(
      ["/healthz", "/readyz", "/metrics"].map((url) => app.inject({ url })),
    );
    expect([alive?.statusCode, alive?.json()]).toEqual([200, { ok: true }]);
    expect([ready?.statusCode, ready?.json()]).toEqual([
      503,
      { ok: false, code: "disk-full", reason: "the disk is full" },
    ]);
    expect(metrics?.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(metrics?.body).toBe("parwana_turns_total 3\n");
  });

  test("say ready when all is well", async () => {
    open(() => ({ kind: "ignored" }));
    expect((await app.inject({ url: "/readyz" })).statusCode).toBe(200);
  });
});

describe("what no route takes", () => {
  test.each([
    { method: "GET", url: "/nowhere", code: 404, error: "not-found", allow: undefined },
    { method: "GET", url: "/", code: 404, error: "not-found", allow: undefined },
    { method: "GET", url: "/webhooks/whatsapp", code: 405, error: "method-not-allowed", allow: "POST" },
    { method: "DELETE", url: "/healthz?x", code: 405, error: "method-not-allowed", allow: "GET" },
    { method: "GET", url: "/%zz", code: 400, error: "bad-request", allow: undefined },
  ] as const)("$method $url is answered $code", async ({ method, url, code, error, allow }) => {
    open(() => ({ kind: "ignored" }));
    const answer = await app.inject({ method, url });
    expect([answer.statusCode, answer.json()]).toEqual([code, { error }]);
    expect(answer.headers["allow"]).toBe(allow);
  });

  test("bytes that are no request are answered 400, and the server lives on", async () => {
    open(() => ({ kind: "ignored" }));
    const port = Number(new URL(await app.listen({ port: 0, host: "127.0.0.1" })).port);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("no request at all\r\n\r\n"));
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk;
      });
      socket.on("close", () => resolve(text));
      socket.on("error", reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/\{"error":"bad-request"\}$/);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });
});

test("waits for no request and no silent connection for ever: slow ones would take every place there is", async () => {
  open(() => ({ kind: "ignored" }));
  await app.ready();
  const { requestTimeout, timeout, headersTimeout, keepAliveTimeout } = app.server;
  expect({ requestTimeout, timeout }).toEqual({ requestTimeout: 30_000, timeout: 60_000 });
  expect(headersTimeout).toBeGreaterThan(0);
  // A proxy's 60 s have to end first.
  expect(keepAliveTimeout).toBeGreaterThan(60_000);
});

test("a connection on which nothing is asked does not hold up the end", async () => {
  open(() => ({ kind: "ignored" }));
  const url = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
  const taken = new Promise((resolve) => app.server.once("connection", resolve));
  const socket = connect(Number(url.port), url.hostname);
  const gone = new Promise((resolve) => socket.once("close", resolve));
  await taken;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const closed = app.close();
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all([closed, gone]);
  } finally {
    vi.useRealTimers();
  }
});
