import { afterEach, beforeEach, expect, it } from "vitest";
import type { Store } from "../../src/app/ports-store.ts";
import { type App, inbound, meet, openApp, stillTime, written } from "./app-world.ts";

let app: App | undefined;
beforeEach(() => stillTime());
afterEach(async () => {
  await app?.end();
  app = undefined;
});

it("a look into the store that sees a turn before the turn's own end is told of it sends nothing twice", async () => {
  let between = async (): Promise<void> => undefined;
  const around = (store: Store): Store => ({
    ...store,
    turn: async (request) => {
      const result = await store.turn(request);
      await between();
      return result;
    },
  });
  app = await openApp({ around });
  const { telegram, parts } = app;
  parts.outbox.start();
  await meet(app, "ali");
  for (let steps = 0; steps < 60; steps += 1) {
    telegram.calls.splice(0);
    between = async () => {
      parts.outbox.wake();
      for (let step = 0; step < steps; step += 1) await undefined;
    };
    await app.receive(inbound("ali", written(steps % 2 === 0 ? "menu" : "help")));
    await app.quiet();
    expect(telegram.calls, `${steps} steps after the commit`).toHaveLength(1);
  }
});
