import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { compileRedFlags, matchRedFlag } from "../../src/core/red-flags/match-red-flag.ts";

const languages = ["en", "fa-AF", "ps", "es"];
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const { flags } = z
  .object({ flags: z.array(z.object({ id: z.string(), urgent: z.boolean() })) })
  .parse(parse(read("flows/red-flags.yaml")));
const words = z.record(z.string(), z.object({ patterns: z.array(z.string()), unless: z.array(z.string()) }));
const rules = languages.flatMap((language) => {
  const own = words.parse(JSON.parse(read(`locales/${language}/red-flags.json`)));
  return flags.map(({ id }) => ({ id, language, patterns: [], unless: [], ...own[id] }));
});
const matcher = compileRedFlags(flags.flatMap(({ id }) => rules.filter((rule) => rule.id === id)));

const urgent: readonly (readonly [flag: string, text: string])[] = [
  ["rf-danger", "two men with rifles are standing outside my house"],
  ["rf-danger", "last month we fled. now they found where we are hiding"],
  ["rf-danger", "کمک کنین ماره میکشن"],
  ["rf-danger", "taliban pusht darwaza hastan"],
  ["rf-danger", "د وژلو لپاره مې راغلي، وسله وال د کور مخې ته ولاړ دي"],
  ["rf-danger", "unos sicarios están afuera de mi casa"],
  ["rf-suicide", "I don't see a reason to live"],
  ["rf-suicide", "دگه از زندگی سیر شدم میخایم بمرم"],
  ["rf-suicide", "khodam ra mekosham"],
  ["rf-suicide", "له ژونده بېزاره یم ځان وژنم"],
  ["rf-suicide", "voy a quitarme la vida"],
  ["rf-detained", "ICE picked up my dad at work an hour ago"],
  ["rf-detained", "شوهرم در توقیف است چه کنم"],
  ["rf-detained", "biadaram ra ice gereft"],
  ["rf-detained", "ورور مې پولیسو ونیو"],
  ["rf-detained", "mi esposo está detenido"],
  ["rf-violence", "my boyfriend hit me again"],
  ["rf-violence", "مجبورم کردن عروسی کنم"],
  ["rf-violence", "خاوند مې هره ورځ ډبوي"],
  ["rf-violence", "mi pareja me pega y me encierra"],
  ["rf-medical", "she collapsed and she isn't breathing"],
  ["rf-medical", "پدرم سکته کرد بیهوش افتاده"],
  ["rf-medical", "مور مې بې هوښه شوې"],
  ["rf-medical", "mi bebé no puede respirar"],
  ["rf-scam-payment", "the officer on WhatsApp told me to buy gift cards"],
  ["rf-scam-payment", "کلاه‌بردار پولم را خورد"],
  ["rf-scam-payment", "دلال ته مې پیسې ورکړې اوس ځواب نه راکوي"],
  ["rf-scam-payment", "le di la plata a un notario y ya no contesta"],
  ["rf-court", "I have court next week"],
  ["rf-court", "فردا محکمه دارم"],
  ["rf-court", "سبا مې محکمه ده"],
  ["rf-court", "me llegó una orden de deportación"],
  ["rf-notice", "I got a notice of intent to deny"],
  ["rf-notice", "ایمیل آمده که پارول تان لغو شده"],
  ["rf-notice", "پارول مې لغوه شوی دی"],
  ["rf-notice", "me cancelaron el parole"],
];

const ordinary: readonly string[] = [
  "last year my cousin was detained, does it matter",
  "can ICE arrest me while I have parole",
  "how do I prove that they want to kill me",
  "my mother is dying in Chicago, I want to see her",
  "can I pay by Western Union",
  "what is a notice to appear",
  "does the judge ruling stop the program",
  "this process is killing me",
  "پارسال برادرم دستگیر شد",
  "چطور ثابت کنم که مرا می‌کشند",
  "نکاح نامه محکمه را ترجمه کنم",
  "از انتظار خسته شدیم",
  "پروسږکال مې ورور ونیول شو",
  "زه غواړم په امریکا کې ژوند وکړم",
  "el año pasado detuvieron a mi primo",
  "nos van a tomar las huellas mañana",
  "no quiero vivir en otro estado",
  "they took the 630 from my card but no paper came",
  "the card was charged but nothing came in the mail",
  "مادرم در تگزاس در حال مرگ است میخواهم ببینمش",
  "چند دالر می‌خواهند",
  "موږ په کابل کې پاتې یو څوک خلک وباسي اوس هم؟",
  "نن راته د رد خط راغی ډېر خفه یم",
  "خاوند مې نوی پارول اخیستی کار کولی شي؟",
  "ټرمپ افغانان بند کړي پارول هم بند دی؟",
  "tsomra paise ghwari",
  "wariya de ka paise ghwari",
  "yes",
];

const messages = z
  .record(z.string(), z.array(z.string()))
  .parse(parse(read("tests/red-flags/messages.yaml")));

describe("the red-flag words", () => {
  it("have messages for every flag", () => {
    expect(new Set(Object.keys(messages))).toEqual(new Set([...flags.map(({ id }) => id), "none"]));
  });

  it.each(Object.entries(messages))("raise %s", (flag, texts) => {
    const raised = texts.map((text) => [matchRedFlag(matcher, text)?.id ?? "none", text]);
    expect(raised.filter(([raises]) => raises !== flag)).toEqual([]);
  });

  it("can all be read, for every flag in every language", () => {
    expect(matcher.problems).toEqual([]);
    expect(rules.filter(({ patterns }) => patterns.length === 0)).toEqual([]);
  });

  it.each(urgent)("raise %s: %s", (flag, text) => {
    expect(matchRedFlag(matcher, text)?.id).toBe(flag);
  });

  it.each(ordinary)("stay quiet: %s", (text) => {
    expect(matchRedFlag(matcher, text)).toBeUndefined();
  });
});
