import { describe, expect, test } from "vitest";
import { textsIn } from "../../../src/content/text-keys.ts";
import { addDays, type CivilDate, isCivilDate } from "../../../src/core/dates/civil-date.ts";
import { agesOn, sayingOf } from "../../../src/core/facts/say-fact.ts";
import type { Fact } from "../../../src/core/flow/program.ts";
import type { Say } from "../../../src/core/nouns/say.ts";
import { sayParam, sayValue } from "../../../src/core/render/format.ts";
import { render } from "../../../src/core/render/render.ts";
import { shippedContent } from "../shipped.ts";

const content = shippedContent();
const { program, translator, source } = content;

function civil(text: string): CivilDate {
  if (!isCivilDate(text)) throw new Error(`${text} is no date`);
  return text;
}

/** Every text that states facts, but for the facts' own sentences. */
const stating = [...(source.locales.get("en") ?? [])]
  .filter(([name]) => name !== "facts")
  .flatMap(([name, { data }]) => [...textsIn(data).keys()].map((path) => `${name}:${path}`))
  .map((key) => ({ key, ids: translator.factsIn(key) }))
  .filter(({ ids }) => ids.length > 0);

const facts = [...program.facts];
const factOf = (id: string): Fact => {
  const fact = program.facts.get(id);
  if (fact === undefined) throw new Error(`there is no fact ${id}`);
  return fact;
};

/** The days around every review, and one long after all: never today's. */
const reviews = [...new Set(facts.map(([, fact]) => civil(fact["review-by"])))].sort();
const first = reviews[0] ?? civil("2026-12-01");
const last = reviews.at(-1) ?? first;
const days = [addDays(first, -1), ...reviews.flatMap((on) => [addDays(on, -1), on]), addDays(last, 400)];

const saying = (key: string): Say => ({
  parts: [{ style: "text", words: { key, params: { count: 3, date: "", label: "" } } }],
  buttons: [],
  nav: [],
  lane: "reply",
});

/** Without the isolates, which stand wherever Latin does. */
const plain = (text: string) => text.replaceAll(/[\u2066-\u2069]/g, "");

const looking = (language: string) => ({ program, language, words: () => "" });

/** What a fact's record comes to in a language: its sentence with the value put in, the value, its date and its page. */
function spoken(id: string, language: string) {
  const fact = factOf(id);
  const value = plain(sayValue(fact, looking(language)));
  return {
    fact,
    value,
    statement: plain(translator.text(language, `facts:${id}.statement`, { value }, {})),
    asOf: plain(String(sayParam({ kind: "short-date", date: fact["as-of"] }, looking(language)))),
    url: program.sources.get(fact.source)?.url ?? "no page",
  };
}

function rendered(key: string, language: string, on: CivilDate): string {
  const { message } = render({ program, translator }, saying(key), language, on);
  return plain(message.parts.map(({ text }) => text).join("\n"));
}

test("there is something to look at, of every sort", () => {
  expect(stating.length).toBeGreaterThan(60);
  const said = new Set(stating.flatMap(({ ids }) => ids.map((id) => factOf(id).say)));
  expect([...said].sort()).toEqual(["check", "hist", "hold", "ok"]);
});

/** A value that could stand in a text for another reason (a bare small number) is only looked for as the whole sentence. */
const isTelling = (value: string) => value.length > 3;

/** What must not and what must stand in a text that states a fact on a day. */
function rules(id: string, language: string, on: CivilDate) {
  const { fact, value, statement, asOf, url } = spoken(id, language);
  const { kind } = sayingOf(fact, on);
  if (kind === "statement") return { never: [], always: [statement] };
  if (kind === "dated") return { never: [], always: [statement, asOf, url] };
  return { never: [statement, ...(isTelling(value) ? [value] : [])], always: [url] };
}

/** The sentences that a text may hold on a day: another fact may state the same figure. */
function allowed(ids: readonly string[], language: string, on: CivilDate): string {
  return ids
    .filter((id) => ["statement", "dated"].includes(sayingOf(factOf(id), on).kind))
    .map((id) => spoken(id, language).statement)
    .join("\n");
}

function broken(key: string, ids: readonly string[], language: string, on: CivilDate): readonly string[] {
  const text = rendered(key, language, on);
  const fine = allowed(ids, language, on);
  return ids.flatMap((id) => {
    const { never, always } = rules(id, language, on);
    return [
      ...never
        .filter((one) => text.includes(one) && !fine.includes(one))
        .map((one) => `${key} tells “${one}”`),
      ...always.filter((one) => !text.includes(one)).map((one) => `${key} lacks “${one}”`),
    ];
  });
}

describe.each(program.languages)("every text that states facts, in %s", (language) => {
  test.each(days)("on %s says what may be said, and no more", (on) => {
    expect(stating.flatMap(({ key, ids }) => broken(key, ids, language, on))).toEqual([]);
  });
});

test("a `hold` or an expired `check` is never told by any text of its own accord", () => {
  const far = addDays(last, 1);
  const figures = facts
    .filter(([, fact]) => fact.unit === "usd" && fact.value !== undefined)
    .map(([id, fact]) => [id, sayValue(fact, looking("en"))] as const);
  expect(figures.length).toBeGreaterThan(3);
  for (const [name, file] of source.locales.get("en") ?? []) {
    if (name === "facts") continue;
    for (const [path, text] of textsIn(file.data))
      for (const [id, value] of figures)
        expect(text.includes(value), `${name}:${path} repeats ${id}`).toBe(false);
  }
  expect(sayingOf(factOf(figures[0]?.[0] ?? ""), far).kind).toBe("expired");
});

describe("what may be said", () => {
  const fact = (say: Fact["say"]) => ({ say, "review-by": "2027-01-21" }) as const;

  test.each([
    ["ok", "2027-01-20", "statement"],
    ["ok", "2099-01-01", "statement"],
    ["hist", "2099-01-01", "statement"],
    ["hold", "2000-01-01", "hold"],
    ["hold", "2099-01-01", "hold"],
    ["check", "2027-01-20", "dated"],
    ["check", "2027-01-21", "expired"],
    ["check", "2027-01-22", "expired"],
  ] as const)("%s on %s: %s", (say, on, kind) => {
    expect(sayingOf(fact(say), civil(on)).kind).toBe(kind);
  });

  test("a message is worded anew on the first review day that is still to come", () => {
    const check = (on: string) => ({ say: "check", "review-by": on }) as const;
    expect(agesOn([check("2027-03-01"), check("2027-02-01"), fact("ok")], civil("2027-01-01"))).toBe(
      "2027-02-01",
    );
    expect(agesOn([check("2027-03-01"), check("2027-02-01")], civil("2027-02-01"))).toBe("2027-03-01");
    expect(agesOn([check("2027-02-01"), fact("hold"), fact("hist")], civil("2027-02-01"))).toBeUndefined();
  });

  test("a rendered message says when it ages, and not before a day it could be sent on", () => {
    for (const { key, ids } of stating) {
      const on = addDays(first, -1);
      const { agesOn: ages } = render({ program, translator }, saying(key), "en", on);
      expect(ages).toBe(agesOn(ids.map(factOf), on));
      if (ages !== undefined) expect(ages > on).toBe(true);
    }
  });
});
