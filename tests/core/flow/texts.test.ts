import { describe, expect, it } from "vitest";
import type { Content } from "../../../src/content/load.ts";
import { makeTranslator } from "../../../src/content/translator.ts";
import type { Check } from "../../../src/core/flow/checks/check.ts";
import { checkTexts } from "../../../src/core/flow/checks/check-content.ts";
import { figures } from "../../../src/core/flow/checks/figures.ts";
import { glossary } from "../../../src/core/flow/checks/glossary.ts";
import { nativeLines } from "../../../src/core/flow/checks/native-lines.ts";
import { unusedWords } from "../../../src/core/flow/checks/unused-words.ts";
import { isJsonObject, type Json, type SourceFile } from "../../../src/core/flow/source.ts";
import { shippedContent } from "../shipped.ts";

const shipped = shippedContent();

type Planted = {
  readonly language: string;
  readonly file: string;
  readonly path: string;
  readonly text: string;
};

/** The shipped content with one text put in the place of another. */
function planted(one: Planted): Parameters<typeof checkTexts>[0] {
  const source = sourceWith(one);
  return { source, program: shipped.program, translator: makeTranslator(source) };
}

function sourceWith({ language, file, path, text }: Planted): Content["source"] {
  const { source } = shipped;
  const files = new Map(source.locales.get(language));
  const before = files.get(file);
  if (before === undefined) throw new Error(`there is no file ${file}`);
  files.set(file, { ...before, data: withText(before, path.split("."), text) });
  return { flows: source.flows, locales: new Map(source.locales).set(language, files) };
}

function withText({ data }: SourceFile, path: readonly string[], text: string): Json {
  const put = (at: Json | undefined, [key, ...rest]: readonly string[]): Json => {
    if (key === undefined) return text;
    return isJsonObject(at) ? { ...at, [key]: put(at[key], rest) } : { [key]: put(undefined, rest) };
  };
  return put(data, path);
}

/** What a check finds in the planted file alone, so that many are quick. */
function foundBy(check: Check, one: Planted): readonly string[] {
  const { flows, locales } = sourceWith(one);
  const needed = new Set([one.file, "dates", "glossary"]);
  const few = [...locales]
    .filter(([language]) => language === "en" || language === one.language)
    .map(
      ([language, files]) => [language, new Map([...files].filter(([name]) => needed.has(name)))] as const,
    );
  return check({ source: { flows, locales: new Map(few) }, program: shipped.program }).map(told);
}

const told = ({ file, line, what }: { file: string; line: number; what: string }): string =>
  `${file}:${line > 1} ${what}`;

const inBasics = (language: string, text: string): Planted => ({
  language,
  file: "faq/basics",
  path: "what-is-parole.more",
  text,
});

describe("the shipped texts", () => {
  it("have no figure typed in, use the glossary, and answer shortly", () => {
    expect(checkTexts(shipped)).toEqual([]);
  });
});

describe("a figure typed into a text", () => {
  it.each([
    ["en", "It costs $630.", "a sum of money"],
    ["en", "It costs 630 dollars.", "a sum of money"],
    ["es", "Cuesta 630 dólares.", "a sum of money"],
    ["fa-AF", "فیس آن ۶۳۰ دالر است.", "a sum of money"],
    ["ps", "فیس یې ۶۳۰ ډالر دی.", "a sum of money"],
    ["en", "Call 800-375-5283.", "a phone number"],
    ["en", "Call 911 now.", "a phone number"],
    ["fa-AF", "به ۹۱۱ زنگ بزنید.", "a phone number"],
    ["en", "It ended in 2025.", "a date"],
    ["en", "It ended on July 14.", "a date"],
    ["es", "Terminó el 14 de julio.", "a date"],
    ["fa-AF", "در سال ۱۴۰۴ ختم شد.", "a date"],
    ["fa-AF", "به ۱۴ جولای ختم شد.", "a date"],
    ["ps", "په ۲۰۲۵ کې ختم شو.", "a date"],
    ["en", "Answer within 84 days.", "a length of time"],
    ["es", "Responda en 84 días.", "a length of time"],
    ["fa-AF", "در ۸۴ روز جواب بدهید.", "a length of time"],
    ["ps", "په ۸۴ ورځو کې ځواب ورکړئ.", "a length of time"],
    ["en", "File within 2 years.", "a length of time"],
  ])("is found in %s: %s", (language, text, what) => {
    const found = foundBy(figures, inBasics(language, text));
    expect(found.filter((one) => one.includes(`has ${what} typed in`))).toHaveLength(1);
    expect(found[0]).toContain(`locales/${language}/faq/basics.json:true`);
  });

  it.each([
    ["en", "Form I-131, item 7, for a child under 21."],
    ["en", "See {{fact.parole-length}} and uscis.gov/i-131, or 1 to 3 of them."],
    ["es", "Para menores de 21 años, con el Formulario I-765."],
    ["fa-AF", "برای اولاد زیر ۲۱ سال، فورمهٔ I-730."],
  ])("is not a form's number or an age (%s: %s)", (language, text) => {
    expect(foundBy(figures, inBasics(language, text)).filter((one) => one.includes("typed in"))).toEqual([]);
  });

  it("may stand as an example where a question asks for a date", () => {
    const text = "Which date, for example 3 June 2027?";
    const one = { language: "en", file: "reminder-change", path: "day.text", text };
    expect(foundBy(figures, one).filter((found) => found.includes("typed in"))).toEqual([]);
  });
});

