import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadMasterKey } from "../../src/vault/master-key.ts";
import type { SecretKey } from "../../src/vault/secret-key.ts";
import { refusal, refused } from "./refusal.ts";

const good = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7 + 3)).toString("base64");

let home = "";
let keyFile = "";
let dataDir = "";

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "parwana-key-"));
  keyFile = join(home, "parwana.key");
  dataDir = join(home, "data");
  mkdirSync(dataDir);
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function putKey(content: string, mode = 0o600, file = keyFile): void {
  writeFileSync(file, content, { mode: 0o600 });
  chmodSync(file, mode);
}

const textOf = (key: SecretKey): string => Buffer.from(key.bytes()).toString("base64");

const load = (settings: { masterKey?: string; keyFile?: string; dataDir?: string } = {}) =>
  loadMasterKey({ keyFile, dataDir, ...settings });

describe("the key from PARWANA_MASTER_KEY", () => {
  it.each([good, ` ${good}\n`])("is taken, and no file is made", (masterKey) => {
    const { key, origin } = load({ masterKey });
    expect(origin).toBe("variable");
    expect(textOf(key)).toBe(good);
    expect(readdirSync(home)).toEqual(["data"]);
  });

  it.each([
    ["empty", ""],
    ["16 bytes", Buffer.alloc(16, 5).toString("base64")],
    ["33 bytes", Buffer.concat([Buffer.from(good, "base64"), Buffer.of(1)]).toString("base64")],
    ["31 bytes", Buffer.from(good, "base64").subarray(1).toString("base64")],
    ["hexadecimal", Buffer.from(good, "base64").toString("hex")],
    ["no padding", good.replace("=", "")],
    ["two keys", `${good}${good}`],
    ["a character base64 does not have", `*${good.slice(1)}`],
    ["the URL alphabet", `-${good.slice(1)}`],
    ["bits that stand for nothing", `${good.slice(0, 42)}J=`],
    ["a placeholder of one byte", Buffer.alloc(32).toString("base64")],
    ["a pass phrase", "correct horse battery staple"],
  ])("is refused when it is %s, without being repeated", (_, masterKey) => {
    const problem = refused(() => load({ masterKey }));
    expect(problem.code).toBe("key-variable");
    expect(problem.message).toContain("PARWANA_MASTER_KEY");
    if (masterKey !== "") expect(problem.message).not.toContain(masterKey);
  });
});

