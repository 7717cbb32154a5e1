import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(path, "utf8");
  const after = change(before);
  if (after === before) throw new Error(`nothing to change in ${path}`);
  writeFileSync(path, after);
}

describe("check", () => {
  it("finds the shipped content in order and counts it", async () => {
    const [people, machine] = await Promise.all([place.run(["check"]), place.run(["check", "--json"])]);
    expect(people).toMatchObject({ code: 0, stderr: "" });
    expect(people.stdout).toMatch(/^0 errors, \d+ warnings?$/m);
    const { ok, counts, translations } = JSON.parse(machine.stdout);
    expect(ok).toBe(true);
    expect(translations.map(({ language }: { language: string }) => language)).toEqual(["es", "fa-AF", "ps"]);
    for (const name of ["flows", "steps", "outcomes", "entries", "facts", "languages", "messages"]) {
      expect(counts[name]).toBeGreaterThan(0);
      expect(people.stdout).toMatch(new RegExp(`^${name} +${counts[name]}$`, "m"));
    }
  });

  it("names file, line and remedy of what is wrong, and gives 1", async () => {
    const root = copy("broken");
    edit(join(root, "flows/person.yaml"), (text) => text.replace(/next: \w[\w-]*/, "next: nowhere"));
    const lines = readFileSync(join(root, "flows/person.yaml"), "utf8").split("\n");
    const line = lines.findIndex((text) => text.includes("next: nowhere")) + 1;
    const [people, machine, facts] = await Promise.all([
      place.run(["check", "--content", root]),
      place.run(["check", "--content", root, "--json"]),
      place.run(["facts", "--content", root]),
    ]);
    expect(people).toMatchObject({ code: 1, stderr: "" });
    const [first, count] = people.stdout.split("\n");
    expect(first).toMatch(
      new RegExp(`^flows/person\\.yaml:${line}: there is no step .nowhere. .*\\. Mend: .*[.?]$`),
    );
    expect(count).toBe("1 error, 0 warnings");
    expect(facts).toEqual({ code: 1, stdout: "", stderr: people.stdout });
    expect(machine.code).toBe(1);
    expect(JSON.parse(machine.stdout)).toMatchObject({
      ok: false,
      issues: [{ level: "error", file: "flows/person.yaml", line }],
    });
  });
});

describe("locales stamp", () => {
  it("lets a check tell which translations are behind the English", async () => {
    const root = copy("stamped");
    const stamped = await place.run(["locales", "stamp", "es", "--content", root]);
    expect(stamped).toMatchObject({ code: 0, stderr: "" });
    expect(stamped.stdout).toMatch(/^es +\d+$/m);

    edit(join(root, "locales/en/red-flags.json"), (text) => text.replace(/("card": ")/, "$1Changed. "));
    const { code, stdout } = await place.run(["check", "--content", root]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^locales\/es\/red-flags\.json:\d+: warning: the English of .* has changed.*stamp es`\.$/m,
    );
    expect(stdout).toMatch(/^es +\d+ +1 +0$/m);
  });
});

describe("schemas", () => {
  it("writes them beside the flows and names them", async () => {
    const root = copy("schemas");
    for (const name of readdirSync(join(root, "flows"))) {
      if (name.endsWith(".schema.json")) rmSync(join(root, "flows", name));
    }
    const { code, stdout } = await place.run(["schemas", "--content", root]);
    expect(code).toBe(0);
    const named = stdout.trimEnd().split("\n");
    expect(named).toContain("flows/flow.schema.json");
    for (const path of named) expect(JSON.parse(readFileSync(join(root, path), "utf8"))).toBeTypeOf("object");
  });
});

describe("facts", () => {
  it("lists facts by their review day, with the official page and where they are used", async () => {
    const { code, stdout } = await place.run(["facts", "--json"]);
    expect(code).toBe(0);
    const facts: readonly { id: string; reviewBy: string; page: string; uses: unknown[]; label: string }[] =
      JSON.parse(stdout);
    const days = facts.map(({ reviewBy }) => reviewBy);
    expect(days).toEqual(days.toSorted());
    for (const { label, page } of facts) {
      expect(label).not.toBe("");
      expect(page).toMatch(/^https:\/\//);
    }
    expect(facts.some(({ uses }) => uses.length > 0)).toBe(true);
  });

  it("shows only those due within the days asked for", async () => {
    const root = copy("due");
    const today = Date.now();
    const inDays = (count: number) => new Date(today + count * 86_400_000).toISOString().slice(0, 10);
    edit(join(root, "flows/facts.yaml"), (text) =>
      text
        .replaceAll(/review-by: "[\d-]+"/g, `review-by: "${inDays(400)}"`)
        .replace(/review-by: "[\d-]+"/, `review-by: "${inDays(30)}"`),
    );
    const [soon, sooner] = await Promise.all([
      place.run(["facts", "--due", "31d", "--content", root]),
      place.run(["facts", "--due", "20", "--content", root]),
    ]);
    expect(soon.stdout).toMatch(new RegExp(`^\\S+ {2}review by ${inDays(30)} `));
    expect(soon.stdout.match(/review by/g)).toHaveLength(1);
    expect(soon.stdout).toMatch(/^ {2}https:/m);
    expect(sooner).toEqual({ code: 0, stdout: "", stderr: "No fact is due by then.\n" });
  });
});
