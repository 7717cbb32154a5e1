import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { po } from "gettext-parser";
import { describe, expect, it } from "vitest";
import { exportPo } from "../../src/content/po-export.ts";
import { importPo } from "../../src/content/po-import.ts";
import { stampTranslations } from "../../src/content/stamp.ts";
import { projectRoot } from "../project-root.ts";
import { tree } from "./tree.ts";

const json = (data: unknown) => `${JSON.stringify(data, undefined, 2)}\n`;

const english = {
  "a.json": {
    ask: { text: "Say {{name}}", options: { yes: "Yes" }, accept: { yes: ["yes", "yep"] } },
    days_one: "{{count}} day",
    days_other: "{{count}} days",
    tall: 'A "quoted" line\nand one more',
  },
  "facts.json": { fee: { statement: "The fee is {{value}}.", topic: "the fee" } },
  "faq/t.json": { topic: "T", q: { title: "Q?", short: "It is so: {{fact.fee}}" } },
};

const spanish = {
  "a.json": {
    ask: { text: "Diga {{name}}", options: { yes: "Sí" }, accept: { yes: ["si"] } },
    days_one: "{{count}} día",
    days_many: "{{count}} de días",
    days_other: "{{count}} días",
    tall: 'Una línea "entre comillas"\ny otra',
  },
  "facts.json": { fee: { statement: "La tarifa es {{value}}.", topic: "la tarifa" } },
  "faq/t.json": { topic: "T", q: { title: "¿Q?", short: "Es así: {{fact.fee}}" } },
};

type Files = Readonly<Record<string, unknown>>;

function content(en: Files = english, es: Files = spanish): string {
  const files = [
    ...Object.entries(en).map(([name, data]) => [`locales/en/${name}`, json(data)] as const),
    ...Object.entries(es).map(([name, data]) => [`locales/es/${name}`, json(data)] as const),
  ];
  const root = tree(Object.fromEntries(files));
  stampTranslations(root, "es");
  return root;
}

const read = (root: string, name: string): unknown =>
  JSON.parse(readFileSync(join(root, "locales/es", name), "utf8"));

const readFolder = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), "utf8")]);

/** No placeholder, and no sign that no keyboard has. */
const isWritten = (text: string) => !/\{\{|\}\}|\p{Cc}/u.test(text.replaceAll(/[\n\t]/g, ""));

/** The line (1-based) of the first line that holds a text. */
const lineOf = (text: string, part: string): number =>
  text.split("\n").findIndex((line) => line.includes(part)) + 1;

describe("an exported file", () => {
  it("has the key, the English, the translation, its place and its status", () => {
    const text = exportPo(content(), "es");
    expect(text).toContain(
      [
        "# draft",
        "#: locales/en/faq/t.json:5",
        "#. The short answer: at most 350 characters, facts included.",
        "#. Keep what stands between {{ and }} exactly as it is.",
        "#. {{fact.fee}} becomes: The fee is {{value}}.",
        'msgctxt "faq/t:q.short"',
        'msgid "It is so: {{fact.fee}}"',
        'msgstr "Es así: {{fact.fee}}"',
      ].join("\n"),
    );
  });

  it("has each plural form of the language, and lists with one word a line", () => {
    const text = exportPo(content(), "es");
    const { translations } = po.parse(text);
    expect(Object.keys(translations)).toEqual(
      expect.arrayContaining(["a:days_one", "a:days_many", "a:days_other", "a:ask.accept.yes"]),
    );
    expect(Object.values(translations["a:ask.accept.yes"] ?? {})[0]?.msgid).toBe("yes\nyep");
    expect(Object.values(translations["a:days_many"] ?? {})[0]).toMatchObject({
      msgid: "{{count}} days",
      msgstr: ["{{count}} de días"],
    });
  });

  it("is fuzzy where the English has changed since, and stays behind until someone says otherwise", () => {
    const root = content();
    const changed = { ...english["a.json"], tall: "Another line" };
    const behind = tree({
      "locales/en/a.json": json(changed),
      "locales/es/a.json": json(spanish["a.json"]),
      "locales/es/status.json": readFileSync(join(root, "locales/es/status.json"), "utf8"),
    });
    const exported = exportPo(behind, "es");
    expect(exported).toMatch(/#, fuzzy\nmsgctxt "a:tall"/);
    importPo(behind, exported, "es.po");
    expect(exportPo(behind, "es")).toBe(exported);
    importPo(behind, exported.replace('#, fuzzy\nmsgctxt "a:tall"', 'msgctxt "a:tall"'), "es.po");
    expect(exportPo(behind, "es")).not.toContain("fuzzy");
  });

  it("is refused for English and for a language that is not there", () => {
    expect(() => exportPo(content(), "en")).toThrow("no translations `en`");
    expect(() => exportPo(content(), "de")).toThrow("no translations `de`");
  });
});

describe("a round trip", () => {
  it.each(["fa-AF", "ps", "es"])("changes nothing of the shipped %s", (language) => {
    const root = tree({});
    cpSync(join(projectRoot, "locales"), join(root, "locales"), { recursive: true });
    stampTranslations(root, language);
    const text = exportPo(root, language);
    const before = readFolder(join(root, "locales", language));
    expect(importPo(root, text, "x.po")).toMatchObject({ language, changed: 0 });
    expect(readFolder(join(root, "locales", language))).toEqual(before);
  });

  it("keeps every text that a translator can write", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }).filter(isWritten), (written) => {
        const root = content(english, { ...spanish, "a.json": { ...spanish["a.json"], tall: written } });
        const text = exportPo(root, "es");
        expect(importPo(root, text, "es.po").changed).toBe(0);
        expect(read(root, "a.json")).toEqual({ ...spanish["a.json"], tall: written });
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });
});