describe("a forbidden word", () => {
  it.each([
    ["en", "You qualify for it."],
    ["en", "It is currently open."],
    ["fa-AF", "این آزادی مشروط است."],
    ["fa-AF", "در دادگاه بگویید."],
    ["ps", "دا آزادی مشروط ده."],
    ["es", "Es una libertad condicional."],
    ["es", "Usted califica."],
  ])("is found in %s: %s", (language, text) => {
    const found = foundBy(glossary, inBasics(language, text)).filter((one) =>
      one.includes("which is forbidden"),
    );
    expect(found).toEqual([expect.stringContaining(`locales/${language}/faq/basics.json:true`)]);
  });

  it("is a word of its own: فورمه is not فرم", () => {
    const found = foundBy(glossary, inBasics("fa-AF", "فورمهٔ پیرول، فرمایش، منفعت عامهٔ مهم"));
    expect(found.filter((one) => one.includes("forbidden"))).toEqual([]);
  });
});

describe("a translation without the glossary's word", () => {
  it.each([
    ["fa-AF", "basics", "who-qualifies.title", "چه کسی آن را گرفته می‌تواند؟", "humanitarian parole"],
    ["ps", "other-ways", "asylum.title", "څنګه غوښتنه وکړم؟", "asylum"],
    ["es", "money", "fee-waiver.title", "¿Puedo no pagar la tarifa?", "fee waiver"],
  ])("is found in %s (%s, %s)", (language, file, path, text, term) => {
    const found = foundBy(glossary, { language, file: `faq/${file}`, path, text });
    expect(found).toEqual([expect.stringContaining(`lacks the glossary's word for “${term}”`)]);
  });
});

describe("an answer", () => {
  it("of more than 350 characters with its facts is found in the language that has it", () => {
    const text = `{{fact.form-i-131}}\n${"Pídalo con pruebas. ".repeat(12)}`;
    const found = checkTexts(
      planted({ language: "es", file: "faq/applying", path: "how-to-file.short", text }),
    ).map(told);
    expect(found).toEqual(
      expect.arrayContaining([expect.stringMatching(/locales\/es\/faq\/applying\.json.*350 fit/)]),
    );
  });

  it("that states a fact without naming it and its source is found in its flow file", () => {
    const text = "{{fact.snap}}";
    const found = checkTexts(
      planted({ language: "en", file: "faq/basics", path: "what-is-parole.short", text }),
    ).map(told);
    expect(found.filter((one) => one.includes("without naming it"))).toEqual([
      expect.stringContaining("`what-is-parole` states `snap`"),
      expect.stringContaining("`what-is-parole` rests on `fns-snap`"),
    ]);
  });
});

describe("words that nothing uses", () => {
  it.each([
    ["menu", "no-such-step.text"],
    ["menu", "ask.txt"],
    ["screening/start", "where.accept.nowhere"],
    ["screening/in-us", "outcomes.no-such-outcome"],
    ["faq/basics", "no-such-entry.short"],
    ["faq/basics", "what-is-parole.shrt"],
    ["facts", "no-such-fact.statement"],
    ["commands", "stop.word"],
    ["red-flags", "rf-nothing.card"],
    ["templates", "no-such-template"],
    ["reminders/hearing", "tody"],
    ["reminders/date", "about"],
  ])("are found: %s, %s", (file, path) => {
    const at = path.split(".");
    const named = [path, at.slice(0, -1).join("."), at[0] ?? ""];
    const found = foundBy(unusedWords, { language: "en", file, path, text: "Words" });
    expect(found).toEqual([
      expect.toSatisfy((one: string) => named.some((name) => one.endsWith(`nothing uses \`${name}\``))),
    ]);
  });

  it("may be a whole file", () => {
    const english = shipped.source.locales.get("en");
    const file = english?.get("menu");
    if (english === undefined || file === undefined) throw new Error("the shipped content has no menu");
    const locales = new Map([["en", new Map([["no-such-flow", file]])]]);
    const found = unusedWords({ source: { ...shipped.source, locales }, program: shipped.program });
    expect(found.map(({ what }) => what)).toEqual([
      "nothing uses this file: there is no flows/no-such-flow.yaml",
    ]);
  });
});

describe("a line in a right-to-left language", () => {
  it.each([
    ["fa-AF", "USCIS جواب می‌دهد."],
    ["ps", "دا یوه کرښه ده.\n2. I-94 وګورئ."],
  ])("that begins with a letter of another is found (%s: %s)", (language, text) => {
    expect(foundBy(nativeLines, inBasics(language, text))).toEqual([
      expect.stringContaining("does not begin with a letter of its language"),
    ]);
  });

  it.each([
    ["fa-AF", "ادارهٔ USCIS جواب می‌دهد.\n{{fact.parole-length}}\nhttps://www.uscis.gov"],
    ["ps", "“دا” یوه کرښه ده."],
    ["fa-AF", "WhatsApp"],
    ["es", "USCIS responde."],
  ])("may hold them later, and links and what is filled in (%s: %s)", (language, text) => {
    expect(foundBy(nativeLines, inBasics(language, text))).toEqual([]);
  });

  it("is found where it is still the English sentence", () => {
    const english = shipped.source.locales.get("en")?.get("help")?.data;
    const at = isJsonObject(english) ? english["help"] : undefined;
    const text = isJsonObject(at) ? at["text"] : undefined;
    const one = { language: "es", file: "help", path: "help.text", text: String(text) };
    expect(foundBy(nativeLines, one)).toEqual([expect.stringContaining("`help.text` is still in English")]);
  });
});
