import { describe, expect, test } from "vitest";
import { textsIn } from "../../../src/content/text-keys.ts";
import type { CivilDate } from "../../../src/core/dates/civil-date.ts";
import { addDays } from "../../../src/core/dates/civil-date.ts";
import { agesOn, sayingOf } from "../../../src/core/facts/say-fact.ts";
import type { Fact } from "../../../src/core/flow/program.ts";
import { sayValues } from "../../../src/core/render/format.ts";
import { render } from "../../../src/core/render/render.ts";
import {
  allowed,
  civil,
  content,
  days,
  factOf,
  facts,
  first,
  last,
  looking,
  rendered,
  rules,
  saying,
  stating,
} from "./spoken.ts";

const { program, translator, source } = content;

test("there is something to look at, of every sort", () => {
  expect(stating.length).toBeGreaterThan(60);
  const said = new Set(stating.flatMap(({ ids }) => ids.map((id) => factOf(id).say)));
  expect([...said].sort()).toEqual(["check", "hist", "hold", "ok"]);
});

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
    .flatMap(([id, fact]) =>
      Object.values(sayValues(fact, looking("en"))).map((said) => [id, said] as const),
    );
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
