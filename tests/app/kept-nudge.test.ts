import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fireDue } from "../../src/app/fire-due.ts";
import type { SendOutcome } from "../../src/app/ports-channel.ts";
import type { Input } from "../../src/core/nouns/input.ts";
import type { Outgoing } from "../../src/core/nouns/message.ts";
import { day, hour, minute, second } from "../../src/core/nouns/time.ts";
import { type App, inbound, openApp, stillTime, written } from "./app-world.ts";
import { sent, textOf } from "./fake-channel.ts";

let app: App;
let announces: boolean;
beforeEach(async () => {
  stillTime();
  announces = true;
  app = await openApp();
  app.whatsapp.behave = (outgoing) => outcomeOf(outgoing, Date.now());
  app.parts.outbox.start();
});
afterEach(() => app.end());

/** As WhatsApp takes it: outside the window a template goes where one is approved. */
function outcomeOf({ lastInbound = 0, message }: Outgoing, now: number): SendOutcome {
  if (now - lastInbound < day) return sent(message.buttons.length > 0);
  return announces
    ? { kind: "announced", providerId: `T${now}` }
    : { kind: "window-closed", reason: "no-template" };
}

const said = () => app.whatsapp.calls.map(({ outgoing }) => textOf(outgoing));
const since = (count: number) => said().slice(count);
const isNudge = (text: string) => text.startsWith("You have a date");

async function hear(input: Input): Promise<readonly string[]> {
  const before = said().length;
  await app.receive(inbound("whatsapp:+1", input, { channel: "whatsapp" }));
  await app.advance(2 * second);
  return since(before);
}

async function tap(ending: string): Promise<readonly string[]> {
  const shown = app.whatsapp.calls.flatMap(({ outgoing: { message } }) => [
    ...message.buttons,
    ...message.nav,
  ]);
  const button = shown.findLast(({ id }) => id.endsWith(`:${ending}`))?.id ?? "";
  return hear({ kind: "tap", button });
}

/** Somebody in Kabul who has saved the date 3 June 2027 (180 days before it is 5 December), and another after it. */
async function saveDate(): Promise<void> {
  await hear({ kind: "start", payload: "" });
  for (const ending of ["en", "reminders", "yes", "papers", "parole-expiry"]) await tap(ending);
  await hear(written("me"));
  await tap("kabul");
  await hear(written("3 June 2027"));
  await tap("yes");
}

/** Lets time go on to a moment, and what falls due then be sent. */
async function passTo(time: string): Promise<void> {
  vi.setSystemTime(Date.parse(time));
  await fireDue(app.parts);
  await app.advance(minute, 10 * second);
  await app.parts.store.sweep(Date.now());
}

describe("a nudge for somebody who last wrote more than a day ago", () => {
  it.each([
    { how: "announced by a template", template: true },
    { how: "held, where none is approved", template: false },
  ])("$how, comes with what they write the next day, and counts the days from then", async ({ template }) => {
    announces = template;
    await saveDate();
    const before = said().length;
    await passTo("2026-12-05T04:30:00Z");
    expect(since(before)).toEqual([expect.stringContaining("It's 180 days away")]);
    // Eight in the evening there, and a night, are over.
    await passTo("2026-12-06T08:00:00Z");
    expect(since(before)).toHaveLength(1);
    const answer = await hear(written("menu"));
    expect(answer.filter(isNudge)).toEqual([expect.stringContaining("It's 179 days away")]);
    expect((await hear(written("menu"))).filter(isNudge)).toEqual([]);
  });

  it("gives way to the next of the same date, so that only that one comes", async () => {
    await saveDate();
    await passTo("2026-12-05T04:30:00Z");
    await passTo("2027-01-04T04:30:00Z");
    const answer = await hear(written("menu"));
    expect(answer.filter(isNudge)).toEqual([expect.stringContaining("It's 150 days away")]);
  });

  it("does not come where its date was done with meanwhile", async () => {
    await saveDate();
    await passTo("2026-12-05T04:30:00Z");
    vi.setSystemTime(Date.now() + 20 * hour);
    const answer = await hear({ kind: "tap", button: "r:1:done" });
    expect(answer.filter(isNudge)).toEqual([]);
    expect(answer).toHaveLength(1);
  });

  it("comes after a restart just so", async () => {
    await saveDate();
    await passTo("2026-12-05T04:30:00Z");
    await app.restart();
    app.parts.outbox.start();
    vi.setSystemTime(Date.parse("2026-12-20T08:00:00Z"));
    const answer = await hear(written("menu"));
    expect(answer.filter(isNudge)).toEqual([expect.stringContaining("It's 165 days away")]);
  });
});

describe("what is written where a message has waited for it", () => {
  const nudge = expect.stringContaining("It's 179 days away");

  /** The nudge waits; a question was open when it came, or none. */
  async function nudgeWaits(open?: string): Promise<void> {
    await saveDate();
    if (open !== undefined) await hear(written(open));
    await passTo("2026-12-05T04:30:00Z");
    await passTo("2026-12-06T08:00:00Z");
  }

  it.each(["yes", "ok", "1", "سلام", "read", "hello"])(
    "is no answer to the question of days ago, which is shown again behind it: %s",
    async (text) => {
      await nudgeWaits("delete");
      const question = expect.stringContaining("Delete everything?");
      expect(await hear(written(text))).toEqual([nudge, question]);
      expect(await hear(written("no"))).toEqual([expect.stringContaining("nothing was deleted")]);
    },
  );

  it.each(["yes", "ok", "okay", "1", "بله", "هو", "sí", "leer", "read", "show me", "👍"])(
    "at the menu only lets it come: %s",
    async (text) => {
      await nudgeWaits();
      expect(await hear(written(text))).toEqual([nudge]);
    },
  );

  it.each(["سلام", "hola", "menu"])(
    "at the menu shows it again where it is a word for it: %s",
    async (text) => {
      await nudgeWaits();
      expect(await hear(written(text))).toEqual([nudge, expect.any(String)]);
    },
  );

  it("is answered behind it where it is surely a question", async () => {
    await nudgeWaits();
    expect(await hear(written("How much does parole cost?"))).toEqual([nudge, expect.any(String)]);
  });

  it("is done where it is a command", async () => {
    await nudgeWaits("delete");
    expect(await hear(written("menu"))).toEqual([
      nudge,
      expect.stringContaining("What would you like to do"),
    ]);
  });

  it("is answered behind it with the card of the red flag that it raises", async () => {
    await nudgeWaits("delete");
    const [first, card] = await hear(written("I was arrested by ICE"));
    expect(first).toEqual(nudge);
    expect(card).not.toContain("Delete everything?");
  });

  it("stop leaves nothing of it", async () => {
    await nudgeWaits("delete");
    expect((await hear(written("stop"))).filter(isNudge)).toEqual([]);
  });

  it("a tap on the question's own button is an answer to it", async () => {
    await nudgeWaits("delete");
    expect(await tap("no")).toEqual([nudge, expect.stringContaining("nothing was deleted")]);
  });

  it("the second text is an answer again", async () => {
    await nudgeWaits("delete");
    await hear(written("ok"));
    expect(await hear(written("yes"))).toEqual([expect.stringContaining("Done. Your key")]);
  });
});
