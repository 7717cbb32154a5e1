import { isJsonObject, type Json, valueAt } from "../../src/core/flow/source.ts";
import type { Defect } from "./defect.ts";
import { inFlow, inWords, stepsIn, textAt, textsIn } from "./edit.ts";
import { inTexts, isFlowText } from "./plant-words.ts";

/** Words that are read as something else. */
const collisions: readonly Defect[] = [
  {
    kind: "command word that is another command's in another language",
    stage: "content",
    says: /means `.*` elsewhere/,
    plants: ({ source }) =>
      ["menu", "help", "back", "language", "delete"].map((name) => ({
        where: `es: ${name}`,
        source: () => {
          const word =
            textAt(source.locales.get("en")?.get("commands")?.data, ["stop", "words", 0]) ?? "stop";
          return inWords(source, "es", "commands", [name, "words", 0], word);
        },
      })),
  },
  {
    kind: "answer word that is another answer's in another language",
    stage: "content",
    says: /means `.*` elsewhere/,
    plants: (shipped) =>
      stepsIn(shipped, "ask").flatMap(({ flow, id }) => {
        const options = valueAt(shipped.source.locales.get("en")?.get(flow)?.data, [id, "options"]);
        const [one, two] = isJsonObject(options) ? Object.keys(options) : [];
        const label = one === undefined ? undefined : textAt(options, [one]);
        return two === undefined || label === undefined
          ? []
          : [
              {
                where: `${flow}:${id}`,
                source: () => inWords(shipped.source, "ps", flow, [id, "accept", two], [label]),
              },
            ];
      }),
  },
  {
    kind: "answer word that is a command",
    stage: "texts",
    says: /is read as the command/,
    plants: (shipped) =>
      stepsIn(shipped, "ask").flatMap(({ flow, id }) => {
        const options = valueAt(shipped.source.locales.get("en")?.get(flow)?.data, [id, "options"]);
        const [one] = isJsonObject(options) ? Object.keys(options) : [];
        const word =
          textAt(shipped.source.locales.get("en")?.get("commands")?.data, ["stop", "words", 0]) ?? "stop";
        return one === undefined
          ? []
          : [
              {
                where: `${flow}:${id}`,
                source: () => inWords(shipped.source, "es", flow, [id, "accept", one], [word]),
              },
            ];
      }),
  },
  {
    kind: "answer word that raises a red flag",
    stage: "texts",
    says: /is read as the red flag/,
    plants: (shipped) =>
      stepsIn(shipped, "ask").flatMap(({ flow, id }) => {
        const options = valueAt(shipped.source.locales.get("en")?.get(flow)?.data, [id, "options"]);
        const [one] = isJsonObject(options) ? Object.keys(options) : [];
        return one === undefined
          ? []
          : [
              {
                where: `${flow}:${id}`,
                source: () => inWords(shipped.source, "en", flow, [id, "accept", one], ["they will kill me"]),
              },
            ];
      }),
  },
  {
    kind: "red-flag pattern that can't be read",
    stage: "compile",
    says: /can.t be read/,
    plants: ({ source }) =>
      ["rf-danger", "rf-suicide", "rf-detained"].map((flag) => ({
        where: `es: ${flag}`,
        source: () => inWords(source, "es", "red-flags", [flag, "patterns", 0], ".. .. kill"),
      })),
  },
];

