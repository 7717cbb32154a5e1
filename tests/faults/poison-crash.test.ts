import { afterEach, expect, it, vi } from "vitest";
import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import { patch } from "../system/copy-tree.ts";
import { endAll, launch, launchServer, type Running } from "../system/process.ts";
import { say } from "../system/talk.ts";
import { ask, botToken, drained, makePlace, type Place, telegramAt } from "../system/world.ts";
import { smallTree } from "./small-tree.ts";

vi.setConfig({ testTimeout: 180_000 });

const poison = "words that no process survives";
const deadly = {
  file: "src/core/conversation/advance.ts",
  from: "  const carried = carryOver(program, session);\n",
  to: `  if (input.kind === "text" && input.text === "${poison}") process.kill(process.pid, "SIGKILL");\n  const carried = carryOver(program, session);\n`,
};

let place: Place;
let bot: BotApi;
afterEach(async () => {
  await endAll();
  await bot.close();
  place.remove();
});

it("an input that ends the process is set aside after five counted tries, and replayed when that is mended", async () => {
  place = await makePlace();
  bot = await startBotApi({ token: botToken });
  const root = smallTree(place.dir);
  const mend = patch(root, [deadly]);
  const environment = { ...place.environment, ...telegramAt(bot) };
  const start = () => launchServer({ environment, root });
  const [unlucky, other] = [bot.person(4_491_001), bot.person(4_491_002)];

  const listed = () => ask(place.dataDir, { command: "inbox list" }).catch(() => []);

  /** Starts the server anew as often as it is ended, as a host's supervisor does; gives the last, and how many it took. */
  const untilItLives = async (first: Running) => {
    let server = first;
    for (let ends = 0; ; ends += 1) {
      let over = false;
      const ended = server.ended.finally(() => (over = true));
      await vi.waitUntil(async () => over || JSON.stringify(await listed()) !== "[]", 30_000);
      if (!over) return { server, ends };
      expect((await ended).signal).toBe("SIGKILL");
      server = launch({ environment, root });
    }
  };

  const first = await start();
  await say(bot, unlucky, "please menu");
  await say(bot, other, "please menu");
  unlucky.say(poison);
  other.say("please language");
  const { server, ends } = await untilItLives(first);
  // The first time nobody was on guard; from then on each try was written before it was made.
  expect(ends).toBe(6);
  expect(await listed()).toEqual([
    expect.objectContaining({ channel: "telegram", attempts: 5, reason: "it ended the process" }),
  ]);
  // Whoever else wrote was answered, and so is what the same person writes next.
  await bot.waitFor(() => other.messages().at(-1)?.text.includes("Language?"), "the answer to somebody else");
  expect((await say(bot, unlucky, "please language")).text).toContain("Language?");
  await say(bot, unlucky, "please menu");
  await drained(place.url);
  expect(bot.pending()).toEqual([]);

  await server.end("SIGTERM");
  mend();
  await start();
  const parwana = async (...args: readonly string[]) => {
    const command = launch({ environment, root, program: [process.execPath, "src/cli/parwana.ts", ...args] });
    return { ...(await command.ended), stdout: command.stdout(), stderr: command.stderr() };
  };
  expect(await parwana("inbox", "replay", "17")).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringMatching(/^no input 17 is set aside: [^\n]*\n$/),
  });
  // They are at a question again that these words were not meant for.
  expect(await parwana("inbox", "replay", "--all")).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/telegram +left\n$/),
    stderr: expect.stringMatching(/^1 left[^\n]*--late[^\n]*\n$/),
  });
  const before = unlucky.messages().length;
  expect(await parwana("inbox", "replay", "--all", "--late")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^id +channel +result\n\d+ +telegram +handled\n$/),
    stderr: "",
  });
  await bot.waitFor(() => unlucky.messages().length > before, "the answer to what was replayed");
  expect(await parwana("inbox", "replay", "--all")).toMatchObject({
    code: 0,
    stdout: "",
    stderr: "There are none.\n",
  });
  expect(await parwana("inbox", "replay")).toMatchObject({ code: 2, stdout: "" });
});
