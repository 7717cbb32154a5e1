import { describe, expect, it, test } from "vitest";
import { newSession } from "../../../src/core/conversation/session.ts";
import { shippedContent } from "../shipped.ts";
import { Talk } from "../talk.ts";

const { program } = shippedContent();
const now = 1_800_000_000_000;
const languageQuestion = "onboarding:language.text";

/** Somebody of whom nothing is known but what their phone is set to. */
const stranger = (phone: string) => new Talk(program, now, newSession(phone, program.hash));

/** How people write the names of languages: in the language itself, in English and the others, in Latin letters. */
const names: readonly (readonly [language: string, names: readonly string[]])[] = [
  [
    "en",
    [
      ...["english", "English", "ENGLISH!", "in English please", "English, please", "inglish", "angrezi"],
      ...[
        "Inglés",
        "ingles",
        "en inglés",
        "انگلیسی",
        "انگلیسی لطفا",
        "به انگلیسی",
        "انګلیسي",
        "انګرېزي",
        "په انګلیسي",
      ],
    ],
  ],
  [
    "fa-AF",
    [
      ...[
        "دری",
        "دري",
        "«دری»",
        "دری لطفاً",
        "به دری",
        "زبان دری",
        "فارسی",
        "فارسي",
        "فارسی دری",
        "پارسی",
        "په دري",
      ],
      ...[
        "dari",
        "Dari.",
        "DARI",
        "dari please",
        "in dari",
        "farsi",
        "Farsi",
        "parsi",
        "persian",
        "ba farsi",
        "dari lutfan",
      ],
      ...["darí", "persa", "en darí", "fa-AF", "fa", "prs"],
    ],
  ],
  [
    "ps",
    [
      ...["پښتو", "پشتو", "پختو", "په پښتو", "پښتو ژبه", "زبان پشتو", "به پشتو", "زه پښتو وایم"],
      ...[
        "pashto",
        "Pashto",
        "pashtu",
        "pushto",
        "pukhto",
        "pakhto",
        "in pashto",
        "pa pashto",
        "pastún",
        "pastun",
        "ps",
      ],
    ],
  ],
  [
    "es",
    [
      ...[
        "Español",
        "español",
        "espanol",
        "ESPAÑOL",
        "español por favor",
        "Español, por favor.",
        "en español",
        "castellano",
      ],
      ...[
        "¿Habla español?",
        "solo hablo español",
        "spanish",
        "Spanish please",
        "in Spanish",
        "espaniol",
        "es",
      ],
      ...["هسپانوی", "هسپانوي", "اسپانیایی", "په هسپانوي", "به اسپانیایی"],
    ],
  ],
];
const everyName = names.flatMap(([language, all]) => all.map((name) => [name, language] as const));
const otherThan = (language: string) => program.languages.filter((one) => one !== language);

describe.each(everyName)("the name of a language: %s", (name, language) => {
  it("is taken as chosen where nobody asked, whatever the phone says, and the welcome goes on", () => {
    for (const phone of otherThan(language)) {
      const talk = stranger(phone).say(name);
      expect(talk.session).toMatchObject({ language, met: true, frames: ["menu:choose"] });
      expect(talk.keys).toEqual([
        "onboarding:what-this-is.heading",
        "onboarding:what-this-is.text",
        "onboarding:privacy.heading",
        "onboarding:privacy.text",
        "menu:choose.text",
      ]);
    }
  });

  it("answers the question of the language, as its button does", () => {
    const [phone = "en"] = otherThan(language);
    const tapped = stranger(phone);
    tapped.take({ kind: "start", payload: "" });
    const written = stranger(phone);
    written.take({ kind: "start", payload: "" });
    expect(written.say(name).session).toEqual(tapped.tap(language).session);
  });

  it("is no command and raises no red flag", () => {
    expect(program.commandWords.get(name.toLowerCase())).toBeUndefined();
    expect(
      stranger("en")
        .say(name)
        .effects.map(({ kind }) => kind),
    ).toEqual(["say"]);
  });
});

describe("the name of a language in the middle", () => {
  const met = (language: string, ...frames: readonly string[]) => {
    const talk = new Talk(program, now, { ...newSession(language, program.hash), met: true, frames });
    talk.take({ kind: "tap", button: "c:continue" });
    return talk;
  };

  it("shows the menu in it", () => {
    const talk = met("fa-AF", "menu:choose").say("Español");
    expect(talk.session).toMatchObject({ language: "es", frames: ["menu:choose"], misses: 0 });
    expect(talk.keys).toEqual(["menu:choose.text"]);
  });

  it("shows the waiting question in it", () => {
    const talk = met("fa-AF", "menu:screening", "screening/start:danger").say("english");
    expect(talk.session).toMatchObject({
      language: "en",
      frames: ["menu:screening", "screening/start:danger"],
    });
    expect(talk.keys).toContain("screening/start:danger.text");
    expect(talk.keys).not.toContain("conversation:not-understood");
  });

  it("leaves a question of one who has not been met where it is", () => {
    const talk = stranger("en").say("delete").say("پښتو");
    expect(talk.session).toMatchObject({ language: "ps", met: false, frames: ["delete:sure"] });
  });

  it("is only a name where other words stand with it", () => {
    expect(met("en", "menu:choose").say("where can I learn Spanish").session.language).toBe("en");
  });
});

