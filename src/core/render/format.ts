import { isCivilDate } from "../dates/civil-date.ts";
import { nativeDigits } from "../dates/digits.ts";
import { sayBothCalendars, sayDate, sayRowDate } from "../dates/say-date.ts";
import { type Host, untold } from "../flow/about.ts";
import type { Fact, Program } from "../flow/program.ts";
import type { Language } from "../nouns/language.ts";
import type { Param } from "../nouns/say.ts";
import { isRightToLeft } from "./bidi.ts";

type Looking = {
  readonly program: Program;
  readonly language: Language;
  readonly host?: Host;
  readonly words: (key: string, params: Readonly<Record<string, Param>>) => string;
};

const formatters = new Map<string, Intl.NumberFormat | Intl.ListFormat | Intl.DisplayNames>();

function cached<T extends Intl.NumberFormat | Intl.ListFormat | Intl.DisplayNames>(
  key: string,
  kind: new (...args: never[]) => T,
  make: () => T,
): T {
  const known = formatters.get(key);
  if (known instanceof kind) return known;
  const made = make();
  formatters.set(key, made);
  return made;
}

/** An amount in U.S. dollars, in Latin digits and as the U.S. writes it in every language: people compare it with the form. */
function sayMoney(amount: number, language: Language): string {
  const digits = Number.isInteger(amount) ? 0 : 2;
  const format = cached(
    `money ${language} ${digits}`,
    Intl.NumberFormat,
    () =>
      new Intl.NumberFormat(isRightToLeft(language) ? "en-US" : `${language.split("-")[0]}-US`, {
        style: "currency",
        currency: "USD",
        numberingSystem: "latn",
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  );
  return format.format(amount);
}

/** A value put into a sentence, as the language writes it. */
export function sayParam(param: Param, looking: Looking): string | number {
  if (typeof param === "string" || typeof param === "number") return param;
  const { language } = looking;
  switch (param.kind) {
    case "date":
      return sayDay(param.date, looking);
    case "short-date":
      return sayShortDay(param.date, looking);
    case "row-date":
      return sayRowDay(param.date, looking);
    case "country":
      return (
        cached(
          `region ${language}`,
          Intl.DisplayNames,
          () => new Intl.DisplayNames([language], { type: "region" }),
        ).of(param.code) ?? param.code
      );
    case "money":
      return sayMoney(param.amount, language);
    case "words":
      return looking.words(param.key, param.params ?? {});
    case "about":
      return sayAbout(param.name, looking);
    case "list":
      return cached(
        `list ${language}`,
        Intl.ListFormat,
        () => new Intl.ListFormat(language, { type: "conjunction" }),
      ).format(param.items.map((item) => String(sayParam(item, looking))));
    case "lines":
      return param.items.map((item) => `\n${sayParam(item, looking)}`).join("");
    case "own":
      return ownText(param.texts, language);
  }
}

/** An organisation's own text in a language; else the English one, else the first there is. */
export function ownText(texts: Readonly<Record<Language, string>>, language: Language): string {
  return texts[ownTextIn(texts, language)] ?? "";
}

/** The language of that text; the one that was asked for where there is no text at all. */
export function ownTextIn(texts: Readonly<Record<Language, string>>, language: Language): Language {
  const [first = language] = Object.keys(texts);
  return [language, "en"].find((one) => texts[one] !== undefined) ?? first;
}

/** Who hosts the installation and how old its facts are; where the host told nothing, that. */
function sayAbout(name: string, looking: Looking): string {
  const { host = untold, program, words } = looking;
  const days = [...program.facts.values()].map((fact) => fact["checked-on"]).sort();
  switch (name) {
    case "host.name":
    case "host.contact":
    case "host.privacy": {
      const told = host[hostPart[name]];
      return told === undefined
        ? words(`conversation:${name}-untold`, {})
        : words(`conversation:${name}`, { value: told });
    }
    case "facts.oldest":
      return sayShortDay(days.at(0) ?? "", looking);
    case "facts.newest":
      return sayShortDay(days.at(-1) ?? "", looking);
    default:
      return "";
  }
}

const hostPart = { "host.name": "name", "host.contact": "contact", "host.privacy": "privacy" } as const;

function sayDay(date: string, { language, program }: Looking): string {
  const words = program.dateWords[language];
  return words === undefined || !isCivilDate(date) ? date : sayBothCalendars(date, language, words);
}

function sayShortDay(date: string, { language, program }: Looking): string {
  const words = program.dateWords[language];
  return words === undefined || !isCivilDate(date) ? date : sayDate(date, language, words, "gregorian");
}

function sayRowDay(date: string, { language, program }: Looking): string {
  const words = program.dateWords[language];
  return words === undefined || !isCivilDate(date) ? date : sayRowDate(date, words);
}

/**
 * What fills the placeholders of a fact's sentence: its figure as `value`, or each of several under its name. They are
 * written by their unit: dollars, a day, a count of days; as they stand when it has none.
 */
export function sayValues({ value, unit }: Fact, looking: Looking): Readonly<Record<string, string>> {
  if (value === undefined) return {};
  if (typeof value !== "object") return { value: sayValue(value, unit, looking) };
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, sayValue(one, unit, looking)]));
}

function sayValue(value: number | string, unit: Fact["unit"], looking: Looking): string {
  switch (unit) {
    case "usd":
      return typeof value === "number" ? sayMoney(value, looking.language) : value;
    case "date":
      return sayShortDay(String(value), looking);
    case "percent":
      return `${value}%`;
    case "days":
    case "count":
      return nativeDigits(String(value), looking.language);
    case undefined:
      return String(value);
  }
}