/** Facts that are stated other than they may be. */
const statements: readonly Defect[] = [
  {
    kind: "unknown fact",
    stage: "compile",
    says: /there is no fact/,
    plants: (shipped) =>
      inTexts(shipped, ["en"], (text) =>
        isFlowText(shipped, text) ? `${text.text}\n{{fact.no-such-fact}}` : null,
      ),
  },
  {
    kind: "fact inside a sentence",
    stage: "texts",
    says: /stands inside a line/,
    plants: (shipped) => {
      const [id = ""] = [...shipped.program.facts].find(([, { say }]) => say === "hold") ?? [];
      return textsIn(shipped.source, ["en"])
        .filter((text) => isFlowText(shipped, text))
        .map(({ file, path, text }) => ({
          where: `${file}:${path.join(".")}`,
          source: () =>
            [...shipped.source.locales.keys()].reduce(
              (all, language) => inWords(all, language, file, path, `${text} It is so: {{fact.${id}}}`),
              shipped.source,
            ),
        }));
    },
  },
  {
    kind: "statement of the past without its date",
    stage: "texts",
    says: /does not say of when/,
    plants: ({ source, program }) =>
      [...program.facts]
        .filter(([, { say }]) => say === "hist")
        .map(([id]) => ({
          where: id,
          source: () => inWords(source, "en", "facts", [id, "statement"], "This is over."),
        })),
  },
  {
    kind: "figure typed into a text",
    stage: "texts",
    says: /typed in/,
    plants: (shipped) =>
      inTexts(shipped, ["en"], (text) => (isFlowText(shipped, text) ? `${text.text} It costs $575.` : null)),
  },
  {
    kind: "word that may not be used",
    stage: "texts",
    says: /is forbidden/,
    plants: (shipped) =>
      inTexts(shipped, ["es"], (text) =>
        isFlowText(shipped, text) ? `${text.text} Es libertad condicional.` : null,
      ),
  },
  {
    kind: "expired fact",
    stage: "facts",
    says: /past its review/,
    plants: ({ source, program }) =>
      [...program.facts]
        .filter(([, { say }]) => say === "check")
        .map(([id]) => ({
          where: id,
          source: () => {
            const checked = inFlow(source, "facts", ["facts", id, "checked-on"], "2019-12-01");
            return inFlow(checked, "facts", ["facts", id, "review-by"], "2020-01-01");
          },
        })),
  },
];

/** Tables that say what can't be. */
const tables: readonly Defect[] = [
  {
    kind: "reminder ladder out of order",
    stage: "compile",
    says: /the days of the ladder don.t fall/,
    plants: (shipped) =>
      [...shipped.program.reminders].flatMap(([kind, { ladder }]) =>
        ladder === undefined
          ? []
          : [
              {
                where: kind,
                source: () => inFlow(shipped.source, `reminders/${kind}`, ["ladder"], [...ladder].reverse()),
              },
            ],
      ),
  },
  {
    kind: "reminder hours that end before they begin",
    stage: "compile",
    says: /the hours end before they begin/,
    plants: (shipped) =>
      [...shipped.program.reminders.keys()].map((kind) => ({
        where: kind,
        source: () => inFlow(shipped.source, `reminders/${kind}`, ["hours"], [20, 9]),
      })),
  },
  named("unknown flow of a call", "call", "flow"),
  named("unknown reminder", "remind", "reminder"),
  named("unknown answer of a reminder's date", "remind", "date"),
  {
    kind: "unknown flow of a command",
    stage: "compile",
    says: /there is no flow/,
    plants: (shipped) =>
      [...shipped.program.commands].flatMap(([name, command]) =>
        "flow" in command
          ? [
              {
                where: name,
                source: () => inFlow(shipped.source, "commands", ["commands", name, "flow"], "no-such-flow"),
              },
            ]
          : [],
      ),
  },
  ...(["facts", "sources", "related"] as const).map(
    (field): Defect => ({
      kind: `unknown ${field} of a question`,
      stage: "compile",
      says: /there is no (fact|source|entry) `no-such-name`/,
      plants: ({ source }) =>
        [...source.flows.keys()]
          .filter((name) => name.startsWith("faq/"))
          .map((name) => ({
            where: name,
            source: () => inFlow(source, name, ["entries", 0, field], ["no-such-name"]),
          })),
    }),
  ),
  {
    kind: "question that is there twice",
    stage: "compile",
    says: /there is another entry/,
    plants: ({ source }) =>
      [...source.flows.keys()]
        .filter((name) => name.startsWith("faq/"))
        .flatMap((name) => {
          const first: Json | undefined = valueAt(source.flows.get(name)?.data, ["entries", 0]);
          return first === undefined
            ? []
            : [{ where: name, source: () => inFlow(source, name, ["entries", 999], first) }];
        }),
  },
];

function named(kind: string, stepKind: string, field: string): Defect {
  return {
    kind,
    stage: "compile",
    says: /there is no (flow|reminder|answer) `no-such-name`/,
    plants: (shipped) =>
      stepsIn(shipped, stepKind).flatMap(({ flow, id, body }) =>
        typeof body[field] === "string"
          ? [
              {
                where: `${flow}:${id}`,
                source: () => inFlow(shipped.source, flow, ["steps", id, field], "no-such-name"),
              },
            ]
          : [],
      ),
  };
}

/** Defects of words that people write, of facts, and of the tables. */
export const tableDefects: readonly Defect[] = [...collisions, ...statements, ...tables];
