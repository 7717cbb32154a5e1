import { createServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { Channel, SendOutcome } from "../../../src/app/ports-channel.ts";
import { openTelegram } from "../../../src/channels/telegram/channel.ts";
import type { Transport } from "../../../src/channels/telegram/transport.ts";
import type { Lane } from "../../../src/core/nouns/message.ts";
import { keepingLog } from "../../logs.ts";
import { startBotApi } from "../../stand-ins/bot-api.ts";
import type { BotApiFault } from "../../stand-ins/telegram/faults.ts";
import { emptyProfile, keepingTransport, message, outgoing } from "./given.ts";

const token = "1000001:secret-half-of-the-token";
const text = "something that is nobody else's business";

function open(transport: Transport, now = () => 0) {
  const log = keepingLog();
  const channel = openTelegram({
    id: "playground/telegram",
    token,
    profile: emptyProfile,
    log,
    clock: { now },
    transport,
  });
  return { channel, log };
}

const refusal = (code: number, description: string, retryAfter?: number) => ({
  ok: false,
  error_code: code,
  description,
  ...(retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } }),
});

const sent = outgoing({ message: message([text]) });
const later = (reason: string, scope: "channel" | "contact", afterMs?: number): SendOutcome => ({
  kind: "retry-later",
  afterMs,
  reason,
  scope,
});

describe("an answer", () => {
  it.each<readonly [number, string, SendOutcome]>([
    [403, "Forbidden: bot was blocked by the user", { kind: "contact-stopped", reason: "blocked" }],
    [403, "Forbidden: user is deactivated", { kind: "contact-stopped", reason: "deactivated" }],
    [
      403,
      "Forbidden: bot can't initiate conversation with a user",
      { kind: "contact-stopped", reason: "never-started" },
    ],
    [403, "Forbidden: something new", { kind: "contact-stopped", reason: "forbidden" }],
    [400, "Bad Request: chat not found", { kind: "contact-stopped", reason: "chat-not-found" }],
    [400, "Bad Request: message is too long", { kind: "refused", reason: "text-too-long" }],
    [400, "Bad Request: Text is too long", { kind: "refused", reason: "text-too-long" }],
    [400, "Bad Request: message text is empty", { kind: "refused", reason: "text-empty" }],
    [400, "Bad Request: BUTTON_DATA_INVALID", { kind: "refused", reason: "button-invalid" }],
    [400, "Bad Request: reply markup is too long", { kind: "refused", reason: "keyboard-too-long" }],
    [400, `Bad Request: who knows what about ${text}`, { kind: "refused", reason: "bad-request" }],
    [401, "Unauthorized", later("unauthorized", "channel", 60_000)],
    [404, "Not Found", later("unauthorized", "channel", 60_000)],
    [409, "Conflict", { kind: "refused", reason: "error-409" }],
    [500, "Internal Server Error", later("server-error", "channel")],
    [503, "Service Unavailable", later("server-unavailable", "channel")],
    [502, "Bad Gateway", { kind: "unknown", reason: "gateway" }],
    [504, "Gateway Timeout", { kind: "unknown", reason: "gateway" }],
    [599, "Whatever", { kind: "unknown", reason: "error-599" }],
  ])("%i %s", async (code, description, expected) => {
    const { channel, log } = open(keepingTransport(() => refusal(code, description)).transport);
    expect(await channel.send(sent)).toEqual(expected);
    expect(JSON.stringify(log.notes)).not.toContain(text);
    expect(log.notes.some(({ level }) => level === "error")).toBe(code === 401 || code === 404);
  });

  it.each([
    { ok: false },
    { ok: false, error_code: "x", description: 7 },
    { ok: true },
    {},
    null,
    7,
    "text",
    [],
  ])("that is none of the Bot API's (%j) leaves it open whether the message went", async (answer) => {
    const transport: Transport = async () => ({ text: () => JSON.stringify(answer) });
    const { channel, log } = open(transport);
    expect(await channel.send(sent)).toMatchObject({ kind: "unknown" });
    expect(JSON.stringify(log.notes)).not.toContain(text);
  });

  it("that our markup is wrong brings the same text without any", async () => {
    const { calls, transport } = keepingTransport((_, count) =>
      count === 1
        ? refusal(400, `Bad Request: can't parse entities: Unsupported start tag "${text}"`)
        : undefined,
    );
    const { channel, log } = open(transport);
    const styled = message([{ style: "heading", text: "A & B" }, text], [{ id: "x", label: "X" }]);
    expect(await channel.send(outgoing({ message: styled }))).toMatchObject({
      kind: "sent",
      hasKeyboard: true,
    });
    expect(calls[1]?.payload).toEqual({
      chat_id: 4400001,
      text: `A & B\n\n${text}`,
      link_preview_options: { is_disabled: true },
      reply_markup: { inline_keyboard: [[{ text: "X", callback_data: "x" }]] },
    });
    expect(log.notes.map(({ level, event }) => [level, event])).toEqual([
      ["error", "telegram.markup-refused"],
    ]);
    expect(JSON.stringify(log.notes)).not.toContain(text);
  });

  it("that our markup is wrong a second time is final", async () => {
    const { calls, transport } = keepingTransport(() => refusal(400, "Bad Request: can't parse entities"));
    expect(await open(transport).channel.send(sent)).toEqual({ kind: "refused", reason: "markup" });
    expect(calls).toHaveLength(2);
  });
});

