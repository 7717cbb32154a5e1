import { afterEach, expect, it, vi } from "vitest";
import { type FaultWorld, openFaultWorld } from "./fault-world.ts";
import { holdWriteLock } from "./holder.ts";

vi.setConfig({ testTimeout: 120_000 });

let world: FaultWorld;
afterEach(() => world.close());

it("another program that holds the database stops neither the server nor what it promises", async () => {
  world = await openFaultWorld();
  const [first, second] = world.newcomers();
  expect(await Promise.all([first.step(), second.step()])).toEqual([200, 200]);

  // For a moment: whoever writes waits, and everything that needs no write goes on meanwhile.
  const letGo = await holdWriteLock(world.place.dataDir);
  const ends: string[] = [];
  const waiting = Promise.all([first.step(), second.step()]).finally(() => ends.push("written"));
  for (let looks = 0; looks < 5; looks += 1) {
    expect((await fetch(`${world.place.url}/healthz`)).status).toBe(200);
    ends.push("looked");
  }
  await letGo();
  expect(await waiting).toEqual([200, 200]);
  expect(ends).toEqual([...Array.from({ length: 5 }, () => "looked"), "written"]);
  expect((await world.ready()).status).toBe(200);

  // For longer than anybody waits.
  const letGoAgain = await holdWriteLock(world.place.dataDir);
  await vi.waitFor(
    async () =>
      expect(await world.ready()).toEqual({
        status: 503,
        state: { ok: false, code: "locked", reason: expect.stringContaining("another program") },
      }),
    10_000,
  );
  expect(await Promise.all([first.step(), second.step()])).toEqual([503, 503]);
  await letGoAgain();
  expect(await Promise.all([first.step(), second.step()])).toEqual([200, 200]);
  await vi.waitFor(async () => expect((await world.ready()).status).toBe(200), 10_000);
  expect(await world.settle()).toEqual([]);
  expect(first.acknowledged).toHaveLength(3);
});
