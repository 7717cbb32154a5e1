import { z } from "zod";
import type { DateWords } from "../dates/date-words.ts";

const text = z.string().min(1);
const spellings = z.array(text);
const twelve = z.array(text).length(12);

/** `locales/<language>/dates.json`. */
export const dateWordsSchema: z.ZodType<DateWords> = z.strictObject({
  weekdays: z.array(text).length(7),
  months: z.strictObject({ gregorian: twelve, short: twelve, solarHijri: twelve }),
  accept: z.strictObject({
    weekdays: z.array(spellings).length(7),
    gregorian: z.array(spellings).length(12),
    solarHijri: z.array(spellings).length(12),
    today: spellings,
    tomorrow: spellings,
    first: spellings,
    ordinals: spellings,
    calendars: z.strictObject({ gregorian: spellings, solarHijri: spellings }),
    ignore: spellings,
  }),
  patterns: z.strictObject({ gregorian: text, short: text, solarHijri: text, both: text }),
});