describe("too many requests", () => {
  const slow = keepingTransport(() => refusal(429, "Too Many Requests: retry after 7", 7)).transport;

  it.each<readonly [Lane, "contact" | "channel"]>([
    ["reply", "contact"],
    ["nudge", "contact"],
    ["bulk", "channel"],
  ])("in the lane %s slow the %s", async (lane, scope) => {
    expect(await open(slow).channel.send({ ...sent, lane })).toEqual(later("flood", scope, 7000));
  });

  it.each([0, -7, Number.NaN, "7", "soon", null, {}, [3]])(
    "that name no pause that makes sense (%j) name none",
    async (retryAfter) => {
      const answer = { ...refusal(429, "Too Many Requests"), parameters: { retry_after: retryAfter } };
      const { channel } = open(keepingTransport(() => answer).transport);
      expect(await channel.send(sent)).toEqual(later("flood", "contact"));
    },
  );

  it("slow the channel while another person is being waited for, and no longer", async () => {
    let now = 0;
    const { channel } = open(slow, () => now);
    const scopes: string[] = [];
    for (const [at, contact] of [
      [0, 71],
      [1000, 71],
      [7999, 72],
      [14_999, 73],
    ] as const) {
      now = at;
      const outcome = await channel.send({ ...sent, contact });
      scopes.push(outcome.kind === "retry-later" ? outcome.scope : outcome.kind);
    }
    expect(scopes).toEqual(["contact", "contact", "channel", "contact"]);
  });
});

