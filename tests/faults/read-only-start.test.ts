import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { endAll, launch, launchServer } from "../system/process.ts";
import { makePlace, type Place } from "../system/world.ts";
import { canFreeze, isRoot } from "./faults.ts";
import { smallTree } from "./small-tree.ts";

let root: string;
beforeAll(() => {
  root = smallTree(mkdtempSync(join(tmpdir(), "parwana-start-")));
});
afterAll(() => rmSync(dirname(root), { recursive: true }));

let place: Place;
beforeEach(async () => {
  place = await makePlace();
});
afterEach(async () => {
  if (existsSync(place.dataDir)) protect(false);
  await endAll();
  place.remove();
});

/** Lets nobody make or remove anything in the data folder; to root, modes mean nothing. */
function protect(on: boolean): void {
  if (isRoot) execFileSync("chattr", [on ? "+i" : "-i", place.dataDir]);
  else chmodSync(place.dataDir, on ? 0o500 : 0o700);
}

const contents = () =>
  readdirSync(place.dataDir).map((file) => [file, readFileSync(join(place.dataDir, file), "base64")]);

async function refused(): Promise<string> {
  const server = launch({ root, environment: place.environment });
  expect(await server.ended).toEqual({ code: 1, signal: null });
  expect(server.stdout()).toBe("");
  return server.stderr();
}

const sentence = /^the data folder [^\n]* cannot be written to \(E\w+\): [^\n]*DATA_DIR[^\n]*\n$/;

describe.runIf(!isRoot || canFreeze())("a data folder that can't be written to", () => {
  it("keeps a server from starting, in one sentence", async () => {
    mkdirSync(place.dataDir, { mode: 0o700 });
    protect(true);
    expect(await refused()).toMatch(sentence);
    expect(contents()).toEqual([]);
  });

  it("is left as it is when there is data in it", async () => {
    const first = await launchServer({ root, environment: place.environment });
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
    expect(await first.end("SIGTERM")).toEqual({ code: 0, signal: null });
    const before = contents();
    protect(true);
    expect(await refused()).toMatch(sentence);
    expect(contents()).toEqual(before);
    protect(false);
    await launchServer({ root, environment: place.environment });
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
  });
});

it("a data folder that can't be made keeps a server from starting, in one sentence", async () => {
  const notAFolder = join(place.dir, "file");
  writeFileSync(notAFolder, "");
  const server = launch({ root, environment: { ...place.environment, DATA_DIR: join(notAFolder, "data") } });
  expect(await server.ended).toEqual({ code: 1, signal: null });
  expect(server.stderr()).toMatch(
    /^the data folder [^\n]* cannot be made \(ENOTDIR\): [^\n]*DATA_DIR[^\n]*\n$/,
  );
});
