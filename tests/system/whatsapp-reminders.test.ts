import { afterEach, describe, expect, it } from "vitest";
import type { SeenMessage } from "../stand-ins/twilio/people.ts";
import type { Person } from "../stand-ins/twilio/person.ts";
import { whatsappAnswer } from "./talk.ts";
import { approveTemplates, drained, openWorld, type World, type WorldOptions } from "./world.ts";

/** Two, in four languages. */
const templates = 8;

let world: World;
afterEach(() => world.close());

async function open(options: WorldOptions = {}): Promise<Person> {
  world = await openWorld({ whatsapp: true, startAt: Date.parse("2026-11-22T06:00:00Z"), ...options });
  return world.twilio.person("whatsapp:+93700000900");
}

const titles = ({ buttons, rows }: SeenMessage) => [...buttons, ...rows].map(({ title }) => title);
const bodies = (messages: readonly SeenMessage[]) =>
  messages.flatMap((message) => [message.body, ...titles(message)]).join("\n");
const says = (words: string) => (messages: readonly SeenMessage[]) => bodies(messages).includes(words);

/** Something is written, and answered with these words among others; gives all that came. */
async function say(person: Person, text: string, words: string): Promise<string> {
  return bodies(await whatsappAnswer(world.twilio, person, () => person.say(text), says(words)));
}

/** What stands before a label in the last numbered menu, or is the place of that button in the last list. */
function numberOf(person: Person, label: string): string {
  const last = person.messages().findLast(({ body, buttons, rows }) => {
    return buttons.length + rows.length > 0 || /^\d+\. /m.test(body);
  });
  const listed = new RegExp(`^(\\d+)\\. ${label}$`, "m").exec(last?.body ?? "")?.[1];
  return listed ?? String((last === undefined ? [] : titles(last)).indexOf(label) + 1);
}

/** Saves the date 3 June 2027, 180 days before which is 5 December, all by typed words and numbers. */
async function saveDate(person: Person): Promise<void> {
  await say(person, "hello", "English");
  const steps = [
    ["English", "What would you like to do?"],
    ["Dates, reminders", "You have no dates saved"],
    ["Yes", "The end of a paper"],
    ["The end of a paper", "parole ends"],
    ["I-94: parole ends", "Whose"],
  ] as const;
  for (const [label, words] of steps) {
    await drained(world.url);
    await say(person, numberOf(person, label), words);
  }
  await drained(world.url);
  await say(person, "me", "Kabul");
  await drained(world.url);
  await say(person, numberOf(person, "Kabul"), "date");
  await drained(world.url);
  await say(person, "3 June 2027", "13 Jawza 1406");
  await drained(world.url);
  await say(person, "yes", "Saved.");
  await drained(world.url);
}

describe("a reminder on WhatsApp", () => {
  it("that a template told of comes with the reply of the next day, and is true then", async () => {
    const person = await open();
    const { twilio, time, log } = world;
    const submitted = () => log.notes.filter(({ event }) => event === "whatsapp.template").length;
    await expect.poll(submitted, { timeout: 30_000 }).toBe(templates);
    await world.stop();
    await approveTemplates(twilio);
    await world.start();
    await saveDate(person);
    await say(person, "delete", "Delete everything?");
    await drained(world.url);
    time.to(Date.parse("2026-12-05T04:30:00Z"));
    const told = await twilio.waitFor(() => person.messages().find(({ template }) => template), "a template");
    expect(told.body).toContain("There is a message for you");
    await drained(world.url);
    time.to(Date.parse("2026-12-06T08:00:00Z"));
    const came = await say(person, "yes", "Delete everything?");
    expect(came.indexOf("It's 179 days away")).toBeGreaterThanOrEqual(0);
    expect(came.indexOf("It's 179 days away")).toBeLessThan(came.indexOf("Delete everything?"));
  });

  it("without records is answered by the numbers under it, and the open question is shown again", async () => {
    const person = await open({
      prepare: ({ faults }) =>
        faults.push({ method: "content.create", times: 10_000, do: { kind: "refuse", code: 20001 } }),
    });
    const { twilio, time } = world;
    await saveDate(person);
    time.to(Date.parse("2026-12-04T12:00:00Z"));
    await say(person, "delete", "Delete everything?");
    await drained(world.url);
    time.to(Date.parse("2026-12-05T04:30:00Z"));
    await twilio.waitFor(() => says("180 days away")(person.messages()), "the reminder");
    expect(bodies(person.messages())).toContain("2. Later");
    const answer = await say(person, "2", "Delete everything?");
    expect(answer).toContain("I'll write again on");
    await drained(world.url);
    expect(await say(person, "2", "nothing was deleted")).not.toContain("I'll write again");
  });
});
