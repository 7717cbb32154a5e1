import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { minute } from "../../src/core/nouns/time.ts";
import { startBotApi } from "../stand-ins/bot-api.ts";
import { copyTree } from "./copy-tree.ts";
import { endAll, launchServer } from "./process.ts";
import { meet, say } from "./talk.ts";
import { ask, botToken, drained, makePlace, telegramAt } from "./world.ts";

const poison = "words that no handler can bear";

/** The clock of this server goes forward by what its parent says. */
const drive = `
import { configFrom } from "./src/wiring/installation.ts";
import { startServer } from "./src/wiring/server.ts";
let ahead = 0;
process.on("message", (ms) => { ahead += ms; });
await startServer(configFrom(process.env), undefined, { now: () => Date.now() + ahead });
`;

afterEach(endAll);

describe("an input whose handling always fails", () => {
  it("is tried five times and set aside, counted and listed, while everybody else is answered", async () => {
    const place = await makePlace();
    const bot = await startBotApi({ token: botToken });
    const root = copyTree(join(place.dir, "tree"), [
      {
        file: "src/core/conversation/advance.ts",
        from: "  const carried = carryOver(program, session);\n",
        to: `  if (input.kind === "text" && input.text === "${poison}") throw new Error(input.text);\n  const carried = carryOver(program, session);\n`,
      },
    ]);
    writeFileSync(join(root, "drive.ts"), drive);
    try {
      const environment = { ...place.environment, ...telegramAt(bot), LOG_LEVEL: "debug" };
      const program = [process.execPath, "drive.ts"] as const;
      const server = await launchServer({ environment, root, program, talks: true });
      const metrics = async () => (await fetch(`${place.url}/metrics`)).text();
      const listed = () => ask(place.dataDir, { command: "inbox list" });
      const unlucky = bot.person(4_480_001, { languageCode: "en" });
      const other = bot.person(4_480_002, { languageCode: "en" });
      await Promise.all([meet(bot, unlucky), meet(bot, other)]);
      unlucky.say(poison);
      await say(bot, other, "help");
      expect(await listed()).toEqual([]);
      // The pauses between the tries: one second, five, thirty, and two minutes.
      for (let tried = 1; tried < 5; tried += 1) {
        await expect.poll(() => server.stderr(), { timeout: 10_000 }).toContain(`"attempts":${tried}`);
        server.child.send(2 * minute);
      }
      await expect
        .poll(listed, { timeout: 10_000 })
        .toEqual([expect.objectContaining({ channel: "telegram", attempts: 5 })]);
      expect(await metrics()).toContain("parwana_inbox_set_aside 1\n");
      expect(await metrics()).toMatch(/parwana_events_total\{event="set-aside"\} 1\n/);
      // What failed held back neither others nor what the same person wrote afterwards.
      expect((await say(bot, unlucky, "help")).text).toContain("How this works");
      expect((await say(bot, other, "menu")).text).toContain("What would you like to do?");
      await drained(place.url);
      expect(server.stderr()).not.toContain(poison);
      expect(JSON.stringify(await listed())).not.toContain(poison);
    } finally {
      await endAll();
      await bot.close();
      place.remove();
    }
  });
});
