import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyChanges } from "../../src/app/turn-changes.ts";
import type { ContactId } from "../../src/core/nouns/ids.ts";
import type { Input } from "../../src/core/nouns/input.ts";
import type { Lane } from "../../src/core/nouns/message.ts";
import { minute, second } from "../../src/core/nouns/time.ts";
import { type App, inbound, meet, openApp, queue, stillTime, written } from "./app-world.ts";
import { sent } from "./fake-channel.ts";

let app: App;
let ali: ContactId;
beforeEach(async () => {
  stillTime();
  app = await openApp();
  ali = await meet(app, "ali");
  app.telegram.behave = ({ message, id }) => ({
    kind: "sent",
    providerId: `of ${id}`,
    hasKeyboard: message.buttons.length + message.nav.length > 0,
  });
  await hears(written("english"));
  // A question of a screening, with answers to tap.
  await hears(written("1"));
});
afterEach(() => app.end());

/** What leaves after this arrived: which messages each takes the buttons of, and its own id. */
async function hears(input: Input, tappedMessage?: string) {
  const before = app.telegram.calls.length;
  await app.receive(inbound("ali", input, { tappedMessage }));
  await app.quiet();
  return since(before);
}

function since(before: number) {
  return app.telegram.calls.slice(before).map(({ outgoing }) => ({
    id: `of ${outgoing.id}`,
    takes: [outgoing.openKeyboard, outgoing.spent].filter((one) => one !== undefined),
    buttons: outgoing.message.buttons.map(({ id }) => id),
  }));
}

const asked = () => since(0).at(-1) ?? { id: "", takes: [], buttons: [] };
const tap = (button: string, on: string) => hears({ kind: "tap", button }, on);
const question = written("What is humanitarian parole?");

describe("the buttons of a question", () => {
  it("go with the next question, whether it was answered by a tap or in words", async () => {
    const first = asked();
    const [second] = await tap(first.buttons[0] ?? "", first.id);
    expect(second?.takes).toEqual([first.id]);
    expect(await hears(written("no"))).toMatchObject([{ takes: [second?.id] }]);
  });

  it("stay where something else is answered, and go with its repetition", async () => {
    const first = asked();
    const [answer, again] = await hears(question);
    expect(answer?.takes).toEqual([]);
    expect(answer?.buttons.some((id) => id.endsWith(":where"))).toBe(true);
    expect(again?.takes).toEqual([first.id]);
    // The answer keeps its own, and they work.
    const where = answer?.buttons.find((id) => id.endsWith(":where")) ?? "";
    const [sources, once] = await tap(where, answer?.id ?? "");
    expect([sources?.takes, once?.takes]).toEqual([[], [again?.id]]);
  });

  it("go once where the answer to it comes as two messages", async () => {
    for (const said of ["menu", "2", "1"]) await hears(written(said));
    const list = asked();
    const entry = list.buttons.find((id) => id.startsWith("a:")) ?? "";
    expect(await tap(entry, list.id)).toMatchObject([{ takes: [list.id] }, { takes: [] }]);
  });

  it("stay where only suggestions or a card were shown", async () => {
    const first = asked();
    expect(await hears(written("ICE took my husband this morning"))).toMatchObject([{ takes: [] }]);
    expect(await hears(written("continue"))).toMatchObject([{ takes: [first.id] }]);
  });

  it.each<Lane>(["nudge", "bulk"])(
    "stay when a %s message comes, and go when they are answered",
    async (lane) => {
      const first = asked();
      const before = app.telegram.calls.length;
      app.telegram.behave = () => sent(true);
      app.parts.outbox.start();
      await queue(app, ali, [{ lane, text: "news" }]);
      await app.advance(second);
      expect(since(before)).toMatchObject([{ takes: [] }]);
      expect(await hears(written("no"))).toMatchObject([{ takes: [first.id] }]);
    },
  );

  it("go where the question is over and no other comes", async () => {
    const first = asked();
    expect(await hears(written("stop"))).toMatchObject([{ takes: [first.id] }]);
    expect(await hears(question)).toMatchObject([{ takes: [] }]);
  });

  it("go after a restart too, with an answer that waits in the store", async () => {
    const first = asked();
    app.telegram.behave = () => ({ kind: "retry-later", afterMs: minute, reason: "429", scope: "contact" });
    await hears(written("no"));
    await app.restart();
    const before = app.telegram.calls.length;
    app.telegram.behave = () => sent(true);
    app.parts.outbox.start();
    await app.advance(2 * minute, 10 * second);
    expect(since(before)).toMatchObject([{ takes: [first.id] }]);
  });

  it("go when an older one is tapped, and so do those of the older", async () => {
    const first = asked();
    const [now] = await hears(written("no"));
    expect(await tap(first.buttons[0] ?? "", first.id)).toMatchObject([{ takes: [now?.id, first.id] }]);
  });
});

