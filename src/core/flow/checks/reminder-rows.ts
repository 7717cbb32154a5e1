import { civilDate } from "../../dates/civil-date.ts";
import type { DateWords } from "../../dates/date-words.ts";
import { sayRowDate } from "../../dates/say-date.ts";
import type { Language } from "../../nouns/language.ts";
import { longestRow } from "../../nouns/message.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type Source } from "../source.ts";
import type { Check } from "./check.ts";

/** So many UTF-16 units of the person's own word have to stay readable in a row; more of it is cut. */
const leastOwn = 9;

type Row = { readonly name: string; readonly path: string; readonly rest: string };

/** A list of saved dates fits a list on every channel: beside its date or title a row has room for the person's word. */
export const reminderRows: Check = ({ source, program }) =>
  program.languages.flatMap((language) =>
    rowsIn(source, language, program).flatMap(({ name, path, rest }) => {
      const room = longestRow - rest.length;
      const file = source.locales.get(language)?.get(name);
      if (room >= leastOwn || file === undefined) return [];
      const what = `“${rest.trim()}” leaves ${Math.max(room, 0)} characters of a row for the person's own word`;
      return [issueAt(file, path.split("."), what, `shorten it: ${leastOwn} are needed`)] satisfies Issue[];
    }),
  );

function rowsIn(
  source: Source,
  language: Language,
  { reminders, dateWords }: Parameters<Check>[0]["program"],
): readonly Row[] {
  const say = (key: string): string => {
    const text = wordsAt({ source }, language, key);
    return typeof text === "string" ? text : "";
  };
  const words = dateWords[language];
  const dated = say("conversation:reminder.row");
  const again = say("conversation:reminder.row-again");
  const recurring = [...reminders.values()].filter(({ every }) => every !== undefined);
  return [
    ...(words === undefined ? [] : longestDates(words)).map((date) => ({
      name: "dates",
      path: "months.short",
      rest: filled(dated, "date", date),
    })),
    ...recurring.map((kind) => {
      const name = `reminders/${kind.kind}`;
      return { name, path: "title", rest: filled(again, "title", say(`${name}:title`)) };
    }),
  ];
}

const filled = (row: string, name: string, value: string): string =>
  row
    .replace(`{{${name}}}`, value)
    .replace(/\s*\{\{title\}\}$/, "")
    .replace("{{label}}", "");

/** The longest that a date gets in the words of a language. */
function longestDates(words: DateWords): readonly string[] {
  const all = words.months.short.flatMap((_, month) => civilDate(2027, month + 1, 28) ?? []);
  const said = all.map((date) => sayRowDate(date, words));
  return said.toSorted((a, b) => b.length - a.length).slice(0, 1);
}