describe("the network", () => {
  const coded = (code: string, more: object = {}) =>
    Object.assign(new Error(`${token} ${text}`), { code, ...more });

  it.each<readonly [string, Error, SendOutcome]>([
    ["refuses the connection", coded("ECONNREFUSED"), later("unreachable", "channel")],
    ["does not know the name", coded("ENOTFOUND"), later("unreachable", "channel")],
    ["cannot ask for the name", coded("EAI_AGAIN"), later("unreachable", "channel")],
    ["has no way there", coded("EHOSTUNREACH", { syscall: "connect" }), later("unreachable", "channel")],
    ["takes too long to connect", coded("UND_ERR_CONNECT_TIMEOUT"), later("unreachable", "channel")],
    ["is not who it should be", coded("ERR_TLS_CERT_ALTNAME_INVALID"), later("unreachable", "channel")],
    [
      "refuses each of its addresses",
      new AggregateError([coded("ECONNREFUSED"), coded("ENETUNREACH", { syscall: "connect" })]),
      later("unreachable", "channel"),
    ],
    [
      "wraps that",
      new TypeError("fetch failed", { cause: coded("ECONNREFUSED") }),
      later("unreachable", "channel"),
    ],
    ["breaks off", coded("ECONNRESET", { syscall: "read" }), { kind: "unknown", reason: "no-answer" }],
    ["closes the socket", coded("UND_ERR_SOCKET"), { kind: "unknown", reason: "no-answer" }],
    ["stays silent", coded("UND_ERR_HEADERS_TIMEOUT"), { kind: "unknown", reason: "no-answer" }],
    ["stops in the middle", coded("UND_ERR_BODY_TIMEOUT"), { kind: "unknown", reason: "no-answer" }],
    ["is aborted", coded("UND_ERR_ABORTED"), { kind: "unknown", reason: "no-answer" }],
    ["is something else", new Error("?"), { kind: "unknown", reason: "no-answer" }],
  ])("that %s", async (_, error, expected) => {
    const { channel, log } = open(() => Promise.reject(error));
    expect(await channel.send(sent)).toEqual(expected);
    expect(JSON.stringify(log.notes)).toBe("[]");
  });
});

describe("on a real wire", () => {
  const cleanUp: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const clean of cleanUp.splice(0)) await clean();
  });

  function at(apiRoot: string, botToken = token): Channel {
    const channel = openTelegram({
      id: "telegram",
      token: botToken,
      apiRoot,
      profile: emptyProfile,
      log: keepingLog(),
      clock: { now: () => 0 },
    });
    cleanUp.unshift(channel.stop);
    return channel;
  }

  it.each<readonly [BotApiFault, SendOutcome, number]>([
    [{ kind: "drop-before" }, { kind: "unknown", reason: "no-answer" }, 0],
    [{ kind: "drop-after" }, { kind: "unknown", reason: "no-answer" }, 1],
    [{ kind: "html-body" }, { kind: "unknown", reason: "unreadable-answer" }, 0],
    [{ kind: "429", retryAfter: 2 }, later("flood", "contact", 2000), 0],
    [{ kind: "403" }, { kind: "contact-stopped", reason: "blocked" }, 0],
    [{ kind: "500" }, later("server-error", "channel"), 0],
  ])("%j", async (fault, expected, messages) => {
    const api = await startBotApi();
    cleanUp.push(api.close);
    const someone = api.person(4400001);
    api.faults.push({ times: 1, do: fault });
    const channel = at(api.url, api.token);
    expect(await channel.send(sent)).toEqual(expected);
    expect(someone.messages()).toHaveLength(messages);
    expect(await channel.send(sent)).toMatchObject({ kind: "sent" });
  });

  it("someone who blocked the bot, and someone who never started it", async () => {
    const api = await startBotApi();
    cleanUp.push(api.close);
    api.person(4400001).block();
    const channel = at(api.url, api.token);
    expect(await channel.send(sent)).toEqual({ kind: "contact-stopped", reason: "blocked" });
    const stranger = await channel.send({ ...sent, address: "4400002" });
    expect(stranger).toEqual({ kind: "contact-stopped", reason: "chat-not-found" });
  });

  it("a wrong token", async () => {
    const api = await startBotApi();
    cleanUp.push(api.close);
    expect(await at(api.url).send(sent)).toEqual(later("unauthorized", "channel", 60_000));
  });

  it("a port where no one listens, a name that does not exist, and a channel that was stopped", async () => {
    const port = await freePort();
    expect(await at(`http://127.0.0.1:${port}`).send(sent)).toEqual(later("unreachable", "channel"));
    expect(await at("http://nowhere.invalid").send(sent)).toEqual(later("unreachable", "channel"));
    const stopped = at(`http://127.0.0.1:${port}`);
    await stopped.stop();
    expect(await stopped.send(sent)).toEqual(later("unreachable", "channel"));
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