describe("the key file", () => {
  it("is made at first run: 32 random bytes, for its owner only", () => {
    const { key, origin } = load();
    expect(origin).toBe("made");
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(keyFile, "utf8")).toBe(`${textOf(key)}\n`);
    expect(key.bytes()).toHaveLength(32);
  });

  it.skipIf(!isMainThread)("is for its owner only whatever the umask", () => {
    const before = process.umask(0o277);
    try {
      load();
    } finally {
      process.umask(before);
    }
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
  });

  it("is another one for every host", () => {
    const elsewhere = join(home, "other.key");
    expect(textOf(load().key)).not.toBe(textOf(load({ keyFile: elsewhere }).key));
  });

  it("is read at the next run, and left as it is", () => {
    const first = load();
    const content = readFileSync(keyFile, "utf8");
    const second = load();
    expect(second.origin).toBe("file");
    expect(textOf(second.key)).toBe(textOf(first.key));
    expect(readFileSync(keyFile, "utf8")).toBe(content);
  });

  it.each([0o600, 0o400])("is read with mode %o", (mode) => {
    putKey(good, mode);
    expect(textOf(load().key)).toBe(good);
  });

  it("is read through a symbolic link, as secrets are mounted", () => {
    const real = join(home, "real.key");
    putKey(good, 0o600, real);
    symlinkSync(real, keyFile);
    expect(load().origin).toBe("file");
  });

  it.each([0o640, 0o604, 0o660, 0o644, 0o610, 0o601, 0o620, 0o602])(
    "is refused with mode %o, and the remedy is named",
    (mode) => {
      putKey(good, mode);
      const problem = refused(() => load());
      expect(problem.code).toBe("key-file-mode");
      expect(problem.message).toContain(`chmod 600 ${keyFile}`);
      expect(problem.message).not.toContain(good);
    },
  );

  it.each([
    ["empty", ""],
    ["cut", good.slice(0, 30)],
    ["not base64", `${good.slice(0, 20)}!${good.slice(21)}`],
    ["two lines", `${good}\n${good}\n`],
  ])("is refused when its content is %s, and is left as it is", (_, content) => {
    putKey(content);
    const problem = refused(() => load());
    expect(problem.code).toBe("key-file-content");
    expect(problem.message).toContain(keyFile);
    expect(problem.message).not.toContain(good.slice(0, 20));
    expect(readFileSync(keyFile, "utf8")).toBe(content);
  });

  it("is refused when it cannot be read: a folder, a path through a file, a file too large", () => {
    mkdirSync(keyFile);
    expect(refusal(() => load())).toBe("key-file-unreadable");
    putKey(good, 0o600, join(home, "plain"));
    expect(refusal(() => load({ keyFile: join(home, "plain", "parwana.key") }))).toBe("key-file-unreadable");
    putKey(good.padEnd(5000), 0o600, join(home, "large"));
    expect(refusal(() => load({ keyFile: join(home, "large") }))).toBe("key-file-unreadable");
  });

  it("is refused, and not waited for, when it is a named pipe", () => {
    execFileSync("sh", ["-c", 'mkfifo -m 600 "$0"', keyFile]);
    // In a process of its own, which can be ended where it waits.
    const script = `const { readKeyFile } = await import(process.argv[1]);
      try { readKeyFile(process.argv[2]); } catch (problem) { console.log(problem.code); }`;
    const told = execFileSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        script,
        new URL("../../src/vault/key-file.ts", import.meta.url).href,
        keyFile,
      ],
      { encoding: "utf8", timeout: 20_000 },
    );
    expect(told).toBe("key-file-unreadable\n");
  });

  it("is refused when it is a link that leads nowhere, and nothing is made at its end", () => {
    symlinkSync(join(home, "gone"), keyFile);
    expect(refusal(() => load())).toBe("key-file-content");
    expect(readdirSync(home)).not.toContain("gone");
  });

  it("is refused when it cannot be made", () => {
    const problem = refused(() => load({ keyFile: join(home, "missing", "parwana.key") }));
    expect(problem.code).toBe("key-file-not-made");
    expect(problem.message).toMatch(/PARWANA_KEY_FILE.*ENOENT.*PARWANA_MASTER_KEY/);
  });
});

describe("a key file beside the data", () => {
  it.each([["parwana.key"], ["keys/parwana.key"], ["../data/parwana.key"], ["./keys/../parwana.key"]])(
    "is refused inside DATA_DIR: %s",
    (path) => {
      mkdirSync(join(dataDir, "keys"));
      const inside = `${dataDir}/${path}`;
      expect(refusal(() => load({ keyFile: inside }))).toBe("key-file-place");
      putKey(good, 0o600, inside);
      expect(refusal(() => load({ keyFile: inside }))).toBe("key-file-place");
    },
  );

  it("is refused through links: DATA_DIR by another name, a link that points in, a link that stands in it", () => {
    const alias = join(home, "alias");
    symlinkSync(dataDir, alias);
    expect(refusal(() => load({ keyFile: join(alias, "parwana.key") }))).toBe("key-file-place");
    expect(refusal(() => load({ keyFile: join(dataDir, "parwana.key"), dataDir: alias }))).toBe(
      "key-file-place",
    );

    const hidden = join(dataDir, "hidden");
    putKey(good, 0o600, hidden);
    symlinkSync(hidden, keyFile);
    expect(refusal(() => load())).toBe("key-file-place");

    const outside = join(home, "outside.key");
    putKey(good, 0o600, outside);
    symlinkSync(outside, join(dataDir, "link"));
    expect(refusal(() => load({ keyFile: join(dataDir, "link") }))).toBe("key-file-place");
  });

  it("is never made in a DATA_DIR that does not exist yet", () => {
    const later = join(home, "later");
    expect(refusal(() => load({ keyFile: join(later, "parwana.key"), dataDir: later }))).toBe(
      "key-file-not-made",
    );
  });

  it("is fine next to DATA_DIR, even with a name that begins alike", () => {
    expect(load({ keyFile: `${dataDir}.key` }).origin).toBe("made");
    expect(load({ keyFile: join(home, "..data") }).origin).toBe("made");
  });

  it("is not looked at when the variable gives the key", () => {
    expect(load({ masterKey: good, keyFile: join(dataDir, "parwana.key") }).origin).toBe("variable");
  });
});
