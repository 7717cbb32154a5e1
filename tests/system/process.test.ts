import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startBotApi } from "../stand-ins/bot-api.ts";
import { endAll, launch, launchServer, said } from "./process.ts";
import { say } from "./talk.ts";
import { botToken, makePlace, type Place, telegramAt } from "./world.ts";

let place: Place;

beforeEach(async () => {
  place = await makePlace();
});
afterEach(async () => {
  await endAll();
  for (const pid of servers()) process.kill(pid, "SIGKILL");
  place.remove();
});

/** The processes that run `src/main.ts` on this test's data folder, by the system's own list. */
function servers(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter(
      (pid) =>
        fileOf(pid, "cmdline").includes("src/main.ts") && fileOf(pid, "environ").includes(place.dataDir),
    )
    .map(Number);
}

function fileOf(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}

function isWhole(): boolean {
  const db = new DatabaseSync(join(place.dataDir, "parwana.db"), { readOnly: true });
  try {
    return db.prepare("PRAGMA integrity_check").get()?.["integrity_check"] === "ok";
  } finally {
    db.close();
  }
}

describe("a server that is told to end", () => {
  it("finishes what it has begun: after SIGTERM, and after Ctrl-C twice", async () => {
    const bot = await startBotApi({ token: botToken });
    try {
      const environment = { ...place.environment, ...telegramAt(bot), LOG_LEVEL: "warn" };
      const person = bot.person(4_490_001, { languageCode: "en" });
      for (const signals of [["SIGTERM"], ["SIGINT", "SIGINT"]] as const) {
        const server = await launchServer({ environment });
        await say(bot, person, "/start");
        // An answer is on its way: the platform has it, and takes its time.
        bot.faults.push({ method: "sendMessage", times: 1, do: { kind: "delay", ms: 300 } });
        person.say("help");
        await bot.waitFor(() => bot.faults.left() === 0, "the answer to be on its way");
        for (const signal of signals) server.child.kill(signal);
        expect(await server.ended).toEqual({ code: 0, signal: null });
        // Nor did it find that the one before had ended uncleanly.
        expect(server.stderr()).toBe("");
        expect(person.messages().at(-1)?.text).toContain("How this works");
        expect(bot.pending()).toEqual([]);
        expect(existsSync(join(place.dataDir, "control.sock"))).toBe(false);
        expect(isWhole()).toBe(true);
      }
      expect(bot.ledger.of("sendMessage", person.chatId)).toHaveLength(4);
    } finally {
      await endAll();
      await bot.close();
    }
  });
});

describe("a server that is left alone", () => {
  it("ends in order when it is told to while it starts", async () => {
    const server = launch({ environment: { ...place.environment, LOG_LEVEL: "warn" } });
    await vi.waitUntil(() => existsSync(join(place.dataDir, "server.lock")), {
      timeout: 30_000,
      interval: 1,
    });
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(existsSync(join(place.dataDir, "control.sock"))).toBe(false);
    const next = await launchServer({ environment: { ...place.environment, LOG_LEVEL: "warn" } });
    await next.end("SIGTERM");
    expect(next.stderr()).toBe("");
  });

  it.each([{ started: ["src/main.ts"] }, { started: ["src/cli/parwana.ts", "start"] }])(
    "goes on when nobody reads what it prints: $started",
    async ({ started }) => {
      const environment = { ...place.environment, LOG_LEVEL: "debug" };
      const server = launch({ environment, program: [process.execPath, ...started] });
      server.child.stdout?.destroy();
      server.child.stderr?.destroy();
      const isReady = async () => (await fetch(`${place.url}/readyz`).catch(() => undefined))?.status;
      await expect.poll(isReady, { timeout: 30_000 }).toBe(200);
      expect((await fetch(`${place.url}/no-such-page`)).status).toBe(404);
      expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
    },
  );

  // `script` (util-linux) runs a program on a terminal of its own, which goes when it is killed.
  it.runIf(existsSync("/usr/bin/script"))("ends in order when its terminal is closed", async () => {
    const environment = { ...place.environment, LOG_LEVEL: "warn" };
    const program = `exec '${process.execPath}' src/main.ts`;
    const terminal = launch({ environment, program: ["/usr/bin/script", "-qfec", program, "/dev/null"] });
    await said(terminal, "Stop with Ctrl-C");
    const [pid = 0] = servers().filter((each) => each !== terminal.child.pid);
    // Told by hand, it looks at the content, and stays.
    process.kill(pid, "SIGHUP");
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);
    await terminal.end("SIGKILL");
    await expect.poll(servers, { timeout: 20_000 }).toEqual([]);
    const next = await launchServer({ environment });
    await next.end("SIGTERM");
    expect(next.stderr()).toBe("");
  });
});

describe("starting", () => {
  it("needs no setting, is refused in words where it can't be, and leaves no orphan", {
    timeout: 90_000,
  }, async () => {
    const { PLAYGROUND: _, ...environment } = place.environment;
    const first = await launchServer({ environment });
    const told = first.stdout();
    expect(told).toContain(`http://localhost:${place.port}`);
    for (const variable of ["TELEGRAM_BOT_TOKEN", "TWILIO_ACCOUNT_SID", "PUBLIC_URL"])
      expect(told).toContain(variable);
    expect(told).toContain(place.keyFile);

    const sameFolder = launch({ environment: { ...environment, PORT: "0" } });
    const beside = (folder: string) => ({ ...environment, DATA_DIR: join(place.dir, folder) });
    const samePort = launch({ environment: beside("other") });
    const noHost = launch({ environment: { ...beside("third"), HOST: "no-such-host.invalid" } });
    const notOurs = launch({ environment: { ...beside("fourth"), HOST: "192.0.2.1" } });
    for (const [second, words] of [
      [sameFolder, "another parwana is running on the folder"],
      [samePort, "set PORT to a free one"],
      [noHost, "HOST is no address of this machine"],
      [notOurs, "HOST is no address of this machine"],
    ] as const) {
      expect(await second.ended).toEqual({ code: 1, signal: null });
      expect(second.stderr()).toContain(words);
      expect(second.stderr()).not.toMatch(/^\s+at /m);
    }
    expect((await fetch(`${place.url}/readyz`)).status).toBe(200);

    // However a server died, its folder is free again; but only for who has the key.
    await first.end("SIGKILL");
    const strange = randomBytes(32).toString("base64");
    const wrongKey = launch({ environment: { ...environment, PARWANA_MASTER_KEY: strange } });
    expect((await wrongKey.ended).code).toBe(1);
    expect(wrongKey.stderr()).toMatch(/key/);
    expect(wrongKey.stderr()).not.toMatch(/^\s+at /m);

    const npm = launch({
      environment: { ...environment, npm_config_update_notifier: "false" },
      program: ["npm", "start"],
    });
    await said(npm, "Stop with Ctrl-C");
    expect(servers()).toHaveLength(1);
    expect(await npm.end("SIGTERM")).toEqual({ code: 0, signal: null });
    await expect.poll(servers, { timeout: 10_000 }).toEqual([]);
    expect(isWhole()).toBe(true);
  });
});
