import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { startBotApi } from "../stand-ins/bot-api.ts";
import { copyTree } from "./copy-tree.ts";
import { endAll, launchServer } from "./process.ts";
import { meet } from "./talk.ts";
import { botToken, makePlace, telegramAt } from "./world.ts";

afterEach(endAll);

/** Its second line looks like a place in a stack. */
const words = "zanbaq canary\n    at nargis canary:1:2";

it.each([
  {
    what: "an error that is thrown where nobody catches it",
    bug: "setImmediate(() => { throw new RangeError(input.text); });",
  },
  {
    what: "a promise that is rejected, and nobody cares",
    bug: "void Promise.reject(new RangeError(input.text));",
  },
  { what: "what is no error at all", bug: "void Promise.reject(input.text);" },
])(
  "the end of a process tells where it came from, and nothing that anybody wrote: $what",
  async ({ bug }) => {
    const place = await makePlace();
    const bot = await startBotApi({ token: botToken });
    const root = copyTree(join(place.dir, "tree"), [
      {
        file: "src/core/conversation/advance.ts",
        from: "  const carried = carryOver(program, session);\n",
        to: `  if (input.kind === "text" && input.text.includes("canary")) ${bug}\n  const carried = carryOver(program, session);\n`,
      },
    ]);
    try {
      const environment = { ...place.environment, ...telegramAt(bot), LOG_LEVEL: "debug" };
      const server = await launchServer({ environment, root });
      const person = bot.person(4_480_101, { languageCode: "en" });
      await meet(bot, person);
      person.say(words);
      expect((await server.ended).code).toBe(1);
      expect(server.stderr()).toMatch(/^Parwana ended because of an error of its own \(\w+\)\.$/m);
      if (bug.includes("RangeError")) expect(server.stderr()).toMatch(/^ +at .*advance\.ts:\d+:\d+\)?$/m);
      expect(server.stdout() + server.stderr()).not.toContain("canary");
    } finally {
      await endAll();
      await bot.close();
      place.remove();
    }
  },
);
