import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { startBotApi } from "../stand-ins/bot-api.ts";
import { copyTree } from "./copy-tree.ts";
import { endAll, launchServer } from "./process.ts";
import { meet } from "./talk.ts";
import { botToken, makePlace, publicUrl, telegramAt } from "./world.ts";

afterEach(endAll);

/** Its second line looks like a place in a stack. */
const words = "zanbaq canary\n    at nargis canary:1:2";

/** Where a bug may be, which of the threads that is in, and how what a person wrote is called there. */
const deciding = {
  file: "src/core/conversation/advance.ts",
  before: "  const carried = carryOver(program, session);\n",
  text: 'input.kind === "text" && input.text',
};
const reading = {
  file: "src/channels/telegram/receive.ts",
  before: "    const json = parsed(request.body);\n",
  text: "request.body",
};

it.each([
  {
    what: "an error that is thrown where nobody catches it",
    at: deciding,
    bug: "setImmediate(() => { throw new RangeError(TEXT); });",
  },
  {
    what: "a promise that is rejected, and nobody cares",
    at: deciding,
    bug: "void Promise.reject(new RangeError(TEXT));",
  },
  { what: "what is no error at all", at: deciding, bug: "void Promise.reject(TEXT);" },
  {
    what: "an error in the thread that reads",
    at: reading,
    bug: "setImmediate(() => { throw new RangeError(TEXT); });",
  },
  {
    what: "a rejected promise in the thread that reads",
    at: reading,
    bug: "void Promise.reject(new RangeError(TEXT));",
  },
  { what: "no error at all in the thread that reads", at: reading, bug: "void Promise.reject(TEXT);" },
])(
  "the end of a process tells where it came from, and nothing that anybody wrote: $what",
  async ({ at: { file, before, text }, bug }) => {
    const place = await makePlace();
    const bot = await startBotApi({ token: botToken, publicUrl, deliverTo: place.url });
    const root = copyTree(join(place.dir, "tree"), [
      {
        file,
        from: before,
        to: `  if (String(${text}).includes("canary")) ${bug.replace("TEXT", `String(${text})`)}\n${before}`,
      },
    ]);
    try {
      const environment = {
        ...place.environment,
        ...telegramAt(bot),
        PUBLIC_URL: publicUrl,
        LOG_LEVEL: "debug",
      };
      const server = await launchServer({ environment, root });
      const person = bot.person(4_480_101, { languageCode: "en" });
      await meet(bot, person);
      person.say(words);
      expect((await server.ended).code).toBe(1);
      expect(server.stderr()).toMatch(/^Parwana ended because of an error of its own \(\w+\)\.$/m);
      if (bug.includes("RangeError")) {
        expect(server.stderr()).toContain("(RangeError)");
        expect(server.stderr()).toMatch(new RegExp(`^ +at .*${file}:\\d+:\\d+\\)?$`, "m"));
      }
      expect(server.stdout() + server.stderr()).not.toContain("canary");
    } finally {
      await endAll();
      await bot.close();
      place.remove();
    }
  },
);
