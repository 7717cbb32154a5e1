import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Message } from "../../src/core/nouns/message.ts";
import type { Drawn, PhoneEvent } from "../../src/web/playground/phone.ts";
import { openPlaygroundWorld } from "./playground-world.ts";

const session = "a-session-of-this-test";
const question: Message = {
  language: "en",
  parts: [
    { style: "heading", text: "A heading" },
    { style: "text", text: "Is it so?" },
  ],
  buttons: [
    { id: "q:yes", label: "Yes" },
    { id: "q:no", label: "No" },
  ],
  nav: [],
  listLabel: "Choose",
};

let world: Awaited<ReturnType<typeof openPlaygroundWorld>>;
beforeEach(async () => {
  world = await openPlaygroundWorld(() => [question]);
});
afterEach(() => world.close());

const json = { "content-type": "application/json" };
const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  world.app.inject({
    method: "POST",
    url: `/playground/${path}`,
    headers: { host: "localhost:3000", ...json, ...headers },
    payload: JSON.stringify(body),
  });

/** The events in a stream of Server-Sent Events. */
async function* eventsOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<PhoneEvent, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of body ?? []) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) if (block.startsWith("data: ")) yield JSON.parse(block.slice(6));
  }
  return undefined;
}

/** Listens to a phone's events. */
async function listen(phone: string) {
  const stopping = new AbortController();
  const url = `${world.url}/playground/${phone}/${session}/events`;
  const answer = await fetch(url, { signal: stopping.signal });
  const events = eventsOf(answer.body);
  const next = async () => (await events.next()).value;
  return {
    headers: answer.headers,
    next,
    async until(wanted: (event: PhoneEvent) => boolean): Promise<PhoneEvent | undefined> {
      for (;;) {
        const event = await next();
        if (event === undefined || wanted(event)) return event;
      }
    },
    close: () => stopping.abort(),
  };
}

const isBots = (event: PhoneEvent): event is PhoneEvent & { readonly message: Drawn } =>
  event.kind === "shown" && event.message.from === "bot";

describe.each(["telegram", "whatsapp"] as const)("the %s phone", (phone) => {
  test("shows what is said and answered, with the exact payload, and taps go the same way", async () => {
    const events = await listen(phone);
    expect(events.headers.get("content-type")).toMatch(/^text\/event-stream/);
    expect(await events.next()).toMatchObject({ kind: "screen", screen: { messages: [], calls: [] } });
    expect((await post(`${phone}/${session}/say`, { text: "salaam", language: "fa-AF" })).statusCode).toBe(
      204,
    );
    // WhatsApp's buttons go with the last line only: the call that carries the question may be the second.
    const called = await events.until((event) => event.kind === "called" && event.call.body.includes("Is"));
    expect(JSON.stringify(called).replaceAll("+", " ")).toMatch(/Is it so(\?|%3F)/);
    const asked = await events.until((event) => isBots(event) && event.message.rows.length > 0);
    const message = asked?.kind === "shown" ? asked.message : undefined;
    expect(message?.rows.flat()).toEqual(question.buttons);
    expect(message?.text).toMatch(phone === "telegram" ? /^A heading\n\nIs it so\?$/ : /^Is it so\?$/);

    const tap = { message: message?.id, button: "q:no" };
    expect((await post(`${phone}/${session}/tap`, tap)).statusCode).toBe(204);
    expect((await post(`${phone}/${session}/tap`, { ...tap, button: "q:none" })).statusCode).toBe(404);
    expect((await post(`${phone}/${session}/media`)).statusCode).toBe(204);
    const inputs = world.received.flatMap((one) => ("input" in one ? [one.input] : []));
    expect(inputs).toEqual([
      { kind: "text", text: "salaam" },
      { kind: "tap", button: "q:no" },
      { kind: "media" },
    ]);
    events.close();
  });

  test("shows that a message did not reach the bot", async () => {
    const events = await listen(phone);
    world.state.taken = "busy";
    const answer = await post(`${phone}/${session}/say`, { text: "salaam" });
    expect([answer.statusCode, answer.json()]).toEqual([503, { error: "busy" }]);
    const failed = await events.until((event) => event.kind === "shown" && event.message.state === "failed");
    expect(failed).toMatchObject({ message: { from: "person", text: "salaam" } });
    events.close();
  });

  test("is emptied by DELETE", async () => {
    await post(`${phone}/${session}/say`, { text: "salaam" });
    const url = `/playground/${phone}/${session}`;
    const headers = { host: "localhost" };
    expect((await world.app.inject({ method: "DELETE", url, headers })).statusCode).toBe(204);
    const events = await listen(phone);
    expect(await events.next()).toEqual({
      kind: "screen",
      screen: { messages: [], calls: [], blocked: false },
    });
    events.close();
  });

  test.each([
    ["say", { text: " " }, 400],
    ["say", { text: "x".repeat(4097) }, 400],
    ["say", ["text"], 400],
    ["block", { blocked: "yes" }, 400],
    ["tap", {}, 400],
    ["tap", { message: "none", button: "q:yes" }, 404],
    ["dance", {}, 404],
    ["toString", {}, 404],
  ])("answers %s %j with %i", async (deed, body, code) => {
    expect((await post(`${phone}/${session}/${deed}`, body)).statusCode).toBe(code);
    expect(world.received).toEqual([]);
  });
});

