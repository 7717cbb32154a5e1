import { afterEach, describe, expect, it } from "vitest";
import { Problem } from "../../../src/app/errors.ts";
import type { Channel, DeliveryStatus, Inbound } from "../../../src/app/ports-channel.ts";
import { openTelegram } from "../../../src/channels/telegram/channel.ts";
import type { Ms } from "../../../src/core/nouns/time.ts";
import { keepingLog } from "../../logs.ts";
import { type BotApi, startBotApi } from "../../stand-ins/bot-api.ts";
import { clock, emptyProfile, keepingTransport, message, outgoing } from "./given.ts";

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanUp.splice(0)) await clean();
});

type Taken = { readonly inbound: Inbound; readonly done: () => void; readonly fail: () => void };

/** A bot that polls a stand-in; every input waits for the test to say what became of it. */
async function start(token?: string) {
  const api = await startBotApi(token === undefined ? {} : { token });
  const log = keepingLog();
  const pauses: Ms[] = [];
  const taken: Taken[] = [];
  let look = (): void => undefined;
  const channel = openTelegram({
    id: "telegram",
    token: "1000001:stand-in-token",
    apiRoot: api.url,
    profile: emptyProfile,
    log,
    clock,
    wait: async (ms) => {
      pauses.push(ms);
      look();
      await new Promise((resolve) => setImmediate(resolve));
    },
  });
  cleanUp.push(channel.stop, api.close);
  const intake = (received: Inbound | DeliveryStatus) =>
    new Promise<void>((resolve, reject) => {
      if (!("input" in received)) return;
      taken.push({
        inbound: received,
        done: resolve,
        fail: () => reject(new Problem("busy", "the store is full")),
      });
      look();
    });
  /** Resolves as soon as `count` inputs have been handed over, or pauses made. */
  const until = (count: number, what: readonly unknown[] = taken) =>
    new Promise<void>((resolve) => {
      look = () => {
        if (what.length >= count) resolve();
      };
      look();
    });
  return { api, channel, log, pauses, taken, until, begin: () => channel.start(intake) };
}

const textOf = ({ inbound }: Taken) =>
  inbound.input.kind === "text" ? inbound.input.text : inbound.input.kind;
const texts = (taken: readonly Taken[]) => taken.map(textOf);
const finish = (taken: readonly Taken[]) => {
  for (const one of taken) one.done();
};

async function emptied(api: BotApi): Promise<void> {
  await api.waitFor(() => api.pending().length === 0 && api.polled(), "all being confirmed");
}

