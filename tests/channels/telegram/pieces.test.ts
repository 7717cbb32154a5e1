import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maxRawBytes, maxTextUnits } from "../../../src/channels/telegram/capabilities.ts";
import { openTelegram } from "../../../src/channels/telegram/channel.ts";
import { htmlOf, piecesOf } from "../../../src/channels/telegram/pieces.ts";
import type { Message, Part } from "../../../src/core/nouns/message.ts";
import { keepingLog } from "../../logs.ts";
import { readText } from "../../stand-ins/telegram/text.ts";
import { clock, emptyProfile, keepingTransport, message, outgoing } from "./given.ts";

/** What Telegram would show of a message, piece by piece, with the styled stretches of each. */
async function shown(given: Message) {
  const { calls, transport } = keepingTransport();
  const channel = openTelegram({
    id: "playground/telegram",
    token: "1000001:example",
    profile: emptyProfile,
    log: keepingLog(),
    clock,
    transport,
  });
  const outcome = await channel.send(outgoing({ message: given }));
  const pieces = calls.map(({ payload }) => {
    const read = readText(payload);
    if (read.kind === "refused") throw new Error(read.reason);
    return {
      text: read.text,
      styles: read.entities.map(({ type, offset, length }) => [
        type,
        read.text.slice(offset, offset + length),
      ]),
    };
  });
  return { outcome, pieces };
}

const blank = /[\s\p{Cf}]+/gu;
/** Each text mended by itself: a half at the end of one and a half at the beginning of the next make no character. */
const visible = (texts: readonly string[]) =>
  texts
    .map((text) => text.toWellFormed())
    .join("")
    .replaceAll(blank, "");

const style = fc.constantFrom<Part["style"]>("heading", "text", "note");
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(
      "<",
      ">",
      "&",
      "&amp;",
      "<b>",
      "</i>",
      "\n",
      " ",
      "\ud800",
      "\udc00",
      "\u2068",
      "پ",
    ),
  }),
  fc
    .tuple(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), fc.integer({ min: 1, max: 3000 }))
    .map(([text, times]) => text.repeat(times)),
  fc.lorem({ mode: "sentences", maxCount: 150 }),
);
const anyParts = fc.array(fc.record({ style, text: anyText }), { maxLength: 6 });

describe("any text in any part", () => {
  it("is shown literally and in order, in pieces that Telegram takes", async () => {
    await fc.assert(
      fc.asyncProperty(anyParts, async (parts) => {
        const { outcome, pieces } = await shown(message(parts));
        expect(visible(pieces.map(({ text }) => text))).toBe(visible(parts.map(({ text }) => text)));
        expect(outcome.kind).toBe(pieces.length === 0 ? "refused" : "sent");
      }),
      {
        numRuns: 200,
        examples: [
          [
            [
              { style: "text", text: "a\ud83d" },
              { style: "text", text: "\ude00b" },
            ],
          ],
        ],
      },
    );
  });

  it("keeps every character, spaces included, where one piece is enough", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: "binary", minLength: 1 }), { minLength: 1, maxLength: 5 }),
        async (texts) => {
          const { pieces } = await shown(message(texts.map((text) => `a${text}z`)));
          expect(pieces.map(({ text }) => text)).toEqual([
            texts.map((text) => `a${text.toWellFormed()}z`).join("\n\n"),
          ]);
        },
      ),
    );
  });

  it("has the style of its part and no other", async () => {
    const word = fc.string({ unit: fc.constantFrom("<", "&", "b", "پ", ">"), minLength: 1, maxLength: 20 });
    const tags = { heading: "bold", note: "italic" } as const;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ style, text: word }), { minLength: 1, maxLength: 8 }),
        async (parts) => {
          const { pieces } = await shown(message(parts));
          const expected = parts.flatMap((part) =>
            part.style === "text" ? [] : [[tags[part.style], part.text]],
          );
          expect(pieces.flatMap(({ styles }) => styles)).toEqual(expected);
        },
      ),
    );
  });
});

describe("a text that is too long is cut", () => {
  const family = "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}";
  const flag = "\u{1f1e6}\u{1f1eb}";
  const cut = async (text: string) => (await shown(message([text]))).pieces.map((piece) => piece.text);

  it.each<readonly [string, string, readonly string[]]>([
    ["nowhere at 4096 units", "a".repeat(4096), ["a".repeat(4096)]],
    [
      "after the last paragraph that fits",
      `${"a".repeat(3000)}\n\n${"b. ".repeat(500)}`,
      ["a".repeat(3000), "b. ".repeat(500).trim()],
    ],
    [
      "else after the last line",
      `${"a".repeat(3000)}\n${"b. ".repeat(500)}`,
      ["a".repeat(3000), "b. ".repeat(500).trim()],
    ],
    [
      "else after the last sentence",
      `${"a".repeat(3000)}. ${"B".repeat(3000)}.`,
      [`${"a".repeat(3000)}.`, `${"B".repeat(3000)}.`],
    ],
    [
      "else after the last word",
      `${"a".repeat(3000)} ${"b".repeat(3000)}`,
      ["a".repeat(3000), "b".repeat(3000)],
    ],
    ["else between letters", "a".repeat(5000), ["a".repeat(4096), "a".repeat(904)]],
    [
      "never inside a surrogate pair",
      `a${"\u{1f600}".repeat(2048)}`,
      [`a${"\u{1f600}".repeat(2047)}`, "\u{1f600}"],
    ],
    ["never inside an emoji of several", family.repeat(513), [family.repeat(512), family]],
    ["never inside a flag", `a${flag.repeat(1024)}`, [`a${flag.repeat(1023)}`, flag]],
    ["never between a letter and its mark", `${"b".repeat(4095)}e\u0301`, ["b".repeat(4095), "e\u0301"]],
    [
      "early only where nothing better is left",
      `a\n\n${"b".repeat(4096)}`,
      [`a\n\n${"b".repeat(4093)}`, "bbb"],
    ],
    [
      "within one letter, where it alone is too long",
      `e${"\u0301".repeat(5000)}`,
      [`e${"\u0301".repeat(4095)}`, "\u0301".repeat(905)],
    ],
  ])("%s", async (_, text, expected) => {
    expect(await cut(text)).toEqual(expected);
  });

  it("into parts of its own style, whole parts kept whole", async () => {
    const parts: readonly Part[] = [
      { style: "heading", text: "Short" },
      { style: "note", text: "n".repeat(5000) },
      { style: "text", text: "t".repeat(3000) },
      { style: "heading", text: "End" },
    ];
    const { pieces } = await shown(message(parts));
    expect(
      pieces.map(({ text, styles }) => [
        text.length,
        ...styles.map(([type, words]) => `${type} ${words?.length}`),
      ]),
    ).toEqual([
      [5, "bold 5"],
      [4096, "italic 4096"],
      [904 + 2 + 3000 + 2 + 3, "italic 904", "bold 3"],
    ]);
  });

  it("so that the worst that can be escaped stays below the limit of raw bytes", () => {
    const whole: readonly Part[] = [{ style: "heading", text: "&".repeat(maxTextUnits) }];
    const many = Array.from({ length: 1366 }, (): Part => ({ style: "heading", text: "&" }));
    for (const parts of [whole, many]) {
      const pieces = piecesOf(parts);
      expect(pieces).toHaveLength(1);
      expect(Buffer.byteLength(htmlOf(pieces[0] ?? []))).toBeLessThan(maxRawBytes);
    }
  });
});