it("the buttons of a question go with the next one where another process asked it", async () => {
  await app.end();
  stillTime();
  const moments = async () => 0;
  app = await openApp({
    around: (store) => ({ ...store, together: { ...store.together, moments } }),
  });
  ali = await meet(app, "ali");
  app.telegram.behave = () => sent(true);
  await hears(written("english"));
  await hears(written("1"));
  await app.parts.store.turn({
    who: { kind: "contact", id: ali },
    inbox: undefined,
    fire: undefined,
    now: app.parts.clock.now(),
    decide: (row) => ({
      ...emptyChanges(false),
      contact: row === undefined ? undefined : { ...row, openKeyboard: "theirs" },
    }),
    keep: () => {
      throw new Error("nothing should be kept");
    },
  });
  expect(await hears(written("no"))).toMatchObject([{ takes: ["theirs"] }]);
});

describe("buttons beside the question", () => {
  it.each(["r:1:done", "r:1:later", "r:1:stop", "t:helpline/news:leave"])(
    "are gone once %s was tapped",
    async (button) => {
      const first = asked();
      expect(await tap(button, "N7")).toMatchObject([{ takes: [first.id, "N7"] }]);
      await hears(written("menu"));
      expect(await tap(button, "N8")).toMatchObject([{ takes: [expect.any(String), "N8"] }]);
    },
  );

  it.each(["r:1:what", "r:1:change", "q:what-is-parole:where", "c:menu", "l:es", "t:helpline/news:join"])(
    "stay when %s was tapped",
    async (button) => {
      for (const { takes } of await tap(button, "N7")) expect(takes).not.toContain("N7");
    },
  );

  it("that were tapped go after a restart too", async () => {
    app.telegram.behave = () => ({ kind: "retry-later", afterMs: minute, reason: "429", scope: "contact" });
    await tap("r:1:done", "N7");
    await app.restart();
    const before = app.telegram.calls.length;
    app.telegram.behave = () => sent(true);
    app.parts.outbox.start();
    await app.advance(2 * minute, 10 * second);
    expect(since(before)).toMatchObject([{ takes: [expect.any(String), "N7"] }]);
  });
});

describe("the receipt of a deletion", () => {
  it("takes the buttons of the question away that was answered in words", async () => {
    const [sure] = await hears(written("delete"));
    app.parts.outbox.start();
    const before = app.telegram.calls.length;
    await hears(written("yes"));
    await app.advance(second);
    expect(since(before)).toMatchObject([{ takes: [sure?.id], buttons: [] }]);
  });

  it("takes the buttons away that were tapped, also where the question stands there twice", async () => {
    const [sure] = await hears(written("delete"));
    app.parts.outbox.start();
    const before = app.telegram.calls.length;
    await tap(sure?.buttons[0] ?? "", "its copy");
    await app.advance(second);
    expect(since(before)).toMatchObject([{ takes: ["its copy"], buttons: [] }]);
  });
});
