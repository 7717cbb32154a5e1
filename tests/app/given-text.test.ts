import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addOrganisation, addTopic } from "../../src/app/desk.ts";
import { preflight } from "../../src/app/send-broadcast.ts";
import { type App, openApp, stillTime } from "./app-world.ts";

let app: App;
beforeEach(async () => {
  stillTime();
  app = await openApp();
  await addOrganisation(app.parts, "helpline", "Helpline");
});
afterEach(() => app.end());

/** As they were given, and as people see them. */
const names = [
  { what: "turned by bidi controls", given: "\u202eenilpleH\u2066", kept: "enilpleH" },
  { what: "of several lines", given: " Aid\r\nfor\u2028all\t", kept: "Aid for all" },
  { what: "with control characters", given: "Aid\u0000\u001b[2J\u0085now", kept: "Aid [2J now" },
  { what: "of parts that are one letter", given: "Ayuda\u0301", kept: "Ayudá" },
  { what: "with a joiner that Persian needs", given: "می\u200cخواهم", kept: "می\u200cخواهم" },
];
const invisible = ["", " ", "\u200b", "\u200e\u2069", "\u0000", "\u200c \u00ad"];

describe("an organisation's name", () => {
  it.each(names)("$what is kept as one plain line", async ({ given, kept }) => {
    await addOrganisation(app.parts, "another", given);
    expect(await app.parts.store.desk.organisations()).toContainEqual({ id: "another", name: kept });
  });

  it.each(invisible)("that nobody could see is refused: %j", async (name) => {
    await expect(addOrganisation(app.parts, "another", name)).rejects.toMatchObject({ code: "invalid" });
  });
});

describe("a topic's title", () => {
  it.each(names)("$what is kept as one plain line", async ({ given, kept }) => {
    await addTopic(app.parts, "helpline", "news", { en: given });
    expect((await app.parts.store.desk.topics())[0]?.titles).toEqual({ en: kept });
    expect(app.parts.content.current.program.topics[0]?.titles).toEqual({ en: kept });
  });

  it.each(invisible)("that nobody could see is refused: %j", async (title) => {
    await expect(addTopic(app.parts, "helpline", "news", { en: title })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  it.each([
    { what: "in English", titles: { en: "Parole  NEWS" } },
    { what: "in another language", titles: { en: "Other", es: "Noticias" } },
    { what: "in place of one that is missing", titles: { en: "Other", ps: "parole news" } },
  ])("that another topic has already is refused: $what", async ({ titles }) => {
    await addTopic(app.parts, "helpline", "news", { en: "Parole news", es: "Noticias" });
    const again = addTopic(app.parts, "helpline", "second", titles);
    await expect(again).rejects.toMatchObject({
      code: "exists",
      message: expect.stringContaining("`helpline/news`"),
    });
    expect(await app.parts.store.desk.topics()).toHaveLength(1);
    await addTopic(app.parts, "helpline", "second", { en: "Office news", es: "Oficina" });
  });

  it.each(["__proto__", "constructor", "toString"])(
    "in a language called %s is refused",
    async (language) => {
      const titles = Object.fromEntries([
        ["en", "News"],
        [language, "News"],
      ]);
      await expect(addTopic(app.parts, "helpline", "news", titles)).rejects.toThrow(/none of the languages/);
    },
  );
});

it.each(invisible)("a broadcast that nobody could see is refused: %j", async (text) => {
  await addTopic(app.parts, "helpline", "news", { en: "News" });
  const order = { organisation: "helpline", topic: "news", texts: { en: text } };
  await expect(preflight(app.parts, order)).rejects.toThrow(/is empty/);
});
