import { latinDigits } from "../../dates/digits.ts";
import { isForLookUp } from "../compile-phrasings.ts";
import type { Program } from "../program.ts";
import { type Issue, issueAt, type Json, type SourceFile, textsOf, valueAt } from "../source.ts";
import type { Check } from "./check.ts";

/** What is a figure of its own: facts and month names; words by which people are understood. */
const exempt = new Set(["facts", "dates"]);
/** Words of a step that show how an answer may be written; so may a question that asks for a date. */
const examples = /(^|\.)help(\.|$)/;

const money =
  /[$€£]\s?\d|\d[\d,.]*\s?(?:usd|dollars?|d[oó]lar(?:es)?|دالر|ډالر)|(?:usd|us\$)\s?\d|\d{1,3}(?:,\d{3})+/iu;
const phone =
  /(?<!\d)(?:\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?!\d)|(?<![\w-])(?:911|988|112|999)(?![\w-])/u;
/** Years of either calendar; days with the month as a number. */
const date =
  /(?<![\w-])(?:19\d\d|20[0-4]\d|13[5-9]\d|14[0-2]\d)(?![\w])|(?<!\d)\d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?!\d)/u;
/** From twelve years on it is an age, which may be typed. */
const duration =
  /(?<![\w-])\d+\s?(?:(?:calendar|working|business)\s)?(?:hours?|days?|weeks?|months?|horas?|d[ií]as?|semanas?|meses|mes|ساعت|روز|هفته|ماه|ورځ[ېو]?|اون(?:ۍ|یو)|میاشت[ېو]?)(?!\p{L})|(?<![\w-])(?:\d|1[01])\s?(?:years?|años?|سال|ک(?:ال|اله|لونه|لونو|لو))(?!\p{L})/iu;

type Kind = readonly [what: string, pattern: RegExp];

/**
 * No figure is typed into a text: sums of money, dates, lengths of time and phone numbers belong into
 * `flows/facts.yaml`, where they have a source and a day. Numbers of forms and ages are not figures of this kind.
 */
export const figures: Check = ({ source, program }) =>
  [...source.locales.values()].flatMap((files) => {
    const kinds = kindsIn(monthsOf(files));
    return [...files].flatMap(([name, file]) =>
      exempt.has(name) || isForLookUp(name)
        ? []
        : textsIn(file.data, []).flatMap(([path, text]) =>
            figuresIn(file, path, text, allowedAt(program, name, path, kinds)),
          ),
    );
  });

function allowedAt(program: Program, name: string, path: readonly string[], kinds: readonly Kind[]) {
  if (examples.test(path.join("."))) return [];
  const step = program.steps.get(`${name}:${path[0]}`);
  const asksForDate = step?.kind === "ask" && step.answer.kind === "date";
  return asksForDate ? kinds.filter(([what]) => what !== "a date") : kinds;
}

function figuresIn(
  file: SourceFile,
  path: readonly string[],
  text: string,
  kinds: readonly Kind[],
): readonly Issue[] {
  if (!/\p{Nd}/u.test(text)) return [];
  const plain = latinDigits(text)
    .replaceAll(/\{\{[^{}]*\}\}/g, "…")
    .replaceAll(/(?:https?:\/\/)?(?:[\w-]+\.)+[a-z]{2,}(?:\/\S*)?/gi, "…");
  return kinds.flatMap(([what, pattern]) => {
    const found = pattern.exec(plain)?.[0];
    return found === undefined
      ? []
      : [
          issueAt(
            file,
            path,
            `\`${path.join(".")}\` has ${what} typed in: ${found}`,
            "make it a fact with its source and day, and refer to it as {{fact.…}}",
          ),
        ];
  });
}

function kindsIn(months: readonly string[]): readonly Kind[] {
  const any = months.map((month) => month.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
  const day = `(?<!\\p{L})(?:${any})\\s\\d{1,2}(?!\\d)|(?<!\\d)\\d{1,2}\\s(?:de\\s)?(?:${any})(?!\\p{L})`;
  return [
    ["a sum of money", money],
    ["a phone number", phone],
    ["a date", months.length === 0 ? date : new RegExp(`${date.source}|${day}`, "iu")],
    ["a length of time", duration],
  ];
}

/** The names of a language's months, in both calendars. */
function monthsOf(files: ReadonlyMap<string, SourceFile> | undefined): readonly string[] {
  const dates = files?.get("dates")?.data;
  return ["gregorian", "solarHijri"].flatMap((calendar) => textsOf(valueAt(dates, ["months", calendar])));
}

function textsIn(
  data: Json,
  path: readonly string[],
): readonly (readonly [path: readonly string[], text: string])[] {
  if (typeof data === "string") return [[path, data]];
  if (typeof data !== "object" || data === null || Array.isArray(data)) return [];
  return Object.entries(data).flatMap(([key, value]: [string, Json]) => textsIn(value, [...path, key]));
}
