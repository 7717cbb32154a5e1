import { afterEach, beforeEach, expect, it } from "vitest";
import { hour, minute, second } from "../../src/core/nouns/time.ts";
import { type App, contactAt, inbound, openApp, stillTime, written } from "./app-world.ts";

let app: App;
beforeEach(async () => {
  stillTime();
  app = await openApp();
});
afterEach(() => app.end());

/** Something written so long ago that is heard of now; gives how long ago the person last wrote, as far as the store knows. */
async function hear(writtenAgo: number | undefined): Promise<number> {
  const now = app.parts.clock.now();
  const late = writtenAgo === undefined ? {} : { writtenAt: now - writtenAgo };
  await app.receive(inbound("+1555", written("hello"), { channel: "whatsapp", ...late }));
  await app.quiet();
  const row = await app.store.contact((await contactAt(app, "+1555", "whatsapp")) ?? 0);
  return now - (row?.lastInbound ?? 0);
}

it("what is heard of late opens the reply window from when it was written", async () => {
  expect(await hear(hour)).toBe(hour);
  expect(app.whatsapp.calls.map(({ outgoing, at }) => at - (outgoing.lastInbound ?? 0))).toContain(hour);
});

it("what is heard of late takes nothing back of the window that is open, nor reaches into the future", async () => {
  expect(await hear(-minute)).toBe(0);
  await app.advance(second);
  expect(await hear(hour)).toBe(second);
  expect(await hear(undefined)).toBe(0);
});
