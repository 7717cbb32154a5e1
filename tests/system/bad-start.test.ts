import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { copyTree, type Patch, patch } from "./copy-tree.ts";
import { endAll, launch } from "./process.ts";
import { makePlace, type Place } from "./world.ts";

let place: Place;

beforeAll(async () => {
  place = await makePlace();
  copyTree(join(place.dir, "tree"));
});
afterAll(() => place.remove());
afterEach(endAll);

/** Starts a server that is to refuse; gives what it said. */
async function refusal(environment: Readonly<Record<string, string>>, root?: string): Promise<string> {
  const server = launch({
    environment: { ...place.environment, ...environment },
    ...(root === undefined ? {} : { root }),
  });
  const ended = await server.ended;
  expect([ended, server.stdout()]).toEqual([{ code: 1, signal: null }, ""]);
  // Nothing half-made is left: no data folder, so no lock and no socket in it, and no key.
  expect(existsSync(place.dataDir)).toBe(false);
  expect(existsSync(place.keyFile)).toBe(false);
  expect(server.stderr()).not.toMatch(/^\s+at /m);
  return server.stderr();
}

describe("settings that can't be used", () => {
  it("are all named at once, with how to mend them, and never repeated", async () => {
    const secret = "not-a-token-but-perhaps-a-secret";
    const told = await refusal({
      PORT: "70000",
      LOG_LEVEL: "loud",
      PUBLIC_URL: "http://bot.example.org",
      TELEGRAM_BOT_TOKEN: secret,
      TWILIO_ACCOUNT_SID: "AC123",
      PLAYGROUND: "perhaps",
      DATABASE_URL: "postgres://db.example",
    });
    for (const variable of [
      "PORT",
      "LOG_LEVEL",
      "PUBLIC_URL",
      "TELEGRAM_BOT_TOKEN",
      "TWILIO_ACCOUNT_SID",
      "PLAYGROUND",
      "DATABASE_URL",
    ]) {
      expect(told).toMatch(new RegExp(`^ +${variable} \\S`, "m"));
    }
    expect(told).not.toContain(secret);
    expect(told).not.toContain("db.example");
  });

  it("are named when only a part of WhatsApp's is there", async () => {
    const told = await refusal({ TWILIO_AUTH_TOKEN: "example-auth-token" });
    for (const variable of ["TWILIO_ACCOUNT_SID", "TWILIO_WHATSAPP_FROM", "PUBLIC_URL"])
      expect(told).toContain(variable);
  });

  it("are refused: a master key that is none", async () => {
    expect(await refusal({ PARWANA_MASTER_KEY: "too short" })).toContain("PARWANA_MASTER_KEY");
  });

  it("are refused: a data folder under a file, and one that is too long", async () => {
    const file = join(place.dir, "file");
    writeFileSync(file, "");
    expect(await refusal({ DATA_DIR: join(file, "data") })).toMatch(
      /^the data folder .* cannot be made \(ENOTDIR\)/,
    );
    const long = join(place.dir, "x".repeat(120));
    expect(await refusal({ DATA_DIR: long })).toMatch(/^DATA_DIR is too long/);
    expect(existsSync(long)).toBe(false);
  });
});

type Broken = { readonly what: string; readonly patches: readonly Patch[]; readonly told: readonly RegExp[] };

const broken: readonly Broken[] = [
  {
    what: "files that can't be read",
    patches: [
      { file: "flows/help.yaml", from: "start: help", to: "start: [help" },
      { file: "locales/es/help.json", from: '"help": {', to: '"help": {{' },
    ],
    told: [/flows\/help\.yaml:\d+: /, /locales\/es\/help\.json:2: /],
  },
  {
    what: "a step that is not there, a kind that is not known",
    patches: [
      { file: "flows/delete.yaml", from: "next: done }", to: "next: dnoe }" },
      { file: "flows/urgent.yaml", from: "kind: say", to: "kind: shout" },
    ],
    told: [/flows\/delete\.yaml:9: .*`dnoe`.*Mend: .*done/, /flows\/urgent\.yaml:4: .*kind.*Mend: /],
  },
  {
    what: "a translation that is missing",
    patches: [{ file: "locales/ps/menu.json", from: '"text":', to: '"txet":' }],
    told: [/locales\/ps\/menu\.json(?::\d+)?: .*text.*Mend: /],
  },
];

describe("content that can't be used", () => {
  it.each(broken)(
    "is told with file, line and mend, and the server does not start: $what",
    async ({ patches, told }) => {
      const root = join(place.dir, "tree");
      const undo = patch(root, patches);
      try {
        const words = await refusal({}, root);
        for (const part of told) expect(words).toMatch(part);
      } finally {
        undo();
      }
    },
  );

  it("is refused: no content at all", async () => {
    const root = join(place.dir, "bare");
    copyTree(root);
    rmSync(join(root, "flows"), { recursive: true });
    expect(await refusal({}, root)).toMatch(/flows/);
  });
});
