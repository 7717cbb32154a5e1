import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Step, stepsOf } from "../../../src/channels/whatsapp/forms.ts";
import { textOf } from "../../../src/channels/whatsapp/text.ts";
import type { Button, Message, Part } from "../../../src/core/nouns/message.ts";
import { buttons, message, ways } from "./given.ts";

const sidOf = (record: string): string => `HX-${record}`;
const none = (): undefined => undefined;

/** The steps in short: texts as they are, records as [name, …variables in their order]. */
function short(steps: readonly Step[]): readonly (string | readonly string[])[] {
  return steps.map((step) =>
    step.kind === "text"
      ? step.body
      : [step.record, ...Object.keys(step.variables).map((_, index) => step.variables[index + 1] ?? "?")],
  );
}

const steps = (about: Partial<Message>) => short(stepsOf(message(about), sidOf));
const body = "Are you outside the U.S.?";
const numbers = (count: number) => Array.from({ length: count }, (_, index) => `Row ${index}`);
const rows = (list: readonly Button[]) => list.flatMap(({ label, id }) => [label, id]);

describe("the form of a message", () => {
  it("is a text where there is nothing to tap", () => {
    expect(steps({})).toStrictEqual([body]);
  });

  it("is quick replies for up to three short ones, ways out included", () => {
    expect(steps({ buttons: buttons("Yes", "No"), nav: ways("Back") })).toStrictEqual([
      ["parwana_quick_reply_3", body, "Yes", "x:0", "No", "x:1", "Back", "nav:0"],
    ]);
    expect(steps({ nav: ways("Menu") })).toStrictEqual([["parwana_quick_reply_1", body, "Menu", "nav:0"]]);
  });

  it.each<readonly [string, readonly string[], string]>([
    ["20 units still are a quick reply", ["a".repeat(20)], "parwana_quick_reply_1"],
    ["21 units are a row", ["a".repeat(21)], "parwana_list_1"],
    ["24 units still are a row", ["a".repeat(24)], "parwana_list_1"],
    ["four are a list", numbers(4), "parwana_list_4"],
    ["ten are a list", numbers(10), "parwana_list_10"],
  ])("%s", (_name, labels, record) => {
    const list = buttons(...labels);
    const head = record.startsWith("parwana_list") ? ["Choose"] : [];
    expect(steps({ buttons: list })).toStrictEqual([[record, body, ...head, ...rows(list)]]);
  });

  it("is a list with only those ways out that there is room for", () => {
    const list = buttons(...numbers(9));
    expect(steps({ buttons: list, nav: ways("Back", "Menu") })).toStrictEqual([
      ["parwana_list_10", body, "Choose", ...rows(list), "Back", "nav:0"],
    ]);
  });

  const menu = (...labels: readonly string[]) =>
    labels.map((label, index) => `${index + 1}. ${label}`).join("\n");

  it.each<readonly [string, Partial<Message>, string]>([
    ["more than ten", { buttons: buttons(...numbers(11)), nav: ways("Back") }, menu(...numbers(11), "Back")],
    ["a long label", { buttons: buttons("a".repeat(25), "No") }, menu("a".repeat(25), "No")],
    ["two labels alike", { buttons: buttons("Yes", "Yes ") }, menu("Yes", "Yes")],
    ["an empty label", { buttons: buttons("Yes", "\u2068\u2069") }, "1. Yes\n2. \u2068\u2069"],
    ["a label with a placeholder", { buttons: buttons("{{1}}") }, menu("{{1}}")],
    ["no word to open a list with", { buttons: buttons(...numbers(4)), listLabel: " " }, menu(...numbers(4))],
    [
      "a label with line breaks",
      { buttons: buttons("a\n\n b".repeat(6)) },
      menu("a b".repeat(6).replaceAll("ba", "ba")),
    ],
  ])("is a numbered menu with %s", (_name, about, expected) => {
    const [only, ...more] = steps(about);
    expect(more).toStrictEqual([]);
    if (Array.isArray(only)) expect(only[1]).toBe(body);
    else expect(only).toBe(`${body}\n\n${expected}`);
  });

  it("is a numbered menu while there is no record", () => {
    const about = message({ buttons: buttons("Yes", "No"), nav: ways("*Back*") });
    expect(short(stepsOf(about, none))).toStrictEqual([`${body}\n\n1. Yes\n2. No\n3. ＊Back＊`]);
  });

  it("begins each numbered line from the right in a right-to-left language, and isolates its number and Latin words", () => {
    const about = message({
      language: "fa-AF",
      parts: [{ style: "text", text: "کدام؟" }],
      buttons: buttons("بلی", "I-131 دارم"),
    });
    expect(short(stepsOf(about, none))).toStrictEqual([
      "کدام؟\n\n\u200f\u20681.\u2069 بلی\n\u200f\u20682.\u2069 \u2068I-131\u2069 دارم",
    ]);
  });

  it("sends the last of several lines with the buttons, and the others first", () => {
    const lines = {
      parts: [{ style: "text", text: "First.\nSecond." }],
      buttons: buttons("Yes", "No"),
    } as const;
    expect(steps(lines)).toStrictEqual([
      "First.",
      ["parwana_quick_reply_2", "Second.", "Yes", "x:0", "No", "x:1"],
    ]);
  });

  it.each<readonly [string, string]>([
    ["a tab", "First.\tSecond."],
    ["a run of spaces", "First.     Second."],
    ["more than 1024 units", "word ".repeat(210).trim()],
    ["braces", "Write {{name}}."],
    ["line breaks and a last line that does not fit", `First.\n${"word ".repeat(210).trim()}`],
  ])("lets a text with %s leave first, and sends one line with the buttons", (_name, text) => {
    expect(steps({ parts: [{ style: "text", text }], buttons: buttons("Yes", "No") })).toStrictEqual([
      text,
      ["parwana_quick_reply_2", "Choose", "Yes", "x:0", "No", "x:1"],
    ]);
  });

  it("keeps a text of exactly 1024 units with the buttons", () => {
    const text = "a".repeat(1024);
    expect(steps({ parts: [{ style: "text", text }], buttons: buttons("Yes") })).toStrictEqual([
      ["parwana_quick_reply_1", text, "Yes", "x:0"],
    ]);
  });

  it("divides a long text at its paragraphs", () => {
    const paragraph = "Sentence. ".repeat(90).trim();
    const parts: readonly Part[] = [paragraph, paragraph, "End."].map((text) => ({ style: "text", text }));
    expect(steps({ parts })).toStrictEqual([paragraph, `${paragraph}\n\nEnd.`]);
  });

  it("is nothing where there is nothing to say", () => {
    expect(steps({ parts: [{ style: "text", text: " \u2068\u2069\n" }] })).toStrictEqual([]);
  });
});

