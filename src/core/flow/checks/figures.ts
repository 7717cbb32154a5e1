import { latinDigits } from "../../dates/digits.ts";
import type { Language } from "../../nouns/language.ts";
import { isForLookUp } from "../compile-phrasings.ts";
import { namedTexts } from "../leaves.ts";
import type { Program } from "../program.ts";
import {
  type Issue,
  issueAt,
  type Source,
  type SourceFile,
  sourceLanguage,
  textsOf,
  valueAt,
} from "../source.ts";
import type { Check } from "./check.ts";
import { glossaryOf } from "./glossary-file.ts";

/** What is a figure of its own: facts and month names; words by which people are understood. */
const exempt = new Set(["facts", "dates"]);
/** Words of a step that show how an answer may be written; so may a question that asks for a date. */
const examples = /(^|\.)help(\.|$)/;

const money = String.raw`[$€£]\s?\d(?:[\d,.]*\d)?|(?:usd|us\$)\s?\d(?:[\d,.]*\d)?|\d{1,3}(?:,\d{3})+`;
const phone =
  /(?<!\d)(?:\+?1[-. ])?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}(?!\d)|(?<![\w-])(?:911|988|112|999)(?![\w-])/u;
/** Years of either calendar; days with the month as a number. */
const date = String.raw`(?<![\w-])(?:19\d\d|20[0-4]\d|13[5-9]\d|14[0-2]\d)(?![\w])|(?<!\d)\d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?!\d)`;

type Kind = readonly [what: string, pattern: RegExp];

/**
 * No figure is typed into a text: sums of money, dates, lengths of time and phone numbers belong into
 * `flows/facts.yaml`, where they have a source and a day. Numbers of forms and ages are not figures of this kind.
 */
export const figures: Check = ({ source, program }) =>
  [...source.locales].flatMap(([language, files]) => {
    const kinds = kindsIn(source, language);
    return [...files].flatMap(([name, file]) =>
      exempt.has(name) || isForLookUp(name)
        ? []
        : namedTexts(file.data).flatMap(([path, text]) =>
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

/** What counts as a figure in a language: its own words and those of English. */
function kindsIn(source: Source, language: Language): readonly Kind[] {
  const languages = [language, sourceLanguage];
  const units = languages.map((one) => glossaryOf(source, one).found?.units);
  const words = (kind: "time" | "years" | "money") => oneOf(units.flatMap((unit) => unit?.[kind] ?? []));
  const month = oneOf(languages.flatMap((one) => monthsOf(source, one)));
  return [
    ["a sum of money", any(money, String.raw`\d[\d,.]*\s?${words("money")}(?!\p{L})`)],
    ["a phone number", phone],
    [
      "a date",
      any(
        date,
        String.raw`(?<!\p{L})${month}\s\d{1,2}(?!\d)`,
        String.raw`(?<!\d)\d{1,2}\s(?:de\s)?${month}(?!\p{L})`,
      ),
    ],
    [
      "a length of time",
      any(
        String.raw`(?<![\w-])\d+\s?(?:\p{L}+\s)?${words("time")}(?!\p{L})`,
        // From twelve years on it is an age, which may be typed.
        String.raw`(?<![\w-])(?:\d|1[01])\s?${words("years")}(?!\p{L})`,
      ),
    ],
  ];
}

function any(...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join("|"), "iu");
}

/** One of these words; what never matches where there are none. */
function oneOf(words: readonly string[]): string {
  if (words.length === 0) return "(?!)";
  return `(?:${words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`;
}

/** The names of a language's months, in both calendars. */
function monthsOf(source: Source, language: Language): readonly string[] {
  const dates = source.locales.get(language)?.get("dates")?.data;
  return ["gregorian", "solarHijri"].flatMap((calendar) => textsOf(valueAt(dates, ["months", calendar])));
}
