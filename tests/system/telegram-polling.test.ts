import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { answerTo, labelsOf, meet, say, tap } from "./talk.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let nextChat = 4_410_000;
const newcomer = (languageCode = "en") => world.bot.person(++nextChat, { languageCode });

const buttonsOn = (person: ReturnType<typeof newcomer>, message: number) =>
  person.messages().find(({ id }) => id === message)?.keyboard.length;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe("a person on Telegram", () => {
  it("starts, chooses a language, and comes through a screening to its result", async () => {
    const { bot } = world;
    const person = newcomer();
    expect(labelsOf(await say(bot, person, "/start"))).toEqual(["English", "دری", "پښتو", "Español"]);
    const menu = await tap(bot, person, "English");
    expect(menu.text).toContain("What would you like to do?");
    let shown = await tap(bot, person, "Ways to explore");
    for (const label of ["No, nobody", "No", "No", "No", "No such letter", "In another country"]) {
      expect(labelsOf(shown)).toContain(label);
      shown = await tap(bot, person, label);
    }
    for (let asked = 0; labelsOf(shown).includes("I don't know"); asked += 1) {
      expect(asked).toBeLessThan(20);
      shown = await tap(bot, person, "Yes");
    }
    const said = person
      .messages()
      .slice(-3)
      .map(({ text }) => text)
      .join("\n");
    expect(said).toContain("May be worth asking about");
    expect(said).not.toMatch(/you qualify/i);
  });

  it.each([
    ["دری", /چ/],
    ["پښتو", /ه/],
    ["Español", /¿/],
  ])("is answered in the language chosen: %s", async (label, letters) => {
    const person = newcomer();
    await say(world.bot, person, "/start");
    expect((await tap(world.bot, person, label)).text).toMatch(letters);
  });

  it("sees no buttons on a question that was answered", async () => {
    const { bot } = world;
    const person = newcomer();
    const question = await say(bot, person, "/start");
    await tap(bot, person, "English");
    await bot.waitFor(
      () => person.messages().find(({ id }) => id === question.id)?.keyboard.length === 0,
      "the keyboard to go",
    );
    expect(person.messages().filter(({ keyboard }) => keyboard.length > 0)).toHaveLength(1);
  });

  it("is told kindly that a button is of an earlier question, and sees the open one", async () => {
    const { bot } = world;
    const person = newcomer();
    const question = await say(bot, person, "/start");
    const stale = question.keyboard[0]?.[0]?.data ?? "";
    await tap(bot, person, "English");
    await tap(bot, person, "Ways to explore");
    const answer = await answerTo(bot, person, () => person.tap(question.id, stale, { forge: true }));
    expect(answer.text).toContain("belongs to an earlier question");
    expect(answer.text).toContain("Is anyone in danger right now?");
    const gone = await answerTo(bot, person, () =>
      person.tap(question.id, "a:nonsense:yes", { forge: true, inaccessible: true }),
    );
    expect(gone.text).toContain("belongs to an earlier question");
  });

  it("has every tap answered, so that no button keeps spinning", async () => {
    const { bot } = world;
    const person = newcomer();
    await meet(bot, person);
    const first = person.tap("latest", "Ways to explore");
    const stale = person.tap("latest", "no such button", { forge: true });
    await bot.waitFor(
      () => person.notice(first) !== undefined && person.notice(stale) !== undefined,
      "both taps to be answered",
    );
  });

  it("gets the card of a red flag before anything else, and can go on", async () => {
    const { bot } = world;
    const person = newcomer();
    await meet(bot, person);
    await tap(bot, person, "Ways to explore");
    const card = await say(bot, person, "ICE took my husband this morning");
    expect(card.text).toContain("locator.ice.gov");
    expect((await tap(bot, person, "Go on")).text).toContain("Is anyone in danger right now?");
  });

  it("asks a question in the middle of a screening, and is brought back to it", async () => {
    const { bot } = world;
    const person = newcomer();
    await meet(bot, person);
    await tap(bot, person, "Ways to explore");
    const first = person.messages().at(-1)?.id ?? 0;
    const answer = await say(bot, person, "What is humanitarian parole?");
    expect(labelsOf(answer)).toContain("Where from?");
    await bot.waitFor(
      () => person.messages().at(-1)?.text.includes("Is anyone in danger right now?"),
      "the question to come again",
    );
    await bot.waitFor(() => buttonsOn(person, first) === 0, "the buttons of its first copy to go");
    // Those of the answer are nobody's but its own.
    const sources = await answerTo(bot, person, () => person.tap(answer.id, "Where from?"));
    expect(sources.text).toContain("uscis.gov");
    await bot.waitFor(
      () => person.messages().at(-1)?.text.includes("Is anyone in danger right now?"),
      "the question to come once more",
    );
    await tap(bot, person, "No, nobody");
    expect(buttonsOn(person, answer.id)).toBeGreaterThan(0);
  });

  it("is told that pictures are not read, and nothing is fetched", async () => {
    const { bot } = world;
    const person = newcomer();
    await meet(bot, person);
    const photo = { photo: [{ file_id: "f", file_unique_id: "u", width: 1, height: 1 }] };
    const answer = await answerTo(bot, person, () => person.sendOther(photo));
    expect(answer.text).toContain("I can't open pictures");
  });
});

describe("what the bot tells Telegram", () => {
  it("registers commands and descriptions for every language, and for everybody else", async () => {
    const { bot } = world;
    await bot.waitFor(() => bot.profile("setMyShortDescription", "es"), "the last description");
    for (const language of ["", "en", "fa", "ps", "es"]) {
      expect(bot.profile("setMyCommands", language)?.["commands"]).toHaveLength(10);
      expect(String(bot.profile("setMyDescription", language)?.["description"])).not.toBe("");
      expect(String(bot.profile("setMyShortDescription", language)?.["short_description"])).not.toBe("");
    }
    const descriptions = ["en", "fa", "ps", "es"].map((language) =>
      bot.profile("setMyDescription", language),
    );
    expect(new Set(descriptions.map((one) => one?.["description"])).size).toBe(4);
  });

  it("has link previews off in every message", () => {
    const sent = world.bot.ledger.of("sendMessage");
    expect(sent.length).toBeGreaterThan(20);
    for (const { payload } of sent) {
      expect(payload["link_preview_options"]).toEqual({ is_disabled: true });
    }
  });
});

describe("what an organisation writes", () => {
  it("arrives to the letter, whatever HTML would make of it", async () => {
    const { bot, ask } = world;
    const name = 'Aid <b>&amp;</b> "Hope"';
    const text = "1 < 2 && <script>alert('x')</script> &lt;i&gt; <a href=\"https://x.example\">tap</a>";
    await ask({ command: "org add", id: "marks", name });
    await ask({ command: "topic add", organisation: "marks", topic: "news", titles: { en: "A<b>c & d" } });
    const person = newcomer();
    await meet(bot, person);
    const topics = await tap(bot, person, "News I asked for");
    expect(labelsOf(topics)).toContain("A<b>c & d");
    await tap(bot, person, "A<b>c & d");
    const news = await answerTo(bot, person, () =>
      ask({
        command: "broadcast send",
        organisation: "marks",
        topic: "news",
        texts: { en: text },
        dryRun: false,
      }),
    );
    expect(news.text).toContain(`Message from ${name}`);
    expect(news.text).toContain(text);
    expect(news.entities.map(({ type }) => type)).toEqual(["bold"]);
  });
});