describe("a text", () => {
  it.each<readonly [string, Part, string]>([
    ["a heading is bold", { style: "heading", text: "Your dates" }, "*Your dates*"],
    ["a note is slanted", { style: "note", text: "Not legal advice." }, "_Not legal advice._"],
    ["each line for itself", { style: "heading", text: " One\n\nTwo " }, " *One*\n\n*Two* "],
    ["own signs format nothing", { style: "text", text: "*a* _b_ ~c~ `d`" }, "＊a＊ ＿b＿ ～c～ ｀d｀"],
    ["own signs in a heading", { style: "heading", text: "a*b" }, "*a＊b*"],
    [
      "links stay whole",
      { style: "text", text: "see https://x.example/a_b~c (http://y.example/_z_)." },
      "see https://x.example/a_b~c (http://y.example/_z_).",
    ],
    [
      "mail addresses stay whole",
      { style: "text", text: "write to a_b@x.example." },
      "write to a_b@x.example.",
    ],
    [
      "a note's line with a link stays plain",
      { style: "note", text: "Source: https://x.example/a_\nOld." },
      "Source: https://x.example/a_\n_Old._",
    ],
    ["no control characters", { style: "text", text: "a\u0000b\r\nc\u2028d\ud800" }, "ab\nc\nd\ufffd"],
  ])("%s", (_name, part, expected) => {
    expect(textOf([part])).toBe(expected);
  });
});

