import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ownWords } from "../../src/wiring/installation.ts";
import { openStore } from "../../src/wiring/open-store.ts";
import { newFolder, openAt } from "../contract/store/sqlite-place.ts";
import { noon } from "../contract/store/store-engine.ts";
import { silent } from "../logs.ts";

let root: string;
let keyFile: string;
let dataDir: string;
beforeEach(() => {
  root = newFolder();
  keyFile = join(root, "parwana.key");
  dataDir = join(root, "data");
});
afterEach(() => rmSync(root, { recursive: true }));

const open = (settings: Readonly<Record<string, string>> = {}) =>
  openStore({
    config: { dataDir, keyFile, databaseUrl: undefined, ...settings },
    log: silent,
    clock: { now: () => noon },
  });

const key = () => `${randomBytes(32).toString("base64")}\n`;

/** What the host is told; no key file is made. */
async function refusal(settings: Readonly<Record<string, string>> = {}): Promise<string> {
  const before = existsSync(keyFile) ? readFileSync(keyFile, "utf8") : undefined;
  try {
    const { store } = await open(settings);
    await store.close();
  } catch (problem) {
    expect(existsSync(keyFile) ? readFileSync(keyFile, "utf8") : undefined).toBe(before);
    return ownWords(problem) ?? "no words";
  }
  throw new Error("it was not refused");
}

describe("a master key", () => {
  it("is made at the first start, and found at the next", async () => {
    const first = await open();
    expect(first.master.origin).toBe("made");
    await first.store.close();
    const second = await open();
    expect(second.master.origin).toBe("file");
    await second.store.close();
  });

  it("is not made where the data folder can't be, or is in use", async () => {
    writeFileSync(dataDir, "a file");
    expect(await refusal()).toMatch(/data folder .* cannot be made \(EEXIST\)/);
    rmSync(dataDir);
    const other = await openAt(dataDir);
    expect(await refusal()).toMatch(/another parwana is running on the folder/);
    await other.close();
  });

  it("is not made where it would open nothing: there is data, and its key is missing", async () => {
    await (await open()).store.close();
    rmSync(keyFile);
    expect(await refusal()).toMatch(/^there is no key file .*PARWANA_KEY_FILE.*: put back the key/);
    writeFileSync(keyFile, key(), { mode: 0o600 });
    expect(await refusal()).toMatch(/the master key does not open this store/);
  });
});

describe("no data folder is made where the master key", () => {
  it.each<[what: string, spoil: () => Readonly<Record<string, string>>, words: RegExp]>([
    ["is none", () => ({ masterKey: "too short" }), /^PARWANA_MASTER_KEY must be/],
    [
      "file is of something else",
      () => {
        writeFileSync(keyFile, "a letter", { mode: 0o600 });
        return {};
      },
      /must hold 32 random bytes/,
    ],
    [
      "file is a link that leads nowhere",
      () => {
        symlinkSync(join(root, "nowhere"), keyFile);
        return {};
      },
      /must hold 32 random bytes/,
    ],
    [
      "file would be in a folder that isn't there",
      () => ({ keyFile: join(root, "none", "parwana.key") }),
      /cannot be made \(ENOENT\).*PARWANA_KEY_FILE/,
    ],
    ["file would be in it", () => ({ keyFile: join(dataDir, "parwana.key") }), /PARWANA_KEY_FILE/],
  ])("%s", async (_, spoil, words) => {
    expect(await refusal(spoil())).toMatch(words);
    expect(existsSync(dataDir)).toBe(false);
  });

  it("file is in it, when it is there", async () => {
    mkdirSync(dataDir);
    expect(await refusal({ keyFile: join(dataDir, "parwana.key") })).toMatch(/is inside DATA_DIR/);
  });
});
