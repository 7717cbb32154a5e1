import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { startBotApi } from "../stand-ins/bot-api.ts";
import { copyTree, type Patch, patch } from "./copy-tree.ts";
import { endAll, launchServer, type Running } from "./process.ts";
import { meet, say, tap } from "./talk.ts";
import { ask, botToken, makePlace, telegramAt } from "./world.ts";

vi.setConfig({ testTimeout: 400_000 });
afterEach(endAll);

const languages = ["en", "es", "fa-AF", "ps"];

/** The question of the flow `delete` under another name, with its words. */
function renaming(from: string, to: string, before: string, after: string): readonly Patch[] {
  const steps = (name: string) => `nav: [menu]\nsteps:\n  ${name}:\n`;
  return [
    {
      file: "flows/delete.yaml",
      from: `start: ${from}\n${before}${steps(from)}`,
      to: `start: ${to}\n${after}${steps(to)}`,
    },
    ...languages.map((language) => ({
      file: `locales/${language}/delete.json`,
      from: `"${from}": {`,
      to: `"${to}": {`,
    })),
  ];
}

const question = "Shall I?";
const renamed = "renamed: { steps: { sure: really } }\n";
const broken: Patch = { file: "flows/help.yaml", from: "start: help", to: "start: [help" };

/** Resolves when the log has so many lines of this event; says what it has instead when they don't come. */
async function noted(server: Running, event: string, times = 1): Promise<void> {
  const isThere = () => server.stderr().split(`"msg":"${event}`).length > times;
  await vi.waitUntil(isThere, { timeout: 120_000, interval: 50 }).catch(() => {
    throw new Error(`"${event}" is not there: ${server.stderr()}`);
  });
}

describe("changed files, while people are in the middle of a conversation", () => {
  it("are used when they are fit, and are refused when they are not; nobody is lost", async () => {
    const place = await makePlace();
    const root = copyTree(join(place.dir, "tree"));
    const bot = await startBotApi({ token: botToken });
    const environment = { ...place.environment, ...telegramAt(bot), LOG_LEVEL: "info" };
    const readiness = async () => (await fetch(`${place.url}/readyz`)).json();
    const published = "content published";
    const refused = "content refused: the one before stays in use";
    try {
      const server = await launchServer({ environment, root });
      const person = bot.person(5_120_001, { languageCode: "en" });
      await meet(bot, person);
      expect((await say(bot, person, "delete")).text).toContain(question);

      // Another text: the next answer uses it.
      patch(root, [{ file: "locales/en/delete.json", from: question, to: "Are you certain?" }]);
      await noted(server, published);
      expect((await say(bot, person, "continue")).text).toContain("Are you certain?");

      // A file that can't be read: told with its line, and what was in use stays.
      const mend = patch(root, [broken]);
      await noted(server, refused);
      expect(server.stderr()).toMatch(/"issue":"flows\/help\.yaml:\d+: /);
      expect(await readiness()).toEqual({ ok: true, content: "refused" });
      expect(await (await fetch(`${place.url}/metrics`)).text()).toContain("parwana_content_refused 1");
      expect((await say(bot, person, "continue")).text).toContain("Are you certain?");
      mend();

      // The question is no more, and nobody has said where people go on: refused, with the place.
      const undo = patch(root, renaming("sure", "really", "", ""));
      await noted(server, refused, 2);
      expect(server.stderr()).toMatch(/"place":"delete:sure","people":1,"goesTo":"delete:really"/);
      expect(await ask(place.dataDir, { command: "content compare", root })).toMatchObject({
        kind: "refused",
        waiting: [{ place: "delete:sure", people: 1, becomes: "gone", goesTo: "delete:really" }],
      });
      undo();

      // The question has another name, and the file says so: the keyboard that stands in the chat goes on working.
      patch(root, renaming("sure", "really", "", renamed));
      await noted(server, published, 2);
      expect(await readiness()).toEqual({ ok: true });
      expect((await tap(bot, person, "No")).text).toContain("nothing was deleted");

      // While the server is stopped nobody can refuse: who waits is told, and goes on at the nearest place.
      await say(bot, person, "delete");
      expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
      patch(root, renaming("really", "truly", renamed, ""));
      const again = await launchServer({ environment, root });
      await noted(again, "people wait at a place that is no more");
      const told = await tap(bot, person, "Yes");
      expect(told.text).toContain("questions have changed");
      expect(told.text).toContain("Are you certain?");
      expect((await tap(bot, person, "No")).text).toContain("nothing was deleted");
      expect(await again.end("SIGTERM")).toEqual({ code: 0, signal: null });
    } finally {
      await endAll();
      await bot.close();
      place.remove();
    }
  });
});
