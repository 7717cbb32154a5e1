import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type Content, loadContent } from "../../src/content/load.ts";
import { textsOf, valueAt } from "../../src/core/flow/source.ts";
import { matchRedFlag } from "../../src/core/red-flags/match-red-flag.ts";

/** Entries that some people only ask about because it has happened to them: there the card is the better answer. */
const happened: Readonly<Record<string, string>> = {
  scams: "rf-scam-payment",
  "adjustment-act": "rf-scam-payment",
  rfe: "rf-notice",
  "parole-expired": "rf-notice",
  "public-benefit": "rf-court",
  "vulnerable-groups": "rf-danger",
};
/** Entries about the very thing that a flag is for: whoever asks about it reads the card first. */
const subjects: Readonly<Record<string, string>> = {
  noid: "rf-notice",
  "parole-terminated": "rf-notice",
  "asylum-court": "rf-court",
  "know-rights": "rf-detained",
  "separated-families": "rf-detained",
};
/** Of all phrasings, so that the list above does not become a way out. */
const mostRaised = 0.008;

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
      const flag = matchRedFlag(program.redFlags.matcher, text);
      return flag === undefined || subjects[id] === flag.id ? [] : [{ id, flag: flag.id, text }];
    });
    expect(raised.filter(({ id, flag }) => happened[id] !== flag)).toEqual([]);
    expect(raised.length).toBeLessThan(asked.length * mostRaised);
  });
});
