import { afterEach, expect, it, vi } from "vitest";
import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import { endAll, launchServer } from "../system/process.ts";
import { answerTo, say } from "../system/talk.ts";
import { botToken, drained, makePlace, type Place, telegramAt } from "../system/world.ts";
import { noMorePages, toldTree } from "./faults.ts";
import { holdWriteLock } from "./holder.ts";

vi.setConfig({ testTimeout: 120_000 });

let place: Place;
let bot: BotApi;
afterEach(async () => {
  await endAll();
  await bot.close();
  place.remove();
});

it("polling confirms nothing that is not written, and goes on by itself when it can be", async () => {
  place = await makePlace();
  bot = await startBotApi({ token: botToken });
  const root = toldTree(place.dir);
  const environment = { ...place.environment, ...telegramAt(bot), LOG_LEVEL: "info" };
  const server = await launchServer({ environment, root, talks: true });
  const people = Array.from({ length: 30 }, (_, index) =>
    bot.person(4_490_000 + index, { languageCode: "en" }),
  );
  const [first] = people;
  if (first === undefined) throw new Error("nobody is there");
  await say(bot, first, "please menu");

  server.child.send(noMorePages.begin);
  for (const person of people.slice(1)) person.say("please menu");
  await vi.waitFor(() => expect(server.stderr()).toContain('"trouble":"disk-full"'), 10_000);
  // What was not written stays with Telegram, also while it is fetched again and again.
  await vi.waitFor(
    () => expect(server.stderr().match(/telegram.poll-failed/g)?.length).toBeGreaterThan(1),
    20_000,
  );
  expect(bot.pending().length).toBeGreaterThan(0);
  server.child.send(noMorePages.end);
  await vi.waitFor(() => expect(bot.pending()).toEqual([]), 10_000);

  const letGo = await holdWriteLock(place.dataDir);
  const answer = answerTo(bot, first, () => first.say("please language"));
  await vi.waitFor(() => expect(server.stderr()).toContain('"trouble":"locked"'), 10_000);
  expect(bot.pending()).toHaveLength(1);
  await letGo();
  expect((await answer).text).toContain("Language?");
  await drained(place.url);
  // Each was answered once.
  for (const { chatId } of people.slice(1)) expect(bot.ledger.of("sendMessage", chatId)).toHaveLength(1);
  expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
});