describe("an import", () => {
  it("takes texts, words, plural forms and who stands by them", () => {
    const root = content();
    const text = exportPo(root, "es")
      .replace('msgstr "Diga {{name}}"', 'msgstr "Dígame {{name}}"')
      .replace('msgstr "si"', 'msgstr ""\n"sí\\n"\n" claro \\n"\n""')
      .replace('msgstr "{{count}} de días"', 'msgstr "{{count}} millones de días"')
      .replace(/# draft\n(#: locales\/en\/faq\/t.json:4)/, "# reviewed by: A Reader\n$1");
    expect(importPo(root, text, "es.po")).toEqual({ language: "es", changed: 3, reviewed: 1 });
    expect(read(root, "a.json")).toMatchObject({
      ask: { text: "Dígame {{name}}", accept: { yes: ["sí", "claro"] } },
      days_many: "{{count}} millones de días",
    });
    expect(read(root, "status.json")).toMatchObject({
      "faq/t:q.title": { status: "reviewed", reviewer: "A Reader" },
      "faq/t:q.short": { status: "draft", reviewer: null },
    });
  });

  it("leaves alone what has no translation", () => {
    const root = content();
    const text = exportPo(root, "es").replace('msgstr "la tarifa"', 'msgstr ""');
    expect(importPo(root, text, "es.po").changed).toBe(0);
  });

  it("remembers the English that the translator saw", () => {
    const root = content();
    const text = exportPo(root, "es").replace('msgid "Yes"', 'msgid "Yeah"');
    importPo(root, text, "es.po");
    expect(exportPo(root, "es")).toMatch(/#, fuzzy\nmsgctxt "a:ask.options.yes"/);
  });

  it.each<readonly [string, (text: string) => string, part: string, what: string]>([
    [
      "a lost placeholder",
      (text) => text.replace('"Diga {{name}}"', '"Diga"'),
      '"a:ask.text"',
      "lacks {{name}}",
    ],
    [
      "a placeholder that is translated",
      (text) => text.replace('"Diga {{name}}"', '"Diga {{nombre}}"'),
      '"a:ask.text"',
      "lacks {{name}}, has {{nombre}}, which English has not",
    ],
    [
      "a placeholder that is cut",
      (text) => text.replace('"Diga {{name}}"', '"Diga {{name}"'),
      '"a:ask.text"',
      "lacks {{name}}",
    ],
    [
      "an unknown key",
      (text) => text.replace('"a:tall"', '"a:taller"'),
      '"a:taller"',
      "there is no text `a:taller`",
    ],
    [
      "a key that stands twice",
      (text) => text.replace('"facts:fee.topic"', '"a:tall"'),
      "",
      "`a:tall` stands here twice",
    ],
  ])("refuses %s with its line, and writes nothing", (_, spoil, part, what) => {
    const root = content();
    const text = spoil(exportPo(root, "es"));
    const line = part === "" ? String.raw`\d+` : String(lineOf(text, part));
    expect(() => importPo(root, text, "my/es.po")).toThrow(
      expect.objectContaining({
        code: "content",
        message: expect.stringMatching(new RegExp(`my/es\\.po:${line}: `)),
      }),
    );
    expect(() => importPo(root, text, "my/es.po")).toThrow(what);
    expect(read(root, "a.json")).toEqual(spanish["a.json"]);
  });

  it.each([
    ["no PO file", "# hello\nmsgid nothing\n", "no PO file that can be read"],
    [
      "a file without its language",
      'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n',
      "the language ``",
    ],
    ["English", 'msgid ""\nmsgstr "Language: en\\n"\n', "the language `en`"],
    ["a language without a folder", 'msgid ""\nmsgstr "Language: de\\n"\n', "the language `de`"],
    ["nothing", "", "the language ``"],
  ])("refuses %s", (_, text, what) => {
    expect(() => importPo(content(), text, "es.po")).toThrow(what);
  });
});
