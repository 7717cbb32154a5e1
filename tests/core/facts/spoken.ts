import { textsIn } from "../../../src/content/text-keys.ts";
import { addDays, type CivilDate, isCivilDate } from "../../../src/core/dates/civil-date.ts";
import { sayingOf } from "../../../src/core/facts/say-fact.ts";
import type { Fact } from "../../../src/core/flow/program.ts";
import type { Say } from "../../../src/core/nouns/say.ts";
import { sayParam, sayValues } from "../../../src/core/render/format.ts";
import { render } from "../../../src/core/render/render.ts";
import { shippedContent } from "../shipped.ts";

export const content = shippedContent();
const { program, translator, source } = content;

export function civil(text: string): CivilDate {
  if (!isCivilDate(text)) throw new Error(`${text} is no date`);
  return text;
}

/** Every text that states facts, but for the facts' own sentences. */
export const stating = [...(source.locales.get("en") ?? [])]
  .filter(([name]) => name !== "facts")
  .flatMap(([name, { data }]) => [...textsIn(data).keys()].map((path) => `${name}:${path}`))
  .map((key) => ({ key, ids: translator.factsIn(key) }))
  .filter(({ ids }) => ids.length > 0);

export const facts = [...program.facts];
export const factOf = (id: string): Fact => {
  const fact = program.facts.get(id);
  if (fact === undefined) throw new Error(`there is no fact ${id}`);
  return fact;
};

/** The days around every review, and one long after all: never today's. */
const reviews = [...new Set(facts.map(([, fact]) => civil(fact["review-by"])))].sort();
export const first = reviews[0] ?? civil("2026-12-01");
export const last = reviews.at(-1) ?? first;
export const days = [
  addDays(first, -1),
  ...reviews.flatMap((on) => [addDays(on, -1), on]),
  addDays(last, 400),
];

export const saying = (key: string): Say => ({
  parts: [{ style: "text", words: { key, params: { count: 3, date: "", label: "" } } }],
  buttons: [],
  nav: [],
  lane: "reply",
});

/** Without the isolates, which stand wherever Latin does. */
export const plain = (text: string) => text.replaceAll(/[\u2066-\u2069]/g, "");

export const looking = (language: string) => ({ program, language, words: () => "" });

const known = new Map<string, ReturnType<typeof speak>>();

/** As `speak`, each worked out once. */
export function spoken(id: string, language: string): ReturnType<typeof speak> {
  const key = `${id} ${language}`;
  const found = known.get(key) ?? speak(id, language);
  known.set(key, found);
  return found;
}

/** What a fact's record comes to in a language: its sentence with the values put in, the values, its date and its page. */
function speak(id: string, language: string) {
  const fact = factOf(id);
  const figures = sayValues(fact, looking(language));
  return {
    fact,
    values: Object.values(figures).map(plain),
    statement: plain(translator.text(language, `facts:${id}.statement`, figures, {})),
    asOf: plain(String(sayParam({ kind: "short-date", date: fact["as-of"] }, looking(language)))),
    url: program.sources.get(fact.source)?.url ?? "no page",
  };
}

export function rendered(key: string, language: string, on: CivilDate): string {
  const { message } = render({ program, translator }, saying(key), language, on);
  return plain(message.parts.map(({ text }) => text).join("\n"));
}

/** A value that could stand in a text for another reason (a bare small number) is only looked for as the whole sentence. */
const isTelling = (value: string) => value.length > 3;

/** What must not and what must stand in a text that states a fact on a day. */
export function rules(id: string, language: string, on: CivilDate) {
  const { fact, values, statement, asOf, url } = spoken(id, language);
  const { kind } = sayingOf(fact, on);
  if (kind === "statement") return { never: [], always: [statement] };
  if (kind === "dated") return { never: [], always: [statement, asOf, url] };
  return { never: [statement, ...values.filter(isTelling)], always: [url] };
}

/** The sentences that a text may hold on a day: another fact may state the same figure. */
export function allowed(ids: readonly string[], language: string, on: CivilDate): string {
  return ids
    .flatMap((id) => {
      const { kind } = sayingOf(factOf(id), on);
      const { statement, asOf } = spoken(id, language);
      return { statement: [statement], dated: [statement, asOf], expired: [], hold: [] }[kind];
    })
    .join("\n");
}