test("a phone or session of another shape is not there", async () => {
  for (const path of [`fax/${session}/say`, "telegram/short/say", "telegram/no%20such%20session/say"]) {
    expect((await post(path, { text: "x" })).statusCode).toBe(404);
  }
});

test("a body that is too large, broken or no JSON is refused", async () => {
  const path = `telegram/${session}/say`;
  expect((await post(path, { text: "x".repeat(40_000) })).statusCode).toBe(413);
  const url = `/playground/${path}`;
  const send = (payload: string, type: string) =>
    world.app.inject({ method: "POST", url, payload, headers: { host: "localhost", "content-type": type } });
  const broken = await send("{", "application/json");
  expect([broken.statusCode, broken.json()]).toEqual([400, { error: "bad-request" }]);
  expect((await send("text=x", "application/x-www-form-urlencoded")).statusCode).toBe(415);
});

describe("somebody else's page", () => {
  const own = "localhost:3000";
  test.each([
    [{ host: "evil.example" }, 403],
    [{ host: "localhost.evil.example" }, 403],
    [{ host: "127.0.0.1.evil.example:3000" }, 403],
    [{ host: own, origin: "https://evil.example" }, 403],
    [{ host: own, origin: "http://localhost:8080" }, 403],
    [{ host: own, origin: "null" }, 403],
    [{ host: own, "sec-fetch-site": "cross-site" }, 403],
    [{ host: own, "sec-fetch-site": "same-site" }, 403],
    [{ host: own, origin: `http://${own}`, "sec-fetch-site": "same-origin" }, 204],
    [{ host: "127.0.0.1:3000", origin: "http://127.0.0.1:3000" }, 204],
    [{ host: "[::1]:3000", origin: "http://[::1]:3000" }, 204],
    [{ host: "192.0.2.7", origin: "http://192.0.2.7" }, 204],
  ])("%j is answered %i", async (headers, code) => {
    expect((await post(`telegram/${session}/say`, { text: "x" }, headers)).statusCode).toBe(code);
    expect(world.received.length).toBe(code === 204 ? 1 : 0);
  });
});

describe("the page", () => {
  const get = (url: string) => world.app.inject({ url, headers: { host: "localhost" } });

  test("comes with strict headers and holds nothing inline", async () => {
    const { statusCode, headers, body } = await get("/");
    expect([statusCode, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect([headers["x-content-type-options"], headers["referrer-policy"]]).toEqual([
      "nosniff",
      "no-referrer",
    ]);
    expect(body).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
    const files = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = ""]) => url);
    for (const url of new Set(files)) expect((await get(url)).statusCode, url).toBe(200);
  });

  test.each([
    ["/playground/assets/playground.js", 200, /javascript/],
    ["/playground/assets/phone.css", 200, /css/],
    ["/playground/assets/fonts/vazirmatn-arabic.woff2", 200, /woff2/],
    ["/playground/assets/../routes.ts", 404, /json/],
    ["/playground/assets/%2e%2e/routes.ts", 404, /json/],
    ["/playground/assets/fonts/", 403, /json/],
    ["/playground/nothing", 404, /json/],
  ])("%s is answered %i", async (url, code, type) => {
    const { statusCode, headers } = await get(url);
    expect([statusCode, headers["content-type"]]).toEqual([code, expect.stringMatching(type)]);
  });

  test("has the same words in every language", async () => {
    const words = (await get("/playground/words")).json<Record<string, Record<string, string>>>();
    expect(Object.keys(words)).toEqual(expect.arrayContaining(["en", "fa-AF", "ps", "es"]));
    for (const each of Object.values(words)) {
      expect(Object.keys(each)).toEqual(Object.keys(words["en"] ?? {}));
      expect(Object.values(each).every((word) => word.trim() !== "")).toBe(true);
    }
  });
});

test("closing the server ends the streams that are open", async () => {
  const events = await listen("telegram");
  await events.next();
  await world.app.close();
  expect(await events.next()).toBeUndefined();
});
