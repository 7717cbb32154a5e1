import { z } from "zod";

const perLanguage = z.union([z.string(), z.record(z.string(), z.string())]);

/** One thing that happens: typed words (per language, or the same in all), the end of a button's id, a moment falling due … */
const turn = z.union([
  z.strictObject({ start: z.string() }),
  /** `awaited`: messages have waited for it, as on WhatsApp after a day. */
  z.strictObject({ say: perLanguage, awaited: z.literal(true).exactOptional() }),
  /** A button of the last turn's messages, by the end of its id; `{language}` stands for the language played. */
  z.strictObject({ tap: z.string() }),
  /** A button that was shown so many turns ago. */
  z.strictObject({ oldTap: z.string(), ago: z.int() }),
  /** A flow is opened, as by a button that offers it. */
  z.strictObject({ open: z.string() }),
  z.strictObject({ media: z.literal(true) }),
  /** The scheduled moment of this ref comes; the clock goes there. */
  z.strictObject({ due: z.string() }),
  /** Time passes, `3d`, `12h` or `30m`; whatever falls due in it comes. */
  z.strictObject({ wait: z.string().regex(/^\d{1,4}[dhm]$/) }),
  z.strictObject({ blocked: z.boolean() }),
]);

const scriptSchema = z.strictObject({
  about: z.string(),
  now: z.iso.datetime(),
  topics: z
    .array(
      z.strictObject({ id: z.string(), organisation: z.string(), titles: z.record(z.string(), z.string()) }),
    )
    .default([]),
  turns: z.array(turn).min(1),
});

export type ScriptTurn = z.infer<typeof turn>;
/** A conversation written down: what happens in it, so that it can be played in any language. */
export type Script = z.infer<typeof scriptSchema>;

/** Reads the data of a script; a ZodError tells what is wrong with it. */
export function scriptOf(data: unknown): Script {
  return scriptSchema.parse(data);
}

/** A script as the YAML that `scriptOf` reads. Each value is written as JSON, which is YAML too. */
export function scriptText({ about, now, topics, turns }: Script): string {
  const head = [`about: ${JSON.stringify(about)}`, `now: ${now}`];
  const list = (name: string, items: readonly object[]) =>
    items.length === 0 ? [] : [`${name}:`, ...items.map((item) => `  - ${flowMap(item)}`)];
  return `${[...head, ...list("topics", topics), ...list("turns", turns)].join("\n")}\n`;
}

function flowMap(item: object): string {
  const fields = Object.entries(item).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return fields.length === 1 ? fields.join("") : `{ ${fields.join(", ")} }`;
}
