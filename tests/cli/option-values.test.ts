import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { broadcastNumber, dayCount, languageFile, languageText } from "../../src/cli/option-values.ts";

const folder = mkdtempSync(join(tmpdir(), "parwana-options-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with these bytes, as the option names it. */
function file(bytes: string | Buffer): string {
  const path = join(folder, "text.txt");
  writeFileSync(path, bytes);
  return `en=${path}`;
}

const largest = 64 * 1024;

describe("a text in a file", () => {
  it.each([
    { what: "as it stands, with what belongs to the language", text: "می\u200cخواهم = \u202b!\u202c\nline" },
    { what: "of the largest size there is", text: "x".repeat(largest) },
    { what: "that is empty", text: "" },
  ])("is taken $what", ({ text }) => {
    expect(languageFile(file(text), { ps: "x" })).toEqual({ ps: "x", en: text });
  });

  it("loses the white space around it and the mark of its encoding", () => {
    expect(languageFile(file("\ufeff  hello \n\n"))).toEqual({ en: "hello" });
  });

  it.each([
    { what: "is larger", given: () => file("x".repeat(largest + 1)), why: /too large/ },
    { what: "is ten megabytes", given: () => file(Buffer.alloc(10_000_000, "a")), why: /too large/ },
    { what: "has no end", given: () => "en=/dev/zero", why: /too large/ },
    { what: "is no UTF-8", given: () => file(Buffer.from([0x61, 0xff, 0xfe])), why: /no UTF-8/ },
    { what: "is not there", given: () => `en=${folder}/none.txt`, why: /ENOENT/ },
    { what: "is a folder", given: () => `en=${folder}`, why: /EISDIR/ },
    { what: "has a name that no file can have", given: () => "en=a\u0000b", why: /can't be read/ },
  ])("is refused in words where the file $what", ({ given, why }) => {
    expect(() => languageFile(given())).toThrow(why);
  });
});

describe("a text on the command line", () => {
  it("is what stands behind the first =, whatever it holds", () => {
    expect(languageText('en=a,"b";c=d\u202e\n')).toEqual({ en: 'a,"b";c=d\u202e\n' });
  });

  it.each(["", "=x", "en", "  =x"])("is refused without a language: %j", (value) => {
    expect(() => languageText(value)).toThrow(/en=The words/);
  });

  it("is refused where its language has one already, a strange one too", () => {
    for (const language of ["en", "__proto__", "constructor"]) {
      const once = languageText(`${language}=x`);
      expect(Object.keys(once)).toEqual([language]);
      expect(() => languageText(`${language}=y`, once)).toThrow(/given twice/);
    }
  });
});

it.each(["", "-1", "1.5", "1e3", "0x10", "1,2", "٣", "9".repeat(20), " 1", "1\u0000", "NaN"])(
  "a number written %j is refused",
  (value) => {
    expect(() => broadcastNumber(value)).toThrow(/number/);
    if (value !== "") expect(() => dayCount(`${value}d`)).toThrow(/number of days/);
  },
);
