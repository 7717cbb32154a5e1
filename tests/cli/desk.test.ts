import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { Workplace, whenSaid } from "./command.ts";
import { subscribe } from "./subscribers.ts";

// Each command is a process of its own, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 120_000 });

const place = new Workplace();
afterAll(() => place.remove());

const now = Date.now();
const day = 24 * 60 * 60 * 1000;
const reader = { language: "en", state: "active", lastInbound: now } as const;
const audience = [
  { ...reader, channel: "playground/telegram" },
  { ...reader, channel: "playground/telegram", language: "ps", lastInbound: now - 9 * day },
  { ...reader, channel: "playground/telegram", state: "stopped" },
  { ...reader, channel: "playground/telegram", state: "blocked" },
  { ...reader, channel: "playground/whatsapp" },
  { ...reader, channel: "whatsapp" },
] as const;

const send = ["broadcast", "send", "--org", "helpline", "--topic", "news"];

/** The number of the broadcast that the command sent while no server ran. */
let broadcast = "";

/** Tests build on one another: an organisation first, then its topic, then who would get what. */
describe("without a server", () => {
  it("adds an organisation and a topic", async () => {
    const added = await place.run(["org", "add", "helpline", "--name", "Parole Helpline"]);
    expect(added).toMatchObject({ code: 0, stdout: "added  helpline\n" });
    expect(added.stderr).toContain("A new master key is in");

    const topic = ["topic", "add", "helpline", "news", "--title", "en=News = new", "--title", "fa-AF=خبرها"];
    expect(await place.run(topic)).toEqual({ code: 0, stdout: "added  helpline/news\n", stderr: "" });
  });

  it("counts who a broadcast would reach, and why not the others", async () => {
    await subscribe(place.env, "helpline/news", audience);
    const { code, stdout, stderr } = await place.run([
      ...send,
      "--text",
      "en=Closed on Friday.",
      "--dry-run",
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^topic +helpline\/news$/m);
    expect(stdout).toMatch(/^subscribers +6$/m);
    expect(stdout).toMatch(/^reachable +3$/m);
    expect(stdout).toMatch(/^channel +now +by template +not +seconds$/m);
    expect(stdout).toMatch(/^language +reachable +text in$/m);
    expect(stdout).toMatch(/^en +2 +en$/m);
    expect(stdout).toMatch(/^ps +1 +en$/m);
    expect(stdout).toMatch(/^whatsapp +0 +0 +channel-off 1 +\d+$/m);
    expect(stdout).toMatch(
      /^playground\/telegram +2 +0 +(opted-out 1, blocked 1|blocked 1, opted-out 1) +1$/m,
    );
  });

  it("says what people get who have no text in their language, where there is none in English", async () => {
    const { code, stderr } = await place.run([...send, "--text", "ps=دفتر بند دی", "--dry-run"]);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "No text in English: who has none in their language gets the `ps` one.\n",
    });
  });

  it("queues a broadcast from text files and says that it waits for a server", async () => {
    writeFileSync(join(place.folder, "en.txt"), "\uFEFFThe office is closed.\nUntil Monday.\n");
    const sent = await place.run([...send, "--text-file", "en=en.txt", "--text", "ps=دفتر بند دی"]);
    expect(sent).toMatchObject({ code: 0, stdout: expect.stringMatching(/^broadcast {2}\d+\n$/) });
    expect(sent.stderr).toContain("No server is running");
    [broadcast = ""] = /\d+/.exec(sent.stdout) ?? [];
  });
});

describe("beside a running server", () => {
  const refusals: readonly (readonly [args: readonly string[], words: RegExp])[] = [
    [["org", "add", "helpline", "--name", "Again"], /^there is already an organisation `helpline`\n$/],
    [["org", "add", "Not An Id", "--name", "Name"], /^`Not An Id` can't be an organisation's id: .*\n$/],
    [[...send, "--text", "xx=Hello"], /^`xx` is none of the languages .*\n$/],
    [["broadcast", "status", "1"], /^there is no broadcast 1.*\n$/],
    [["inbox", "replay", "1"], /^no input 1 is set aside: .*\n$/],
  ];

  it("has it carry commands out at once, passes on why it refuses, and leaves its data alone", async () => {
    const server = place.start(["start"]);
    const url = (await whenSaid(server, /http:\/\/localhost:\d+/)).replace("localhost", "127.0.0.1");
    expect((await fetch(`${url}/healthz`)).status).toBe(200);

    const [added, dryRun, status, inbox, ...refused] = await Promise.all([
      place.run(["topic", "add", "--org", "helpline", "courts", "--title", "en=Court news"]),
      place.run([...send, "--text", "en=Closed on Friday.", "--dry-run", "--json"]),
      place.run(["broadcast", "status", broadcast, "--json"]),
      place.run(["inbox", "list"]),
      ...refusals.map(([args]) => place.run(args)),
    ]);
    expect(added).toEqual({ code: 0, stdout: "added  helpline/courts\n", stderr: "" });
    expect(JSON.parse(dryRun.stdout)).toMatchObject({
      subscribers: 6,
      reachable: 3,
      channels: expect.arrayContaining([
        expect.objectContaining({ channel: "playground/telegram", not: { "opted-out": 1, blocked: 1 } }),
        expect.objectContaining({ channel: "playground/whatsapp", now: 1, byTemplate: 0, not: {} }),
      ]),
    });
    const report: { broadcast: object; counts: Record<string, number> } = JSON.parse(status.stdout);
    expect(report.broadcast).toMatchObject({ id: Number(broadcast), topic: "helpline/news" });
    expect(Object.values(report.counts).reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(inbox).toEqual({ code: 0, stdout: "", stderr: "There are none.\n" });
    for (const [at, [, words]] of refusals.entries()) {
      expect(refused[at]).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(words) });
    }

    rmSync(join(place.dataDir, "control.sock"));
    const locked = await place.run(["org", "list"]);
    expect(locked).toMatchObject({ code: 1, stdout: "" });
    expect(locked.stderr).toMatch(/^another parwana is running on the folder .*\n$/);

    server.kill("SIGTERM");
    await once(server, "close");
    expect(server.exitCode).toBe(0);
  });

  it("opens the data itself once the server was killed and left its socket behind", async () => {
    const server = place.start(["start"]);
    await whenSaid(server, /http:\/\/localhost:\d+/);
    server.kill("SIGKILL");
    await once(server, "close");
    expect(existsSync(join(place.dataDir, "control.sock"))).toBe(true);
    const { code, stdout } = await place.run(["topic", "list"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^helpline\/courts +helpline +en=Court news$/m);
  });
});