const unit = fc.constantFrom(
  "a",
  "B",
  "1",
  " ",
  "\n",
  "*",
  "_",
  "~",
  "`",
  ".",
  "{",
  "}",
  "\t",
  "@",
  "/",
  "م",
  "ی",
  "é",
  "👨‍👩‍👧",
  "\u200f",
  "\u2068",
  "\ud800",
  "https://x.example/a_b ",
);
const text = (maxLength: number) => fc.string({ unit, maxLength });
const anyMessage = fc.record<Message>({
  language: fc.constantFrom("en", "fa-AF", "ps", "es"),
  parts: fc.array(fc.record({ style: fc.constantFrom("heading", "text", "note"), text: text(900) }), {
    maxLength: 5,
  }),
  buttons: fc.array(fc.record({ id: text(20), label: text(30) }), { maxLength: 12 }),
  nav: fc.array(fc.record({ id: text(20), label: text(30) }), { maxLength: 3 }),
  listLabel: text(24),
});

/** What WhatsApp would format: a pair of signs on one line, around something that neither begins nor ends with a space. */
const formatted = /(?<![\p{L}\p{N}])([*_~`])(?=\S)[^\n]*?(?<=\S)\1(?![\p{L}\p{N}])/u;
const opaque = (shown: string) => shown.replace(/\S*(?:https?:\/\/|@)\S*/g, "");

function keepsToLimits(step: Step): void {
  const values = step.kind === "text" ? [step.body] : Object.values(step.variables);
  for (const value of values) {
    expect(value.isWellFormed()).toBe(true);
    expect(value.trim()).not.toBe("");
    expect(value.length).toBeLessThanOrEqual(step.kind === "text" ? 1600 : 1024);
    if (step.kind === "record") expect(value).not.toMatch(/[\n\r\t]| {5}|\{\{|\}\}/);
  }
}

describe("any message", () => {
  it("keeps to every limit, in well-formed Unicode, with variables that Twilio takes", () => {
    fc.assert(
      fc.property(anyMessage, fc.boolean(), (given, haveRecords) => {
        stepsOf(given, haveRecords ? sidOf : none).forEach(keepsToLimits);
      }),
      { numRuns: 300 },
    );
  });

  it("shows its text literally: nothing in it formats, nothing but white space is lost", () => {
    const bare = (shown: string) => shown.normalize("NFKC").replace(/[\s\p{Cc}\ufffd]/gu, "");
    const parts = fc.array(fc.record({ style: fc.constant("text" as const), text: text(900) }), {
      maxLength: 4,
    });
    fc.assert(
      fc.property(parts, (given) => {
        const shown = stepsOf(message({ parts: given }), none).map((step) =>
          step.kind === "text" ? step.body : "",
        );
        for (const one of shown) expect(opaque(one)).not.toMatch(formatted);
        const visible = given.filter((part) => /[^\s\p{Cf}]/u.test(part.text));
        expect(bare(shown.join(""))).toBe(bare(visible.map((part) => part.text.toWellFormed()).join("")));
      }),
      { numRuns: 300 },
    );
  });

  it("offers every button once: by its id, or under its number", () => {
    fc.assert(
      fc.property(anyMessage, (given) => {
        const out = stepsOf(given, sidOf);
        const last = out.at(-1);
        if (last?.kind !== "record") return;
        const values = Object.values(last.variables);
        for (const { id } of given.buttons) expect(values).toContain(id);
      }),
      { numRuns: 200 },
    );
  });
});
