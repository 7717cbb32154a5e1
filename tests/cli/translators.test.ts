import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { projectRoot } from "../project-root.ts";
import { Workplace } from "./command.ts";

// Each command is a process of its own, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 120_000 });

const place = new Workplace();
afterAll(() => place.remove());

/** A copy of the shipped content that a test may change. */
function copy(name: string): string {
  const root = join(place.folder, name);
  for (const folder of ["flows", "locales"])
    cpSync(join(projectRoot, folder), join(root, folder), { recursive: true });
  return root;
}

describe("locales export and import", () => {
  it("take a translation out, and back in when it was changed", async () => {
    const root = copy("changed");
    const exported = await place.run(["locales", "export", "es", "--content", root]);
    expect(exported).toMatchObject({ code: 0, stderr: "" });
    const file = join(place.folder, "es.po");
    writeFileSync(
      file,
      exported.stdout.replace('msgstr "¿Qué es el parole?"', 'msgstr "El parole, ¿qué es?"'),
    );
    const imported = await place.run(["locales", "import", file, "--content", root, "--json"]);
    expect(imported).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(imported.stdout)).toMatchObject({ language: "es", changed: 1 });
    expect(readFileSync(join(root, "locales/es/faq/basics.json"), "utf8")).toContain("El parole, ¿qué es?");
  });

  it("tell a broken placeholder with its line, and give 1", async () => {
    const root = copy("broken");
    const exported = await place.run(["locales", "export", "ps", "--content", root]);
    const file = join(place.folder, "ps.po");
    writeFileSync(file, exported.stdout.replaceAll("{{fact.parole-length}}", "{{fact.length}}"));
    const imported = await place.run(["locales", "import", file, "--content", root]);
    expect(imported.code).toBe(1);
    expect(`${imported.stdout}${imported.stderr}`).toMatch(/ps\.po:\d+: .*placeholders of the English text/s);
  });

  it("refuse a file that is no UTF-8, which would lose letters, and write nothing", async () => {
    const root = copy("latin");
    const exported = await place.run(["locales", "export", "es", "--content", root]);
    const file = join(place.folder, "latin.po");
    writeFileSync(file, exported.stdout, "latin1");
    const imported = await place.run(["locales", "import", file, "--content", root]);
    expect(imported).toEqual({
      code: 2,
      stdout: "",
      stderr: `${file} can't be read (no UTF-8): check the path, and save it as UTF-8 text.\n`,
    });
    expect(readFileSync(join(root, "locales/es/faq/basics.json"), "utf8")).not.toContain("\ufffd");
  });

  it("refuse a file that is not there", async () => {
    const { code, stderr } = await place.run(["locales", "import", "nothing.po"]);
    expect(code).toBe(2);
    expect(stderr).toContain("nothing.po can't be read");
  });
});

describe("entries", () => {
  it("prints a page for people, and JSON for programs", async () => {
    const [page, machine] = await Promise.all([place.run(["entries"]), place.run(["entries", "--json"])]);
    expect(page.stdout).toContain("| `what-is-parole` | What is humanitarian parole? | source |");
    const rows = JSON.parse(machine.stdout);
    expect(rows.find(({ id }: { id: string }) => id === "filing-fee")).toMatchObject({
      topic: "faq/money",
      languages: { en: "source" },
      sources: [{ url: "https://www.uscis.gov/g-1055" }],
    });
  });
});
