import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { patch } from "../system/copy-tree.ts";
import { openFaultWorld } from "./fault-world.ts";
import { type Fault, faults, noMorePages, toldTree } from "./faults.ts";

vi.setConfig({ testTimeout: 120_000 });

/** How soon a server has to be at work again once nothing is in its way, ms. */
const soon = 10_000;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

let root: string;
beforeAll(() => {
  root = toldTree(mkdtempSync(join(tmpdir(), "parwana-faults-")));
});
afterAll(() => rmSync(dirname(root), { recursive: true }));

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "parwana-fault-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Has a fault come and go while people write; gives the server's log. */
async function comeAndGo(fault: Fault): Promise<string> {
  const opened = await fault.open(root, newFolder());
  closing.push(() => opened.close?.());
  const world = await openFaultWorld({ root, ...opened.options });
  closing.push(world.close);
  const speakers = [...world.newcomers(), ...world.newcomers()];
  for (const one of speakers) expect(await one.step()).toBe(200);
  expect(await world.ready()).toEqual({ status: 200, state: { ok: true } });
  // Their answers are on the way when it begins: that they were sent can't be written.
  for (const one of speakers) expect(await one.step()).toBe(200);

  await opened.begin(world);
  closing.push(() => opened.end(world));
  const reason = expect.stringMatching(/^the store cannot be written to now \(SQLite \d+\): /);
  const red = { status: 503, state: { ok: false, code: fault.code, reason } };
  // What room is left is used, also what a checkpoint frees; what is acknowledged in it has to be there in the end.
  const refused = async () => {
    expect(await world.untilRefused()).toEqual([503, 503]);
    expect(await world.ready()).toEqual(red);
  };
  await vi.waitFor(refused, { timeout: soon });
  for (const one of speakers) expect([200, 503]).toContain(await one.step());
  expect(await (await fetch(`${world.place.url}/healthz`)).json()).toEqual({ ok: true });
  const unmarked = () => expect(world.server.stderr()).toContain("a sent message could not be marked");
  if (fault.whole) await vi.waitFor(unmarked, { timeout: soon });

  closing.pop();
  await opened.end(world);
  const again = async () => {
    for (const one of speakers.filter(({ acknowledged }) => acknowledged.length < 4))
      expect(await one.step()).toBe(200);
    expect((await world.ready()).status).toBe(200);
  };
  await vi.waitFor(again, { timeout: soon, interval: 50 });
  for (const one of speakers) expect(await one.step()).toBe(200);
  expect(await world.settle()).toEqual([]);
  return world.server.stderr();
}

describe("while the store can't write", () => {
  for (const fault of faults) {
    it.runIf(fault.possible)(`for ${fault.name}, nothing is acknowledged; then all goes on`, async () => {
      const log = await comeAndGo(fault);
      expect(log).toContain(`"trouble":"${fault.code}"`);
      expect(log).toContain("store-available");
    });
  }
});

describe("this test", () => {
  it("sees an acknowledgement of what could not be written", async () => {
    const bug = { file: "src/app/receive.ts", from: 'return "unavailable";', to: 'return "done";' };
    const mend = patch(root, [bug]);
    closing.push(mend);
    const world = await openFaultWorld({ root, talks: true });
    closing.push(world.close);
    world.server.child.send(noMorePages.begin);
    for (let people = 0; people < 20; people += 1) for (const one of world.newcomers()) await one.step();
    world.server.child.send(noMorePages.end);
    const broken = await world.settle();
    expect(broken.join("\n")).toMatch(/was acknowledged and is lost/);
    expect(broken.join("\n")).toMatch(/0 turns for 1 inputs/);
  });
});
