import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildFaqIndex } from "../../src/core/faq/faq-index.ts";
import type { FaqPhrasings } from "../../src/core/faq/phrasings.ts";
import { lookThrough, searchFaq } from "../../src/core/faq/search-faq.ts";

const entry = (id: string, language: string, title: string, ...phrasings: string[]): FaqPhrasings => ({
  id,
  language,
  title,
  phrasings,
  text: "",
});

const entries: readonly FaqPhrasings[] = [
  entry("fee", "en", "How much is the filing fee?", "what does the application cost", "price of the form"),
  entry("fee", "fa-AF", "فیس درخواست چند است؟", "چقدر پیسه باید بدهیم", "قیمت فورم"),
  entry("fee", "ps", "د غوښتنلیک فیس څومره دی؟", "څومره پیسې ورکړو"),
  entry("fee", "es", "¿Cuánto cuesta la solicitud?", "precio del formulario"),
  entry("time", "en", "How long does a decision take?", "waiting time for an answer"),
  entry("time", "fa-AF", "تصمیم چقدر وقت می‌گیرد؟", "چند ماه انتظار بکشیم"),
  entry("time", "ps", "پرېکړه څومره وخت نیسي؟", "څو میاشتې انتظار وکړو"),
  entry("time", "es", "¿Cuánto tarda la decisión?", "tiempo de espera"),
  entry("work", "en", "How do I get a work permit?", "when can I start a job", "form I-765"),
  entry("work", "fa-AF", "چطور اجازه کار بگیرم؟", "چه وقت کار کرده می‌توانم"),
  entry("work", "ps", "د کار اجازه څنګه واخلم؟", "کله کار کولای شم"),
  entry("work", "es", "¿Cómo obtengo el permiso de trabajo?", "cuándo puedo trabajar"),
  entry("lawyer", "en", "Where is free legal help?", "find an attorney without paying"),
  entry("lawyer", "fa-AF", "کمک حقوقی رایگان کجاست؟", "وکیل مفت پیدا کنم"),
  entry("lawyer", "ps", "وړیا حقوقي مرسته چېرته ده؟", "وړیا وکیل پیدا کړم"),
  entry("lawyer", "es", "¿Dónde hay ayuda legal gratis?", "abogado sin pagar"),
  entry("address", "en", "How do I report a new address?", "we moved to another house"),
  entry("address", "fa-AF", "آدرس جدید را چطور خبر بدهم؟", "خانه را تبدیل کردیم"),
  entry("address", "ps", "نوی پته څنګه خبر کړم؟", "کور مو بدل شو"),
  entry("address", "es", "¿Cómo informo mi nueva dirección?", "nos mudamos de casa"),
];
const index = buildFaqIndex(entries);

const asked: readonly (readonly [what: string, language: string, text: string, id: string])[] = [
  ["other inflections", "en", "how to get work permits", "work"],
  ["typing errors", "en", "wich aplication costts", "fee"],
  ["a form number, typed loosely", "en", "I-765?", "work"],
  ["Dari", "fa-AF", "وکیل مفت می‌خواهم", "lawyer"],
  ["an Arabic keyboard", "fa-AF", "وكيل مفت ميخواهم", "lawyer"],
  ["Dari in Latin letters", "fa-AF", "fees darkhast chand ast", "fee"],
  ["Pashto", "ps", "د کار اجازه غواړم", "work"],
  ["Pashto typed on a Persian keyboard", "ps", "وریا وکیل پیدا کرم", "lawyer"],
  ["Spanish without accents", "es", "informar direccion nueva", "address"],
  ["another language than the person's", "en", "abogado sin pagar", "lawyer"],
  ["a language nobody has", "xx", "we moved to another house", "address"],
];

