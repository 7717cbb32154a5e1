import { existsSync, statSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AdminRequest } from "../../src/app/admin.ts";
import { Problem } from "../../src/app/errors.ts";
import { openControl } from "../../src/web/control.ts";
import { controlPath } from "../../src/web/control-path.ts";
import { type App, openApp } from "../app/app-world.ts";

let app: App;
let control: Awaited<ReturnType<typeof openControl>>;
beforeEach(async () => {
  app = await openApp();
  control = await openControl(app.dataDir, app.parts);
});
afterEach(async () => {
  await control.close();
  await app.end();
});

/** Sends this text over the socket; gives what came back. */
function post(body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({ socketPath: controlPath(app.dataDir), method: "POST" }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      incoming.on("end", () => resolve(JSON.parse(text)));
      incoming.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
const ask = (request: AdminRequest) => post(JSON.stringify(request));

describe("the control socket", () => {
  it("carries out each command", async () => {
    const texts = { en: "the news" };
    const broadcast = { command: "broadcast send", organisation: "helpline", topic: "news", texts } as const;
    expect(await ask({ command: "org add", id: "helpline", name: "Helpline" })).toEqual({
      ok: true,
      result: { added: "helpline" },
    });
    expect(await ask({ command: "org list" })).toEqual({
      ok: true,
      result: [{ id: "helpline", name: "Helpline" }],
    });
    expect(
      await ask({ command: "topic add", organisation: "helpline", topic: "news", titles: { en: "News" } }),
    ).toEqual({ ok: true, result: { added: "helpline/news" } });
    expect(await ask({ command: "topic list" })).toMatchObject({
      ok: true,
      result: [{ id: "helpline/news" }],
    });
    expect(await ask({ ...broadcast, dryRun: true })).toMatchObject({ ok: true, result: { reachable: 0 } });
    const answer = await ask({ ...broadcast, dryRun: false });
    expect(answer).toMatchObject({ ok: true, result: { broadcast: expect.any(Number) } });
    const [sending] = await app.parts.store.desk.broadcastsIn("done");
    expect(await ask({ command: "broadcast status", id: sending?.id ?? -1 })).toMatchObject({
      ok: true,
      result: { broadcast: { topic: "helpline/news" }, counts: {} },
    });
    expect(await ask({ command: "inbox list" })).toEqual({ ok: true, result: [] });
    expect(await ask({ command: "case list" })).toEqual({ ok: true, result: [] });
    // What was added is offered at once.
    expect(app.parts.content.current.program.topics.map(({ id }) => id)).toEqual(["helpline/news"]);
  });

  it.each<{ readonly request: AdminRequest; readonly code: string; readonly says: RegExp }>([
    { request: { command: "org add", id: "Help Line", name: "H" }, code: "invalid", says: /lower-case/ },
    { request: { command: "org add", id: "h", name: " " }, code: "invalid", says: /1 to 60/ },
    { request: { command: "broadcast status", id: 7 }, code: "not-found", says: /no broadcast 7/ },
    {
      request: { command: "topic add", organisation: "gone", topic: "news", titles: { en: "News" } },
      code: "not-found",
      says: /parwana org add/,
    },
    {
      request: { command: "topic add", organisation: "gone", topic: "news", titles: { ps: "News" } },
      code: "invalid",
      says: /English/,
    },
    {
      request: { command: "broadcast send", dryRun: true, organisation: "a", topic: "b", texts: {} },
      code: "not-found",
      says: /parwana topic add/,
    },
  ])("answers a Problem with its code and words: $says", async ({ request, code, says }) => {
    expect(await ask(request)).toEqual({ ok: false, code, message: expect.stringMatching(says) });
  });

  it.each([
    { what: "no JSON", body: "{" },
    { what: "nothing", body: "" },
    { what: "no command", body: "{}" },
    { what: "an unknown command", body: '{"command":"delete everything"}' },
    { what: "a field too many", body: '{"command":"org list","all":true}' },
    { what: "a field of another kind", body: '{"command":"broadcast status","id":"1"}' },
    { what: "a list", body: "[]" },
    { what: "more than anyone needs", body: JSON.stringify({ command: "x".repeat(2 * 1024 * 1024) }) },
  ])("refuses $what in words", async ({ body }) => {
    expect(await post(body)).toEqual({ ok: false, code: "invalid", message: expect.any(String) });
    expect(await ask({ command: "org list" })).toMatchObject({ ok: true });
  });

  it("can be used by its owner only", () => {
    expect(statSync(controlPath(app.dataDir)).mode & 0o777).toBe(0o600);
  });

  it("takes the place of what a killed server left", async () => {
    await control.close();
    writeFileSync(controlPath(app.dataDir), "");
    control = await openControl(app.dataDir, app.parts);
    expect(await ask({ command: "org list" })).toMatchObject({ ok: true });
  });

  it("is gone after its end, also while someone holds it open without a word", async () => {
    const idle = connect(controlPath(app.dataDir));
    await new Promise((resolve) => idle.once("connect", resolve));
    const closed = new Promise((resolve) => idle.once("close", resolve));
    await control.close();
    await closed;
    expect(existsSync(controlPath(app.dataDir))).toBe(false);
  });

  it("refuses a folder whose name no socket can have, and says so", async () => {
    const problem = await openControl(`/tmp/${"x".repeat(120)}`, app.parts).catch((error: unknown) => error);
    expect(problem).toBeInstanceOf(Problem);
    expect(String(problem)).toMatch(/DATA_DIR is too long/);
  });
});
