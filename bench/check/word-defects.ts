import { isJsonObject, valueAt } from "../../src/core/flow/source.ts";
import type { Defect } from "./defect.ts";
import { inAllWords, inFlow, inWords, stepsIn, textAt } from "./edit.ts";
import { inTexts, isFlowText, others } from "./plant-words.ts";

/** Languages' files that lack, or have too much of, something. */
const translations: readonly Defect[] = [
  {
    kind: "missing translation",
    stage: "content",
    says: /is missing/,
    plants: (shipped) => inTexts(shipped, others, (text) => (isFlowText(shipped, text) ? undefined : null)),
  },
  {
    kind: "missing file of a language",
    stage: "content",
    says: /the file is missing/,
    plants: ({ source, program }) =>
      [...program.flows.keys()].flatMap((flow) =>
        source.locales.get("ps")?.has(flow) !== true
          ? []
          : [
              {
                where: `ps/${flow}`,
                source: () => {
                  const files = new Map(source.locales.get("ps") ?? []);
                  files.delete(flow);
                  return { ...source, locales: new Map(source.locales).set("ps", files) };
                },
              },
            ],
      ),
  },
  {
    kind: "text that English has not",
    stage: "content",
    says: /is not in English/,
    plants: ({ source, program }) =>
      [...program.flows.keys()].map((flow) => ({
        where: `es/${flow}`,
        source: () => inWords(source, "es", flow, ["lost", "text"], "Perdido."),
      })),
  },
  {
    kind: "stale translation",
    stage: "translations",
    says: /is behind the English/,
    plants: (shipped) =>
      inTexts(shipped, ["en"], (text) =>
        isFlowText(shipped, text) ? `${text.text} Please read this.` : null,
      ),
  },
  {
    kind: "misspelt placeholder in one language",
    stage: "content",
    says: /which English has not/,
    plants: (shipped) =>
      inTexts(shipped, others, ({ text, file }) =>
        text.includes("{{count}}") && file.startsWith("reminders/")
          ? text.replace("{{count}}", "{{cuont}}")
          : null,
      ),
  },
  {
    kind: "fact left out in one language",
    stage: "content",
    says: /lacks \{\{fact/,
    plants: (shipped) =>
      inTexts(shipped, others, ({ text, file }) =>
        /\{\{fact\.[^}]+\}\}/.test(text) && file.startsWith("screening/")
          ? text.replace(/\{\{fact\.[^}]+\}\}/, "")
          : null,
      ),
  },
  {
    kind: "missing plural form",
    stage: "content",
    says: /lacks _/,
    plants: (shipped) =>
      inTexts(shipped, others, ({ file, path }) =>
        file.startsWith("reminders/") && /_(one|many|other)$/.test(String(path[0])) ? undefined : null,
      ),
  },
  {
    kind: "plural form that the language has not",
    stage: "content",
    says: /has _many/,
    plants: ({ source }) =>
      [...(source.locales.get("ps") ?? [])]
        .filter(
          ([name, { data }]) => name.startsWith("reminders/") && textAt(data, ["before_one"]) !== undefined,
        )
        .map(([name]) => ({
          where: `ps/${name}`,
          source: () => inWords(source, "ps", name, ["before_many"], "{{count}} {{label}} {{date}}"),
        })),
  },
  {
    kind: "placeholder that nothing fills",
    stage: "content",
    says: /lacks|nothing fills/,
    plants: (shipped) =>
      inTexts(shipped, ["en"], (text) =>
        isFlowText(shipped, text) ? `${text.text} {{answers.nobody}}` : null,
      ).map((plant) => plant),
  },
  {
    kind: "words for an option that is not there",
    stage: "texts",
    says: /nothing uses/,
    plants: ({ source, program }) =>
      [...program.steps.values()]
        .filter((step) => step.kind === "ask")
        .map(({ inFlow, id, place }) => ({
          where: place,
          source: () => inAllWords(source, inFlow, [id, "accept", "no-such-option"], ["a word"]),
        })),
  },
  {
    kind: "brace too few",
    stage: "content",
    says: /would read the braces/,
    plants: (shipped) =>
      inTexts(shipped, ["en"], ({ text }) => (text.includes("{{") ? text.replace("{{", "{") : null)),
  },
  {
    kind: "text of the engine left out",
    stage: "compile",
    says: /is missing/,
    plants: ({ source }) =>
      ["not-understood", "moved-on", "faq.none", "date.confirm", "stopped"].map((key) => ({
        where: `conversation:${key}`,
        source: () => inAllWords(source, "conversation", key.split("."), undefined),
      })),
  },
];

