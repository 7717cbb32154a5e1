import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openFaultWorld } from "./fault-world.ts";
import { faults, noMorePages, told } from "./faults.ts";

vi.setConfig({ testTimeout: 120_000 });

/** How soon a server has to be at work again once nothing is in its way, ms. */
const soon = 10_000;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "parwana-fault-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describe("while the store can't write", () => {
  for (const fault of faults) {
    it.runIf(fault.possible)(`for ${fault.name}, nothing is acknowledged; then all goes on`, async () => {
      const opened = await fault.open(newFolder());
      closing.push(() => opened.close?.());
      const world = await openFaultWorld(opened.options);
      closing.push(world.close);
      const speakers = [...world.newcomers(), ...world.newcomers()];
      for (const one of speakers) expect(await one.step()).toBe(200);
      expect(await world.ready()).toEqual({ status: 200, state: { ok: true } });

      await opened.begin(world);
      closing.push(() => opened.end(world));
      // What room is left may still be used; what is acknowledged in it has to be there in the end.
      expect(await world.untilRefused()).toEqual([503, 503]);
      const reason = expect.stringMatching(/^the store cannot be written to now \(SQLite \d+\): /);
      const red = { status: 503, state: { ok: false, code: fault.code, reason } };
      // What one look may still fit in (a page of the log that was used before) the next one does not.
      await vi.waitFor(async () => expect(await world.ready()).toEqual(red), soon);
      for (const one of speakers) expect([200, 503]).toContain(await one.step());
      expect(await (await fetch(`${world.place.url}/healthz`)).json()).toEqual({ ok: true });

      closing.pop();
      await opened.end(world);
      const again = async () => {
        for (const one of speakers) if (one.acknowledged.length < 3) expect(await one.step()).toBe(200);
        expect((await world.ready()).status).toBe(200);
      };
      await vi.waitFor(again, { timeout: soon, interval: 50 });
      for (const one of speakers) expect(await one.step()).toBe(200);
      expect(await world.settle()).toEqual([]);
      expect(world.server.stderr()).toContain(`"trouble":"${fault.code}"`);
    });
  }
});

describe("this test", () => {
  it("sees an acknowledgement of what could not be written", async () => {
    const opened = told(newFolder(), noMorePages, [
      { file: "src/app/receive.ts", from: 'return "unavailable";', to: 'return "done";' },
    ]);
    const world = await openFaultWorld(opened.options);
    closing.push(world.close);
    await opened.begin(world);
    for (let people = 0; people < 30; people += 1) for (const one of world.newcomers()) await one.step();
    await opened.end(world);
    const broken = await world.settle();
    expect(broken.join("\n")).toMatch(/was acknowledged and is lost/);
    expect(broken.join("\n")).toMatch(/0 turns for 1 inputs/);
  });
});
