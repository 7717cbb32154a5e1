import { Api } from "grammy";
import { expect, it } from "vitest";
import { startBotApiProcess } from "./bot-api-process.ts";

it("runs a stand-in in a process of its own and reports what it accepted", async () => {
  await using api = await startBotApiProcess({ strict: false });
  const grammy = new Api(api.token, { apiRoot: api.url });
  const before = performance.timeOrigin + performance.now();
  const waiting = api.waitForAccepted(3);
  await Promise.all([1, 2, 3].map((chat) => grammy.sendMessage(chat, `to ${chat}`)));
  await waiting;
  await api.say([7, 8], "hello");
  expect(await api.counts()).toMatchObject({ accepted: 3, pending: 2 });
  const calls = await api.ledger();
  expect(calls.map(({ chat, text, copies }) => [chat, text, copies]).sort()).toEqual([
    [1, "to 1", 1],
    [2, "to 2", 1],
    [3, "to 3", 1],
  ]);
  expect(calls.every(({ at }) => at >= before - 1)).toBe(true);
  await api.fault({ method: "sendMessage", times: 1, do: { kind: "429", retryAfter: 1 } });
  await expect(grammy.sendMessage(1, "x")).rejects.toMatchObject({ error_code: 429 });
  await api.block(7);
  await expect(grammy.sendMessage(7, "x")).rejects.toMatchObject({ error_code: 403 });
  await expect(api.tap(7, "nothing")).rejects.toThrow("no button");
});
