import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { type Content, loadContent } from "../../src/content/load.ts";
import type { FaqPhrasings } from "../../src/core/faq/faq-index.ts";
import { textsOf, valueAt } from "../../src/core/flow/source.ts";
import { normalise } from "../../src/core/text/normalise.ts";

/** A message, and what it should find: an entry, nothing (`oos`, out of scope) or a red flag (`rf`). */
export type Message = {
  readonly id: string;
  readonly lang: string;
  readonly kind: string;
  readonly expected: readonly string[];
  readonly text: string;
};
const message = z.strictObject({
  id: z.string(),
  lang: z.string(),
  kind: z.string(),
  expected: z.array(z.string()),
  text: z.string(),
});

/** The messages of a file beside the benches, one a line. */
export function readMessages(name: string): readonly Message[] {
  const file = readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8");
  return file
    .trim()
    .split("\n")
    .map((line) => message.parse(JSON.parse(line)));
}

/** The content as it is shipped. */
export function shipped(): Content {
  const loaded = loadContent(fileURLToPath(new URL("../..", import.meta.url)));
  if ("issues" in loaded) throw new Error(`the content has ${loaded.issues.length} issues`);
  return loaded;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The words of all entries, as the index is built from them. */
export function phrasingsOf({ program, source }: Content): readonly FaqPhrasings[] {
  return Array.from(program.faq.entries.values()).flatMap(({ id, topic }) =>
    program.languages.map((language) => {
      const words = source.locales.get(language)?.get(topic)?.data;
      const lists = source.locales.get(language)?.get(topic.replace("faq/", "phrasings/"))?.data;
      const label = text(valueAt(words, [id, "label"]));
      return {
        id,
        language,
        title: text(valueAt(words, [id, "title"])),
        phrasings: [...(label === "" ? [] : [label]), ...textsOf(valueAt(lists, [id]))],
        text: text(valueAt(words, [id, "short"])),
      };
    }),
  );
}

/** Entries without one phrasing of each, and those phrasings as messages (but such as another entry has too). */
export type HeldOut = { readonly rest: readonly FaqPhrasings[]; readonly held: readonly Message[] };

/** Takes the phrasing at a place out of every entry in every language; where there are fewer, counts round. */
export function holdOut(all: readonly FaqPhrasings[], place: number): HeldOut {
  const placeIn = ({ phrasings }: FaqPhrasings) => place % Math.max(phrasings.length, 1);
  const rest = all.map((one) => ({ ...one, phrasings: one.phrasings.toSpliced(placeIn(one), 1) }));
  const left = new Set(rest.flatMap(({ title, phrasings }) => [title, ...phrasings].map(normalise)));
  const held = all.flatMap((one) => {
    const taken = one.phrasings[placeIn(one)] ?? "";
    const id = `${one.id} ${one.language} ${place}`;
    return left.has(normalise(taken))
      ? []
      : [{ id, lang: one.language, kind: "held", expected: [one.id], text: taken }];
  });
  return { rest, held };
}