describe("polling", () => {
  it("hands over what people say, tap and do", async () => {
    const { api, taken, until, begin } = await start();
    await begin();
    await api.waitFor(api.polled, "the poll");
    const someone = api.person(4400001, { languageCode: "ps" });
    someone.say("hello");
    await until(1);
    expect(taken[0]?.inbound).toMatchObject({
      channel: "telegram",
      addresses: ["4400001"],
      input: { kind: "text", text: "hello" },
      languageHint: "ps",
    });
    finish(taken);
    await emptied(api);
    someone.block();
    await until(2);
    expect(taken[1]?.inbound.input).toEqual({ kind: "blocked" });
    finish(taken);
    await emptied(api);
  });

  it("answers a tap once it is durable", async () => {
    const { api, channel, taken, until, begin } = await start();
    await begin();
    await api.waitFor(api.polled, "the poll");
    const someone = api.person(4400001);
    const outcome = await channel.send(
      outgoing({ message: message(["Sure?"], [{ id: "q1w2:yes", label: "Yes" }]) }),
    );
    expect(outcome.kind).toBe("sent");
    const query = someone.tap("latest", "Yes");
    await until(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(someone.notice(query)).toBeUndefined();
    finish(taken);
    await emptied(api);
    await channel.stop();
    expect(someone.notice(query)).toBe("");
  });

  it("takes people side by side, and each in order", async () => {
    const { api, taken, until, begin } = await start();
    const [one, other] = [api.person(1), api.person(2)];
    one.say("1a");
    one.say("1b");
    other.say("2a");
    await begin();
    await until(2);
    expect(texts(taken)).toEqual(["1a", "2a"]);
    taken[0]?.done();
    await until(3);
    expect(texts(taken)).toEqual(["1a", "2a", "1b"]);
    finish(taken);
    await emptied(api);
  });

  it("confirms nothing before all of it is durable", async () => {
    const { api, channel, taken, until, begin } = await start();
    for (const id of [1, 2, 3]) api.person(id).say("hello");
    await begin();
    await until(3);
    taken[0]?.done();
    taken[2]?.done();
    expect(api.polled()).toBe(false);
    expect(api.pending()).toHaveLength(3);
    taken[1]?.done();
    await emptied(api);
    await channel.stop();
  });

  it("never waits long for trouble of our own to be over", async () => {
    const { api, pauses, taken, until, begin } = await start();
    api.person(1).say("first");
    await begin();
    for (let tries = 1; tries <= 6; tries += 1) {
      await until(tries);
      taken[tries - 1]?.fail();
      await until(tries, pauses);
    }
    expect(pauses).toEqual([1000, 2000, 4000, 5000, 5000, 5000]);
    await until(7);
    finish(taken);
    await emptied(api);
  });

  it("fetches again from the first that could not be stored, after a pause that grows", async () => {
    const { api, log, pauses, taken, until, begin } = await start();
    const [one, other] = [api.person(1), api.person(2)];
    one.say("first");
    other.say("second");
    other.say("third");
    await begin();
    await until(2);
    taken[0]?.done();
    taken[1]?.fail();
    await until(3);
    expect(texts(taken)).toEqual(["first", "second", "second"]);
    expect(api.pending().map(({ id }) => id)).toEqual([700000002, 700000003]);
    taken[2]?.fail();
    await until(4);
    taken[3]?.done();
    await until(5);
    expect(textOf(taken[4] ?? expect.fail())).toBe("third");
    finish(taken);
    await emptied(api);
    expect(pauses).toEqual([1000, 2000]);
    expect(log.notes.map(({ event }) => event)).toEqual(["telegram.poll-failed", "telegram.poll-failed"]);
    expect(JSON.stringify(log.notes)).not.toMatch(/first|second|third|full/);
  });

  it("brings what is durable already again rather than skip what is not", async () => {
    const { api, taken, until, begin } = await start();
    api.person(1).say("stuck");
    api.person(2).say("stored");
    await begin();
    await until(2);
    taken[0]?.fail();
    taken[1]?.done();
    await until(4);
    expect(taken.slice(2).map(({ inbound }) => inbound.externalId)).toEqual(["700000001", "700000002"]);
    finish(taken);
    await emptied(api);
  });

  it("stops when what it has begun is durable, and confirms it", async () => {
    const { api, channel, taken, until, begin } = await start();
    api.person(1).say("hello");
    await begin();
    await until(1);
    let stopped = false;
    const stopping = channel.stop().then(() => {
      stopped = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    finish(taken);
    await stopping;
    expect(api.pending()).toEqual([]);
  });

  it("ends a poll that waits at once, as often as it is asked to stop", async () => {
    const { api, channel, begin } = await start();
    await begin();
    await api.waitFor(api.polled, "the poll");
    await Promise.all([channel.stop(), channel.stop()]);
    await channel.stop();
    await api.waitFor(() => !api.polled(), "the end of the poll");
  });

  it("takes a webhook away first, asks for its kinds of update only, and tries both until they work", async () => {
    const { api, pauses, until, begin } = await start();
    api.faults.push({ method: "deleteWebhook", times: 2, do: { kind: "500" } });
    api.faults.push({ method: "getUpdates", times: 1, do: { kind: "429", retryAfter: 5 } });
    await begin();
    await api.waitFor(api.polled, "the poll");
    await until(3, pauses);
    expect(pauses).toEqual([1000, 2000, 5000]);
    expect(api.ledger.of("deleteWebhook").map(({ payload }) => payload)).toEqual([{}]);
  });
});

describe("polling goes on, slowly and with a word in the log, when", () => {
  it("the token is wrong", async () => {
    const { log, pauses, until, begin } = await start("1000001:another-token");
    await begin();
    await until(2, pauses);
    expect(pauses.slice(0, 2)).toEqual([60_000, 60_000]);
    expect(log.notes.map(({ event }) => event)).toContain("telegram.unauthorized");
    expect(JSON.stringify(log.notes)).not.toContain("token");
  });

  it("another instance polls", async () => {
    const { api, log, pauses, until, begin } = await start();
    await begin();
    await api.waitFor(api.polled, "the poll");
    await fetch(`${api.url}/bot${api.token}/getUpdates`);
    await until(1, pauses);
    expect(pauses[0]).toBe(30_000);
    expect(log.notes[0]).toMatchObject({ level: "warn", event: "telegram.polled-by-another" });
    await api.waitFor(api.polled, "the next poll");
  });

  it("the connection breaks", async () => {
    const { api, pauses, taken, until, begin } = await start();
    api.faults.push({ method: "getUpdates", times: 1, do: { kind: "drop-before" } });
    api.faults.push({ method: "getUpdates", times: 1, do: { kind: "html-body" } });
    api.person(1).say("hello");
    await begin();
    await until(1);
    expect(pauses).toEqual([1000, 2000]);
    finish(taken);
    await emptied(api);
  });
});

describe("what answers polling and is no Bot API", () => {
  const someone = { id: 4400001, language_code: "en" };
  const said = {
    update_id: 700000001,
    message: { from: someone, chat: { id: 4400001, type: "private" }, text: "hello" },
  };

  it.each([
    { ok: true },
    { ok: true, result: null },
    { ok: true, result: "nothing" },
    { ok: true, result: { update_id: 1 } },
    { ok: true, result: [null] },
    { ok: true, result: [{ message: {} }] },
    { ok: false },
    { ok: false, error_code: 429, description: "wait", parameters: { retry_after: "long" } },
    null,
  ])("is asked again ever later, and heard once it is one: %j", async (answer) => {
    const pauses: Ms[] = [];
    const taken: Inbound[] = [];
    const { transport } = keepingTransport(({ method }) => {
      if (method !== "getUpdates") return { ok: true, result: true };
      if (pauses.length < 3) return answer ?? "null";
      return { ok: true, result: taken.length === 0 ? [said] : [] };
    });
    let heard: () => void = () => undefined;
    const hearing = new Promise<void>((resolve) => {
      heard = resolve;
    });
    const channel = openTelegram({
      id: "telegram",
      token: "1000001:example",
      profile: emptyProfile,
      log: keepingLog(),
      clock,
      transport,
      wait: async (ms) => {
        pauses.push(ms);
      },
    });
    cleanUp.push(channel.stop);
    await channel.start(async (received) => {
      if ("input" in received) taken.push(received);
      heard();
      // Not waited for: it ends when this has.
      void channel.stop();
    });
    await hearing;
    expect(taken.map(({ input }) => input)).toEqual([{ kind: "text", text: "hello" }]);
    expect(pauses).toEqual([1000, 2000, 4000]);
  });
});

it("a channel that never started stops", async () => {
  const { channel } = await start();
  const stop: Channel["stop"] = channel.stop;
  await expect(stop()).resolves.toBeUndefined();
});
