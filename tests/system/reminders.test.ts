import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { day, hour, minute, second } from "../../src/core/nouns/time.ts";
import type { Person } from "../stand-ins/telegram/person.ts";
import { answerTo, labelsOf, meet, say, tap } from "./talk.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let nextChat = 4_450_000;

beforeEach(async () => {
  world = await openWorld({ startAt: Date.parse("2026-11-22T06:00:00Z") });
});
afterEach(() => world.close());

/** Someone who has saved the date 3 June 2027, 180 days before which is 5 December 2026. */
async function withReminder(place: string, label = "me"): Promise<Person> {
  const { bot } = world;
  const person = bot.person(++nextChat, { languageCode: "en" });
  await meet(bot, person);
  for (const choice of ["Dates, reminders", "Yes", "The end of a paper", "I-94: parole ends"])
    await tap(bot, person, choice);
  await say(bot, person, label);
  await tap(bot, person, place);
  expect((await say(bot, person, "3 June 2027")).text).toContain("13 Jawza 1406");
  expect((await tap(bot, person, "Yes")).text).toContain("Saved.");
  return person;
}

const nudges = (person: Person) =>
  world.bot.ledger
    .of("sendMessage", person.chatId)
    .filter(({ payload }) => String(payload["text"]).includes("You have a date"));

const nudge = (person: Person, count: number) =>
  world.bot.waitFor(() => nudges(person)[count - 1], `reminder ${count} of ${person.chatId}`);

const counted = async (event: string) =>
  (await world.metrics()).includes(`parwana_events_total{event="${event}"}`);

describe("a reminder", () => {
  it("comes at nine in the morning where the person is, in neutral words, and once", async () => {
    const { time } = world;
    const kabul = await withReminder("Kabul");
    const newYork = await withReminder("New York");
    time.to(Date.parse("2026-12-05T04:30:00Z") - 200);
    expect((await nudge(kabul, 1)).at).toBeGreaterThanOrEqual(Date.parse("2026-12-05T04:30:00Z"));
    expect(nudges(newYork)).toEqual([]);
    time.to(Date.parse("2026-12-05T14:00:00Z") - 200);
    const shown = await nudge(newYork, 1);
    expect(shown.at).toBeGreaterThanOrEqual(Date.parse("2026-12-05T14:00:00Z"));
    expect(String(shown.payload["text"])).toContain("It's 180 days away");
    expect(nudges(kabul)).toHaveLength(1);
    // 60 days before is in summer time: nine o'clock is an hour earlier by UTC.
    time.to(Date.parse("2027-04-04T13:00:00Z") - 200);
    await world.bot.waitFor(
      () => nudges(newYork).some(({ at }) => at >= Date.parse("2027-04-04T13:00:00Z")),
      "the reminder in summer time",
    );
    expect(String(nudges(newYork).at(-1)?.payload["text"])).toContain("It's 60 days away");
    // Those of January, February and March were missed together: none of them comes late.
    expect(nudges(newYork)).toHaveLength(2);
  });

  it("that fell due while the server was off, and now at night, waits for the morning", async () => {
    const { time, bot } = world;
    const person = await withReminder("Kabul");
    await world.stop();
    time.to(Date.parse("2026-12-05T18:00:00Z"));
    await world.start();
    await expect.poll(() => counted("nudge-postponed quiet-hours"), { timeout: 10_000 }).toBe(true);
    expect(nudges(person)).toEqual([]);
    time.to(Date.parse("2026-12-06T04:30:00Z") - 200);
    const { at } = await nudge(person, 1);
    expect(at).toBeGreaterThanOrEqual(Date.parse("2026-12-06T04:30:00Z"));
    expect(labelsOf(person.messages().at(-1) ?? (await say(bot, person, "menu")))).toEqual([
      "Done",
      "Later",
      "Change the date",
      "Stop this reminder",
      "What is it?",
    ]);
  });

  it("is put off, and ended, by its own buttons", async () => {
    const { time, bot } = world;
    const later = await withReminder("Kabul");
    const ended = await withReminder("Kabul");
    time.to(Date.parse("2026-12-05T04:30:00Z"));
    await Promise.all([nudge(later, 1), nudge(ended, 1)]);
    await tap(bot, ended, "Stop this reminder");
    expect((await tap(bot, later, "Later")).text).toContain("8 December 2026");
    time.forward(3 * day);
    expect((await nudge(later, 2)).at).toBeGreaterThanOrEqual(Date.parse("2026-12-08T04:30:00Z"));
    time.forward(100 * day);
    await nudge(later, 3);
    expect(nudges(ended)).toHaveLength(1);
  });
});

describe("two reminders of one morning", () => {
  it("each keep their buttons, beside a question that waits, until one of their own is tapped", async () => {
    const { time, bot } = world;
    const person = await withReminder("Kabul");
    await tap(bot, person, "Dates, reminders");
    for (const choice of ["Add a date", "The end of a paper", "I-94: parole ends"])
      await tap(bot, person, choice);
    await say(bot, person, "my son");
    expect((await say(bot, person, "3 June 2027")).text).toContain("13 Jawza 1406");
    expect((await tap(bot, person, "Yes")).text).toContain("Saved.");
    const question = await tap(bot, person, "Ways to explore");
    time.to(Date.parse("2026-12-05T04:30:00Z"));
    await nudge(person, 2);
    const [first, second] = person.messages().slice(-2);
    const withButtons = () =>
      person
        .messages()
        .filter(({ keyboard }) => keyboard.length > 0)
        .map(({ id }) => id);
    expect(withButtons()).toEqual([question.id, first?.id, second?.id]);
    const later = await answerTo(bot, person, () => person.tap(first?.id ?? 0, "Later"));
    expect(later.text).toContain("8 December 2026");
    await bot.waitFor(() => withButtons().length === 2, "what was answered to lose its buttons");
    expect(withButtons()).toEqual([second?.id, later.id]);
    await answerTo(bot, person, () => person.tap(second?.id ?? 0, "Done"));
    await bot.waitFor(() => withButtons().length === 1, "what was answered to lose its buttons");
  });
});

describe("stop", () => {
  it("takes back a reminder that is already on its way: only the confirmation leaves", async () => {
    const { time, bot } = world;
    const stops = await withReminder("Kabul");
    const keeps = await withReminder("Kabul");
    // The reminder has to wait a second at the platform's door.
    bot.faults.push({
      method: "sendMessage",
      chat: stops.chatId,
      times: 1,
      do: { kind: "429", retryAfter: 1 },
    });
    time.to(Date.parse("2026-12-05T04:30:00Z"));
    await bot.waitFor(() => bot.faults.left() === 0, "the reminder to be refused");
    const confirmed = await say(bot, stops, "stop");
    expect(confirmed.text).toContain("You won't get any more messages from me");
    time.to(Date.parse("2027-01-04T04:30:00Z"));
    await nudge(keeps, 2);
    expect(nudges(stops)).toEqual([]);
    expect(stops.messages().at(-1)?.text).toBe(confirmed.text);
    // Whoever writes again is answered, and reminded of nothing.
    expect((await say(bot, stops, "menu")).text).toContain("What would you like to do?");
    time.forward(30 * day + hour + minute + second);
    await nudge(keeps, 3);
    expect(nudges(stops)).toEqual([]);
  });
});
