import { afterEach, beforeEach, expect, it } from "vitest";
import { type App, inbound, meet, openApp, stillTime, written } from "./app-world.ts";

let app: App | undefined;
beforeEach(() => stillTime());
afterEach(async () => {
  await app?.end();
  app = undefined;
});

it("an answer that waits for another try at a restart is not overtaken by the next", async () => {
  app = await openApp();
  const { telegram } = app;
  app.parts.outbox.start();
  await meet(app, "ali");
  telegram.calls.splice(0);
  const usual = telegram.behave;
  telegram.behave = () => ({ kind: "unknown", reason: "timeout" });
  await app.receive(inbound("ali", written("help")));
  await app.advance(500);
  const [first] = telegram.calls.splice(0);
  telegram.behave = usual;
  await app.restart();
  app.parts.outbox.start();
  await app.quiet();
  await app.receive(inbound("ali", written("menu")));
  await app.advance(30_000);
  expect(telegram.calls[0]?.outgoing.id).toBe(first?.outgoing.id);
  expect(telegram.calls).toHaveLength(2);
});