/** Texts that don't fit, or show other than meant. */
const drawings: readonly Defect[] = [
  {
    kind: "placeholder that the engine does not fill, in all languages",
    stage: "rendering",
    says: /\{\{nobody\}\}, which nothing fills/,
    plants: ({ source }) =>
      ["faq.none", "not-understood", "moved-on", "media"].map((key) => ({
        where: `conversation:${key}`,
        source: () => inAllWords(source, "conversation", key.split("."), "{{nobody}}"),
      })),
  },
  {
    kind: "option's label too long in one language",
    stage: "content",
    says: /fit on its button/,
    plants: (shipped) =>
      inTexts(shipped, others, ({ file, path, text }) =>
        shipped.program.flows.has(file) && path[1] === "options" ? `${text} ${"و".repeat(25)}` : null,
      ),
  },
  {
    kind: "command's label too long in one language",
    stage: "content",
    says: /fit on its button/,
    plants: (shipped) =>
      inTexts(shipped, others, ({ file, path, text }) =>
        file === "commands" && path[1] === "label" ? `${text} ${"x".repeat(21)}` : null,
      ),
  },
  {
    kind: "title that leaves no room for the person's word in a row",
    stage: "content",
    says: /of a row for the person's own word/,
    plants: (shipped) =>
      inTexts(shipped, others, ({ file, path, text }) =>
        file.startsWith("reminders/") && path[0] === "title" ? `${text} ${"x".repeat(14)}` : null,
      ),
  },
  {
    kind: "text too long for a message in one language",
    stage: "rendering",
    says: /on Telegram it has a text that is cut/,
    plants: (shipped) =>
      inTexts(shipped, ["es"], (text) =>
        isFlowText(shipped, text) ? `${text.text} ${"Muy largo. ".repeat(400)}` : null,
      ),
  },
  {
    kind: "bidi control that is not closed",
    stage: "rendering",
    says: /not closed/,
    plants: (shipped) =>
      inTexts(shipped, ["fa-AF"], (text) => (isFlowText(shipped, text) ? `${text.text} \u2067(` : null)),
  },
  {
    kind: "two buttons alike in one language",
    stage: "content",
    says: /means/,
    plants: (shipped) =>
      stepsIn(shipped, "ask").flatMap(({ flow, id }) => {
        const options = valueAt(shipped.source.locales.get("es")?.get(flow)?.data, [id, "options"]);
        const [one, two] = isJsonObject(options) ? Object.keys(options) : [];
        const label = one === undefined ? undefined : textAt(options, [one]);
        return two === undefined || label === undefined
          ? []
          : [
              {
                where: `${flow}:${id}`,
                source: () => inWords(shipped.source, "es", flow, [id, "options", two], label),
              },
            ];
      }),
  },
  {
    kind: "more options than a list has rows",
    stage: "rendering",
    says: /a list has 10 rows/,
    plants: (shipped) =>
      stepsIn(shipped, "ask").flatMap(({ flow, id, body }) => {
        const options = valueAt(body["answer"], ["options"]);
        const next = isJsonObject(body["next"]) ? Object.values(body["next"])[0] : body["next"];
        if (!Array.isArray(options) || typeof next !== "string") return [];
        const more = Array.from({ length: 11 - options.length }, (_, at) => `extra-${at + 1}`);
        return [
          {
            where: `${flow}:${id}`,
            source: () =>
              more.reduce(
                (all, option) => inAllWords(all, flow, [id, "options", option], `Extra ${option.slice(6)}`),
                inFlow(
                  inFlow(shipped.source, flow, ["steps", id, "answer", "options"], [...options, ...more]),
                  flow,
                  ["steps", id, "next"],
                  next,
                ),
              ),
          },
        ];
      }),
  },
  {
    kind: "button's id too long",
    stage: "content",
    says: /more than 64 bytes/,
    plants: (shipped) =>
      stepsIn(shipped, "ask").flatMap(({ flow, id, body }) => {
        const options = valueAt(body["answer"], ["options"]);
        const next = isJsonObject(body["next"]) ? Object.values(body["next"])[0] : body["next"];
        const long = `a-${"very-".repeat(12)}long-name`;
        if (!Array.isArray(options) || typeof next !== "string" || options.length > 8) return [];
        return [
          {
            where: `${flow}:${id}`,
            source: () =>
              inAllWords(
                inFlow(
                  inFlow(shipped.source, flow, ["steps", id, "answer", "options"], [...options, long]),
                  flow,
                  ["steps", id, "next"],
                  next,
                ),
                flow,
                [id, "options", long],
                "Long",
              ),
          },
        ];
      }),
  },
];

/** Defects of translations, and of what is drawn. */
export const wordDefects: readonly Defect[] = [...translations, ...drawings];
