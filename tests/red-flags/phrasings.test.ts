import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Content, loadContent } from "../../src/content/load.ts";
import { textsOf, valueAt } from "../../src/core/flow/source.ts";
import { matchRedFlag } from "../../src/core/red-flags/match-red-flag.ts";

/** Entries that some people only ask about because it has happened to them: there the card is the better answer. */
const happened: Readonly<Record<string, readonly string[]>> = {
  "adjustment-act": ["rf-scam-payment"],
  "background-check": ["rf-criminal-history", "rf-armed-group"],
  deportation: ["rf-court", "rf-notice", "rf-detained"],
  "fix-mistake": ["rf-denial-fraud"],
  immvi: ["rf-denial-fraud", "rf-armed-group"],
  "parole-expired": ["rf-notice", "rf-deadline"],
  "public-benefit": ["rf-court"],
  "public-benefits": ["rf-benefits-fear"],
  rfe: ["rf-notice"],
  "travel-abroad": ["rf-travel"],
  "urgent-reasons": ["rf-violence"],
  "vulnerable-groups": ["rf-danger"],
};
/** Entries about the very thing that a flag is for: whoever asks about it reads the card first. */
const subjects: Readonly<Record<string, readonly string[]>> = {
  "asylum-court": ["rf-court"],
  "case-freeze": ["rf-reinterview"],
  "find-sponsor": ["rf-scam-payment"],
  "know-rights": ["rf-detained"],
  noid: ["rf-notice"],
  "parole-terminated": ["rf-notice"],
  scams: ["rf-scam-payment"],
  "separated-families": ["rf-detained", "rf-denial-fraud"],
};
/** Of all phrasings: those of entries that say what happened, and those that have nothing to do with the flag. */
const mostHappened = 0.01;
const mostWrong = 0.005;

function content(): Content {
  const loaded = loadContent(fileURLToPath(new URL("../..", import.meta.url)));
  if ("issues" in loaded) throw new Error(loaded.issues.map(({ what }) => what).join("\n"));
  return loaded;
}
const { program, source } = content();

/** The title, the label and the phrasings of every entry in every language. */
const asked = Array.from(program.faq.entries.values()).flatMap(({ id, topic }) =>
  program.languages.flatMap((language) => {
    const words = source.locales.get(language)?.get(topic)?.data;
    const phrasings = source.locales.get(language)?.get(topic.replace("faq/", "phrasings/"))?.data;
    const named = [valueAt(words, [id, "title"]), valueAt(words, [id, "label"])];
    return [...named, ...textsOf(valueAt(phrasings, [id]))]
      .filter((text) => typeof text === "string")
      .map((text) => ({ id, text }));
  }),
);

describe("the red-flag words on the questions that we expect", () => {
  it("stay quiet", () => {
    expect(asked.length).toBeGreaterThan(program.faq.entries.size * 10);
    const raised = asked.flatMap(({ id, text }) => {
      const flag = matchRedFlag(program.redFlags.matcher, text)?.id;
      return flag === undefined || subjects[id]?.includes(flag) === true ? [] : [{ id, flag, text }];
    });
    const wrong = raised.filter(({ id, flag }) => happened[id]?.includes(flag) !== true);
    expect(wrong.slice(Math.floor(asked.length * mostWrong))).toEqual([]);
    expect(raised.length - wrong.length).toBeLessThan(asked.length * mostHappened);
  });
});