const questions = [
  ["en", "how much is the fee"],
  ["en", "Can my brother come to the US?"],
  ["es", "¿Cuánto cuesta la solicitud?"],
  ["es", "cuanto cuesta"],
  ["fa-AF", "هزینه پرول چند است؟"],
  ["fa-AF", "fees parole chand ast"],
  ["fa-AF", "مسئول دوسیه من کیست؟"],
  ["ps", "د پیرول فیس څومره دی؟"],
  ["ps", "da parole fees sumra dai"],
  ["es", "¿Quién puede pedir por mi mamá?"],
] as const;

describe.each(questions)("a question as the first message, in %s: %s", (language, text) => {
  it.each(program.languages)(
    "is met in that language by one whose phone says %s, who then is asked",
    (phone) => {
      const talk = stranger(phone).say(text);
      expect(talk.session).toMatchObject({ language, met: false, frames: ["onboarding:language"] });
      expect(talk.keys.at(-1)).toBe(languageQuestion);
    },
  );

  it("is met in that language at the question of the language too", () => {
    const [phone = "en"] = otherThan(language);
    const talk = stranger(phone);
    talk.take({ kind: "start", payload: "" });
    expect(talk.say(text).session).toMatchObject({ language, met: false, frames: ["onboarding:language"] });
  });
});

describe("a first message that tells little", () => {
  it.each([
    "I-131",
    "humanitarian parole",
    "USCIS",
    "TPS",
    "?",
    "👍",
    "2",
    "Ahmad Wali",
    "bonjour",
    "stop",
    "menu",
    "hello",
  ])("leaves it to the phone: %s", (text) => {
    for (const phone of program.languages)
      expect(stranger(phone).say(text).session.language, phone).toBe(phone);
  });

  it("is at least not in a language of other letters", () => {
    for (const phone of ["en", "es"]) {
      expect(stranger(phone).say("بلبل").session.language).toBe("fa-AF");
      expect(stranger(phone).say("ګلالۍ").session.language).toBe("ps");
    }
    expect(stranger("fa-AF").say("ګلالۍ").session.language).toBe("ps");
    expect(stranger("ps").say("بلبل").session.language).toBe("ps");
  });

  it.each(["سلام", "عاجل", "وکیل", "salam"])("is in any of the languages that share its word: %s", (text) => {
    expect(stranger("ps").say(text).session.language).toBe("ps");
    expect(stranger("fa-AF").say(text).session.language).toBe("fa-AF");
    expect(stranger("es").say(text).session.language).toBe("fa-AF");
  });

  it("does not take back what an earlier one told", () => {
    expect(stranger("en").say("¿Cuánto cuesta la solicitud?").say("stop").session.language).toBe("es");
  });
});

const commands = [
  ["stop", "es", "alto", "conversation:stopped"],
  ["stop", "fa-AF", "بس کنید", "conversation:stopped"],
  ["stop", "fa-AF", "tawaqof", "conversation:stopped"],
  ["stop", "ps", "ودرېږه", "conversation:stopped"],
  ["delete", "es", "borrar", "delete:sure.text"],
  ["delete", "fa-AF", "همه چیز را پاک کن", "delete:sure.text"],
  ["delete", "ps", "پاک کړه", "delete:sure.text"],
  ["greeting", "es", "hola", languageQuestion],
  ["greeting", "fa-AF", "سلام چطور استی", languageQuestion],
  ["greeting", "ps", "ستړي مه شئ", languageQuestion],
] as const;

test.each(commands)("%s as the first message works in %s: %s", (_, language, text, key) => {
  for (const phone of program.languages) {
    const talk = stranger(phone).say(text);
    expect(talk.session.language).toBe(language);
    expect(talk.keys).toContain(key);
  }
});

test.each([
  ["en", "they are going to kill me"],
  ["es", "me van a matar"],
  ["fa-AF", "می خواهند مرا بکشند"],
  ["ps", "ما وژني"],
])("danger as the first message is answered in %s", (language, text) => {
  for (const phone of program.languages) {
    const talk = stranger(phone).say(text);
    expect(talk.session.language).toBe(language);
    expect(talk.keys[0]).toBe("red-flags:rf-danger.card");
  }
});

test.each([
  { waiting: [], frames: ["menu:choose"] },
  {
    waiting: ["menu:screening", "screening/start:danger"],
    frames: ["menu:screening", "screening/start:danger"],
  },
])(
  "danger in another language than the chosen one is answered, and that language offered: %o",
  ({ waiting, frames }) => {
    const talk = new Talk(program, now, { ...newSession("fa-AF", program.hash), met: true, frames: waiting });
    talk.say("ayuda, me van a matar");
    expect(talk.keys[0]).toBe("red-flags:rf-danger.card");
    expect(talk.keys.filter((key) => key === "conversation:faq.other-language")).toHaveLength(1);
    expect(talk.tap("l:es").session).toMatchObject({ language: "es", frames });
  },
);

test("a picture as the first message is answered with the question of the language", () => {
  const talk = stranger("en");
  talk.take({ kind: "media" });
  expect(talk.keys).toEqual(["conversation:media", languageQuestion]);
});

test("who chose the wrong language is offered their own until they take it", () => {
  const talk = stranger("en").say("دری");
  for (const text of [
    "¿Cuánto cuesta la solicitud?",
    "¿Cuánto tiempo tarda la respuesta?",
    "¿Puede venir mi hermano también?",
  ]) {
    talk.say(text);
    expect(talk.session.language).toBe("fa-AF");
  }
  expect(talk.tap("l:es").session).toMatchObject({ language: "es", frames: ["menu:choose"] });
  expect(talk.keys).toEqual(["menu:choose.text"]);
});
