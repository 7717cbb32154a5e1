import { afterEach, describe, expect, it, vi } from "vitest";
import type { Heard, Inbound, Intake } from "../../../src/app/ports-channel.ts";
import { minute, second } from "../../../src/core/nouns/time.ts";
import { noon, openWorld, to, type World } from "./given.ts";

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** Pauses that end when their time has come by a clock that is moved by hand. */
function pausesBy(now: () => number) {
  const waiting = new Set<{ readonly until: number; readonly end: () => void }>();
  return {
    wait: (ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const pause = { until: now() + ms, end: resolve };
        const abort = () => resolve();
        if (signal.aborted) return resolve();
        signal.addEventListener("abort", abort, { once: true });
        waiting.add(pause);
      }),
    /** Ends what is over; resolves when as many wait again. */
    async endDue() {
      const count = waiting.size;
      for (const pause of [...waiting]) {
        if (pause.until > now()) continue;
        waiting.delete(pause);
        pause.end();
      }
      await vi.waitUntil(() => waiting.size === count, { interval: 1, timeout: 10_000 });
    },
    count: () => waiting.size,
  };
}

type Given = { readonly since?: number; readonly take?: Intake; readonly set?: Heard["set"] };

/** A channel that has looked up to `since`, and starts a second after somebody wrote to it at noon, the first look behind it. */
async function start({ since, take, set }: Given) {
  const taken = new Map<string, Inbound>();
  const marks: (number | undefined)[] = [since];
  let now = noon;
  const pauses = pausesBy(() => now);
  const mark: Heard["set"] = async (at) => {
    await set?.(at);
    marks.push(at);
  };
  world = await openWorld({ heard: { get: async () => marks.at(-1), set: mark }, wait: pauses.wait });
  const { twilio, channel, at } = world;
  const move = (ms: number) => {
    now += ms;
    at(now);
  };
  move(second);
  await channel.start(async (received) => {
    await take?.(received);
    if (!("status" in received)) taken.set(received.externalId, received);
  });
  const both = 2;
  await vi.waitUntil(() => pauses.count() === both, { interval: 1, timeout: 10_000 });
  return {
    marks,
    refused: () => channel.refused?.(),
    say: (text: string) => twilio.person(to).say(text),
    mark: (at: number) => marks.push(at),
    /** What was taken in, in order, each once. */
    heard: () => [...taken.values()].map(({ input }) => (input.kind === "text" ? input.text : input.kind)),
    all: () => [...taken.values()],
    async pass(ms: number) {
      for (let left = ms; left > 0; left -= second) {
        move(Math.min(left, second));
        await pauses.endDue();
      }
    },
  };
}

describe("at the start", () => {
  it("what was written since the last look is taken in, with when it was", async () => {
    const { all } = await start({ since: noon - 1_000 });
    expect(all()).toMatchObject([
      { channel: "whatsapp", addresses: [to], input: { kind: "text", text: "hello" }, writtenAt: noon },
    ]);
    expect(all()[0]?.externalId).toMatch(/^SM[0-9a-f]{32}$/);
  });

  it("what was written before anybody ever listened was written to somebody else, also for later looks", async () => {
    const { heard, pass, marks } = await start({});
    expect(marks).toEqual([undefined, noon + second]);
    await pass(18 * minute);
    expect(marks.length).toBe(3);
    expect(heard()).toEqual([]);
  });

  it("what can't be taken in yet is tried again, and only then it counts as heard", async () => {
    let calls = 0;
    const { heard, marks, pass } = await start({
      since: noon,
      take: async () => {
        calls += 1;
        if (calls < 3) throw new Error("busy");
      },
    });
    expect(marks).toEqual([noon]);
    await pass(5 * second);
    expect([calls, heard(), marks.length]).toEqual([3, ["hello"], 2]);
  });
});

describe("after a post was refused", () => {
  it("what was written is taken in once Twilio tries no more", async () => {
    const { say, refused, pass, heard } = await start({ since: noon });
    await pass(minute);
    say("lost");
    refused();
    await pass(15 * second);
    expect(heard()).toEqual(["hello"]);
    await pass(15 * second);
    expect(heard()).toEqual(["hello", "lost"]);
  });

  it("what Twilio may still be trying is left to it, and looked for next", async () => {
    const { say, refused, pass, heard } = await start({ since: noon });
    say("lost");
    refused();
    await pass(18 * second);
    say("on its way");
    refused();
    await pass(8 * second);
    expect(heard()).toEqual(["hello", "lost"]);
    await pass(20 * second);
    expect(heard()).toEqual(["hello", "lost", "on its way"]);
  });

  it("nothing counts as heard until it could be taken in, however long that takes", async () => {
    let works = true;
    const { say, refused, pass, heard, marks } = await start({
      since: noon,
      take: async () => {
        if (!works) throw new Error("unavailable");
      },
      set: async () => {
        if (!works) throw new Error("unavailable");
      },
    });
    works = false;
    for (const text of ["one", "two", "three"]) {
      say(text);
      refused();
      await pass(10 * minute);
    }
    expect([heard(), marks.at(-1)]).toEqual([["hello"], noon]);
    works = true;
    await pass(minute);
    expect(heard()).toEqual(["hello", "one", "two", "three"]);
    expect(marks.at(-1)).toBeGreaterThan(noon + 25 * minute);
  });
});

describe("each quarter of an hour", () => {
  it("what never got here is taken in, also where the mark could not be written before", async () => {
    const { say, pass, heard, marks } = await start({
      since: noon,
      set: async (at) => {
        if (at < noon + 25 * minute) throw new Error("unavailable");
      },
    });
    for (const text of ["one", "two", "three"]) {
      say(text);
      await pass(10 * minute);
    }
    expect([heard(), marks.length]).toEqual([["hello", "one", "two"], 1]);
    await pass(2 * minute);
    expect([heard(), marks.length]).toEqual([["hello", "one", "two", "three"], 2]);
  });

  it("the list is read by one process of several", async () => {
    const { say, pass, heard, mark } = await start({ since: noon });
    await pass(12 * minute);
    say("written later");
    mark(noon + 11 * minute);
    await pass(10 * minute);
    expect(heard()).toEqual(["hello"]);
    await pass(10 * minute);
    expect(heard()).toEqual(["hello", "written later"]);
  });
});
