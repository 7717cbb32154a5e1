import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSource } from "../../src/content/read-source.ts";
import { readStatus } from "../../src/content/read-status.ts";
import { staleKeys, stampTranslations } from "../../src/content/stamp.ts";
import { tree } from "./tree.ts";

const english = {
  ask: { text: "What now?", options: { a: "One" }, accept: { a: ["first", "1st"] } },
  order: 1,
  empty: [],
};
const statusFile = "locales/es/status.json";

function given(words: unknown = english): string {
  return tree({ "locales/en/menu.json": JSON.stringify(words), "locales/es/menu.json": "{}" });
}

function writeEnglish(root: string, words: unknown): void {
  writeFileSync(join(root, "locales/en/menu.json"), JSON.stringify(words));
}

function statuses(root: string): Readonly<Record<string, string>> {
  const { status, issues } = readStatus(root, "es");
  expect(issues).toEqual([]);
  return Object.fromEntries(
    [...status].map(([key, { status: state, reviewer }]) => [key, `${state} ${reviewer}`]),
  );
}

const stale = (root: string) => staleKeys(readSource(root).source, readStatus(root, "es").status);

/** Signs every key, as a reviewer would. */
function sign(root: string): void {
  const text = readFileSync(join(root, statusFile), "utf8");
  const signed = text.replaceAll('"draft"', '"reviewed"').replaceAll("null", '"A. Reviewer"');
  writeFileSync(join(root, statusFile), signed);
}

describe("stampTranslations", () => {
  it("makes every English text a draft, a list as one key", () => {
    const root = given();
    expect(stampTranslations(root, "es")).toBe(3);
    expect(statuses(root)).toEqual({
      "menu:ask.accept.a": "draft null",
      "menu:ask.options.a": "draft null",
      "menu:ask.text": "draft null",
    });
    expect(readSource(root).source.locales.get("es")?.has("status")).toBe(false);
  });

  it("leaves out what each language has of its own", () => {
    const root = tree({
      "locales/en/red-flags.json":
        '{ "rf-danger": { "card": "Leave", "patterns": ["kill me"], "unless": ["joke"] } }',
      "locales/en/phrasings/basics.json": '{ "what": ["what is it"] }',
      "locales/en/concepts.json": '{ "wait": ["wait"] }',
      "locales/en/dates.json": '{ "date": "{{day}} {{month}}", "months": ["May"] }',
      "locales/es/red-flags.json": "{}",
    });
    expect(stampTranslations(root, "es")).toBe(1);
    expect(statuses(root)).toEqual({ "red-flags:rf-danger.card": "draft null" });
  });

  it("keeps what is signed while its English stays, and leaves the file alone then", () => {
    const root = given();
    stampTranslations(root, "es");
    sign(root);
    const before = readFileSync(join(root, statusFile), "utf8");
    expect(stampTranslations(root, "es")).toBe(0);
    expect(readFileSync(join(root, statusFile), "utf8")).toBe(before);
  });

  it("takes back a signature whose English changed, adds what is new, drops what is gone", () => {
    const root = given();
    stampTranslations(root, "es");
    sign(root);
    writeEnglish(root, { ask: { text: "What now?", note: "New", accept: { a: ["first", "one"] } } });
    expect(stale(root)).toEqual(["menu:ask.accept.a"]);
    expect(stampTranslations(root, "es")).toBe(2);
    expect(statuses(root)).toEqual({
      "menu:ask.accept.a": "draft null",
      "menu:ask.note": "draft null",
      "menu:ask.text": "reviewed A. Reviewer",
    });
    expect(stale(root)).toEqual([]);
  });

  it("writes nothing when a file can't be read", () => {
    const root = given();
    writeFileSync(join(root, "locales/en/menu.json"), '{ "a": 1');
    expect(() => stampTranslations(root, "es")).toThrow(
      "locales/en/menu.json:1: this bracket is never closed",
    );
    expect(existsSync(join(root, statusFile))).toBe(false);
  });

  it("writes nothing over a status it can't read", () => {
    const root = given();
    writeFileSync(join(root, statusFile), '{ "menu:ask.text": {} ');
    expect(() => stampTranslations(root, "es")).toThrow(statusFile);
    expect(readFileSync(join(root, statusFile), "utf8")).toBe('{ "menu:ask.text": {} ');
  });

  it("knows only languages that are there", () => {
    expect(() => stampTranslations(given(), "fr")).toThrow("`fr`");
    expect(() => stampTranslations(given(), "../..")).toThrow();
  });
});

describe("readStatus", () => {
  it("gives nothing where there is no file", () => {
    expect(readStatus(given(), "es")).toEqual({ status: new Map(), issues: [] });
  });

  it.each([
    ['{ "sourceHash": "x", "status": "reviewed", "reviewer": null }'],
    ['{ "sourceHash": "x", "status": "reviewed", "reviewer": " " }'],
    ['{ "sourceHash": "x", "status": "draft", "reviewer": "A. Reviewer" }'],
    ['{ "sourceHash": "x", "status": "done", "reviewer": null }'],
    ['{ "sourceHash": 1, "status": "draft", "reviewer": null }'],
    ['"draft"'],
  ])("does not take %s", (entry) => {
    const root = given();
    writeFileSync(join(root, statusFile), `{\n  "menu:ask.text": ${entry}\n}`);
    const { status, issues } = readStatus(root, "es");
    expect(status.size).toBe(0);
    expect(issues.map(({ file, line }) => `${file}:${line}`)).toEqual([`${statusFile}:2`]);
  });

  it("does not take a list", () => {
    const root = given();
    writeFileSync(join(root, statusFile), "[]");
    expect(readStatus(root, "es").issues).toHaveLength(1);
  });
});
