import { readFileSync } from "node:fs";
import { type CivilDate, civilDate } from "../../src/core/dates/civil-date.ts";
import type { DateWords } from "../../src/core/dates/date-words.ts";

export const languages = ["en", "fa-AF", "ps", "es"] as const;

function load(language: string): DateWords {
  return JSON.parse(readFileSync(new URL(`../../locales/${language}/dates.json`, import.meta.url), "utf8"));
}

export const words = { en: load("en"), "fa-AF": load("fa-AF"), ps: load("ps"), es: load("es") };

/** The date written `YYYY-MM-DD`, or an error. */
export function on(text: string): CivilDate {
  const [year = 0, month = 0, day = 0] = text.split("-").map(Number);
  const date = civilDate(year, month, day);
  if (date === undefined) throw new Error(`No such day: ${text}`);
  return date;
}
