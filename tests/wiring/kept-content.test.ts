import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { goldenText } from "../../src/play/golden.ts";
import { freshContent } from "../../src/wiring/fresh-content.ts";
import { type Opened, openContent } from "../../src/wiring/kept-content.ts";
import { readScript } from "../conversations/player.ts";
import { projectRoot } from "../project-root.ts";

type Content = Exclude<Opened, { readonly issues: unknown }>;

const folder = mkdtempSync(join(tmpdir(), "kept-"));
const root = join(folder, "root");
const file = join(folder, "cache/content");
const scripts = join(projectRoot, "tests/conversations/scripts");

async function opened(): Promise<Content> {
  const content = await openContent(root, file);
  if ("issues" in content) throw new Error("the content has issues");
  return content;
}

/** Whether the next opening reads the files: only then is there anything to keep. */
async function isReadAnew(): Promise<boolean> {
  const before = statSync(file).ino;
  (await opened()).keep();
  return statSync(file).ino !== before;
}

beforeAll(async () => {
  for (const name of ["flows", "locales"])
    cpSync(join(projectRoot, name), join(root, name), { recursive: true });
  (await opened()).keep();
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("content kept for the next start", () => {
  it("is taken as it was left, and is the same to the last word", async () => {
    const again = await opened();
    const fresh = freshContent(root);
    if ("issues" in fresh) throw new Error("the content has issues");
    expect(await isReadAnew()).toBe(false);
    const plain = ({ faq: { asked, index: _, ...faq }, ...program }: Content["program"]) => ({
      ...program,
      faq: { ...faq, asked: asked() },
    });
    expect(plain(again.program)).toEqual(plain(fresh.program));
    expect([again.words, again.questions]).toEqual([fresh.words, fresh.questions]);
  });

  it.each(["en", "fa-AF", "ps", "es"])("talks in %s as the files do", async (language) => {
    const again = await opened();
    for (const name of ["questions", "outside-us-urgent"]) {
      const golden = join(projectRoot, "tests/conversations/golden", language, `${name}.txt`);
      const said = goldenText(again, readScript(join(scripts, `${name}.yaml`)), language);
      expect(said).toBe(readFileSync(golden, "utf8"));
    }
  });

  it.each([
    ["a word is changed", "locales/en/commands.json", (text: string) => text.replace("Menu", "The menu")],
    ["a flow is changed", "flows/menu.yaml", (text: string) => `${text}\n# A remark.\n`],
    ["the file is cut short", file, (text: string) => text.slice(0, -1)],
    [
      "the file is damaged",
      file,
      (text: string) => text.replace("screening/outside-us", "screening/outside-uk"),
    ],
    ["the file is empty", file, () => ""],
  ])("is read anew where %s", async (_, path, change) => {
    expect(await isReadAnew()).toBe(false);
    const whole = path === file ? path : join(root, path);
    const before = readFileSync(whole, "latin1");
    const after = change(before);
    expect(after).not.toBe(before);
    writeFileSync(whole, after, "latin1");
    try {
      expect(await isReadAnew()).toBe(true);
    } finally {
      if (path !== file) writeFileSync(whole, before, "latin1");
      (await opened()).keep();
    }
  });

  it("is read anew where there is one file more, and refused where that may not be there", async () => {
    const stray = join(root, "flows/stray.yaml");
    writeFileSync(stray, "start: here\n");
    try {
      expect(await openContent(root, file)).toHaveProperty("issues");
    } finally {
      rmSync(stray);
    }
    expect(await isReadAnew()).toBe(false);
  });

  it("is not kept where the files were changed while they were read", async () => {
    rmSync(file);
    const content = await opened();
    const path = join(root, "flows/menu.yaml");
    const before = readFileSync(path);
    writeFileSync(path, `${before}\n`);
    content.keep();
    expect(() => statSync(file)).toThrow();
    writeFileSync(path, before);
    (await opened()).keep();
  });

  it("does without, where nothing can be written", async () => {
    const content = await openContent(root, "/dev/null/content");
    expect("keep" in content && content.keep()).toBeUndefined();
  });
});
