import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { endAll, launch } from "../system/process.ts";
import { makePlace, type Place } from "../system/world.ts";
import { isRoot } from "./faults.ts";
import { smallTree } from "./small-tree.ts";

let root: string;
beforeAll(() => {
  root = smallTree(mkdtempSync(join(tmpdir(), "parwana-folder-")));
  chmodSync(dirname(root), 0o755);
});
afterAll(() => rmSync(dirname(root), { recursive: true }));

let place: Place;
beforeEach(async () => {
  place = await makePlace();
  chmodSync(place.dir, 0o755);
});
afterEach(async () => {
  await endAll();
  place.remove();
});

/** What makes a process one of an ordinary user before it reads anything; its threads, which read this too, may not and need not. */
const becomeNobody = `
  import { isMainThread } from "node:worker_threads";
  if (isMainThread) { process.setgroups([]); process.setgid(65534); process.setuid(65534); }`;

/** Node options: to root, modes mean nothing. */
const asNobody = isRoot ? ["--import", `data:text/javascript,${encodeURIComponent(becomeNobody)}`] : [];

const server = ["src/main.ts"];
const command = ["src/cli/parwana.ts", "org", "list"];

async function refusal(dataDir: string, args: readonly string[]): Promise<string> {
  const masterKey = randomBytes(32).toString("base64");
  const environment = { ...place.environment, DATA_DIR: dataDir, PARWANA_MASTER_KEY: masterKey };
  const process_ = launch({ root, environment, program: [process.execPath, ...args] });
  expect([await process_.ended, process_.stdout()]).toEqual([{ code: 1, signal: null }, ""]);
  return process_.stderr();
}

type Case = { readonly what: string; readonly in: (dir: string) => string; readonly why: string };

const cases: readonly Case[] = [
  {
    what: "a file",
    in: (dir) => {
      writeFileSync(join(dir, "file"), "");
      return join(dir, "file");
    },
    why: "(EEXIST): a file is in its place",
  },
  {
    what: "a place behind a file",
    in: (dir) => {
      writeFileSync(join(dir, "file"), "");
      return join(dir, "file", "data");
    },
    why: "(ENOTDIR): a part of its path is a file",
  },
  {
    what: "a link that leads nowhere",
    in: (dir) => {
      symlinkSync(join(dir, "nowhere", "at", "all"), join(dir, "link"));
      return join(dir, "link");
    },
    why: "(EEXIST): a file is in its place, or a link that leads nowhere",
  },
];

describe("a data folder that can't be made", () => {
  it.each(cases)("is told in one sentence, by server and command: $what", async (one) => {
    const dataDir = one.in(place.dir);
    const told = await refusal(dataDir, server);
    expect(told).toContain(`the data folder ${dataDir} cannot be made ${one.why}`);
    expect(told).toMatch(/^[^\n]*DATA_DIR[^\n]*\n$/);
    expect(await refusal(dataDir, command)).toBe(told);
  });

  it.runIf(existsSync("/proc/self"))("is told where nothing ever can: /proc", async () => {
    for (const dataDir of ["/proc/parwana", "/proc/parwana/data"]) {
      expect(await refusal(dataDir, server)).toMatch(
        /^the data folder \/proc\/[^\n]* cannot be made [^\n]*\n$/,
      );
      expect(await refusal(dataDir, command)).toMatch(
        /^the data folder \/proc\/[^\n]* cannot be made [^\n]*\n$/,
      );
    }
  });
});

/** Whether an ordinary user can run the server that is tested: a checkout may be for its owner's eyes only. */
async function nobodyReadsUs(): Promise<boolean> {
  const looks = launch({
    environment: {},
    root,
    program: [process.execPath, ...asNobody, "src/cli/parwana.ts", "--version"],
  });
  return (await looks.ended).code === 0;
}

describe("a data folder of somebody else's", () => {
  it("is told in one sentence: it may not be made, not be entered, not be written to", async (context) => {
    context.skip(!(await nobodyReadsUs()), "the checkout can't be read by other users");
    const closed = join(place.dir, "closed");
    mkdirSync(closed);
    const at = async (mode: number, dataDir: string, args: readonly string[]) => {
      chmodSync(closed, mode);
      return refusal(dataDir, [...asNobody, ...args]);
    };
    for (const mode of [0o555, 0o000]) {
      const made = await at(mode, join(closed, "data"), server);
      expect(made).toMatch(
        /^the data folder [^\n]* cannot be made \(EACCES\): its owner [^\n]*DATA_DIR[^\n]*\n$/,
      );
      const written = await at(mode, closed, server);
      expect(written).toMatch(
        /^the data folder [^\n]* cannot be written to \(EACCES\): [^\n]*DATA_DIR[^\n]*\n$/,
      );
    }
    expect(await at(0o555, closed, command)).toMatch(
      /^the data folder [^\n]* cannot be written to [^\n]*\n$/,
    );
    expect(await at(0o000, closed, command)).toMatch(/^[^\n]*belongs to another user[^\n]*\n$/);
    chmodSync(closed, 0o700);
  });
});