describe("searchFaq", () => {
  it.each(asked)("finds the entry in %s (%s: %s)", (_what, language, text, id) => {
    expect(searchFaq(index, text, language).entries[0]).toBe(id);
  });

  it("finds what is asked nearly as it is written", () => {
    const found = searchFaq(index, "where can I find free legal help", "en");
    expect(found.decision).not.toBe("abstain");
    expect(found.entries[0]).toBe("lawyer");
  });

  it.each([
    ["en", "hello"],
    ["es", "cuéntame un chiste"],
    ["fa-AF", "تشکر"],
    ["ps", "مننه"],
    ["en", "👍"],
    ["en", ""],
  ])("says honestly that it has nothing (%s: %s)", (language, text) => {
    expect(searchFaq(index, text, language).decision).toBe("abstain");
  });

  it.each([
    ["en", "who won the cricket match"],
    ["es", "¿a cuánto está el dólar hoy?"],
    ["fa-AF", "امروز هوا چطور است"],
    ["ps", "د ډالر نرخ څو دی"],
  ])("never answers outright what lies outside (%s: %s)", (language, text) => {
    expect(searchFaq(index, text, language).decision).not.toBe("answer");
  });

  it("does not answer when two entries fit equally", () => {
    const twins = buildFaqIndex([
      entry("one", "en", "travel document"),
      entry("two", "en", "travel document"),
      entry("three", "en", "vaccination record"),
    ]);
    const found = searchFaq(twins, "travel document", "en");
    expect(found.decision).not.toBe("answer");
    expect(found.entries.slice(0, 2).toSorted()).toEqual(["one", "two"]);
  });

  it.each([
    ["en", "one"],
    ["es", "two"],
  ])("prefers the one in the person's language where two fit equally (%s)", (language, id) => {
    const twins = buildFaqIndex([
      entry("one", "en", "visa formal"),
      entry("two", "es", "visa formal"),
      entry("three", "en", "school place"),
      entry("four", "es", "school place"),
    ]);
    expect(searchFaq(twins, "visa formal", language).entries[0]).toBe(id);
  });

  it("finds through concepts what shares no word, in another language too", () => {
    const concepts = [
      { language: "en", concepts: { money: ["dough", "fee", "cost"], home: ["address", "flat"] } },
      { language: "es", concepts: { money: ["cuesta", "precio", "lana"], home: ["casa", "dirección"] } },
    ];
    const taught = buildFaqIndex(entries, { concepts });
    for (const [text, language] of [
      ["dough", "en"],
      ["lana", "es"],
    ] as const) {
      expect(searchFaq(index, text, language).decision).toBe("abstain");
      expect(searchFaq(taught, text, language).entries[0]).toBe("fee");
    }
  });

  it("finds a part through the entry that it belongs to", () => {
    const parts = buildFaqIndex([
      entry(
        "permit",
        "en",
        "How do I get a work permit?",
        "permission to work",
        "can i work",
        "work permit form",
      ),
      {
        ...entry("permit-fee", "en", "What does a work permit cost?", "price of a work permit"),
        partOf: "permit",
      },
      entry("school", "en", "Can my children go to school?", "enrol kids"),
    ]);
    expect(searchFaq(parts, "price of a work permit", "en")).toMatchObject({
      decision: "answer",
      part: "permit-fee",
    });
    const found = searchFaq(parts, "the price of work permits", "en");
    expect([found.entries[0], found.part]).toEqual(["permit", "permit-fee"]);
    expect(searchFaq(parts, "can i work", "en")).toMatchObject({
      entries: ["permit", "school"],
      part: undefined,
    });
  });

  it("leaves alone what is known to lie outside", () => {
    const fenced = buildFaqIndex(entries, {
      outside: [{ language: "en", phrasings: ["what does a football ticket cost"] }],
    });
    expect(searchFaq(fenced, "What does a football ticket cost?", "en")).toMatchObject({
      decision: "abstain",
    });
  });

  it("gives at most three distinct entries and a score from 0 to 1, for any text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme" }),
        fc.constantFrom("en", "fa-AF", "ps", "es", "xx"),
        (text, language) => {
          const { entries: found, score } = searchFaq(index, text, language);
          expect(new Set(found).size).toBe(found.length);
          expect(found.length).toBeLessThanOrEqual(3);
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it("does well without any entry", () => {
    expect(searchFaq(buildFaqIndex([]), "anything", "en")).toEqual({
      decision: "abstain",
      entries: [],
      score: 0,
      part: undefined,
    });
  });
});

describe("lookThrough", () => {
  it("calls no phrasing closer than the same, also one that repeats a word", () => {
    const repeated = buildFaqIndex([
      entry("fee", "en", "fee fee fee fee"),
      entry("time", "en", "waiting time"),
    ]);
    expect(lookThrough(repeated, "fee", "en")?.evidence.close).toBeLessThanOrEqual(1);
  });
});
