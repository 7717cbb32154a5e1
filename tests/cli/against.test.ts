import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { againstText, checkAgainst } from "../../src/cli/against.ts";
import { tree } from "../content/tree.ts";
import { smallContent } from "../core/flow/small-content.ts";

const path = "flows/trip.yaml";
const trip = smallContent[path] ?? "";

/** The small content with a question `zone` that is called `place` now, and is asked with other answers. */
function edited(renamed: string): Readonly<Record<string, string>> {
  const words = (language: string) => {
    const at = `locales/${language}/trip.json`;
    const text = smallContent[at] ?? "";
    return [at, text.replace('"zone": {', '"place": {').replaceAll('"lima"', '"quito"')] as const;
  };
  const flow = trip
    .replace("\n  zone:\n", "\n  place:\n")
    .replace('"yes": zone', '"yes": place')
    .replace("lima: America/Lima", "quito: America/Lima")
    .replace("nav: [back, menu]\n", `nav: [back, menu]\n${renamed}`);
  return { ...smallContent, [path]: flow, ...Object.fromEntries(["en", "es"].map(words)) };
}

const untouched = () => tree(smallContent);

describe("check --against files", () => {
  it("lists every place where someone can be, and where it goes", async () => {
    const { ok, rows } = await checkAgainst(untouched(), untouched());
    expect(ok).toBe(true);
    const places = ["onboarding:language", "trip:ready", "trip:zone", "trip:day", "trip:pick"];
    expect(rows).toEqual(places.map((place) => ({ place, becomes: "same", goesTo: place })));
  });

  it("is not content with a place that is gone, and tells what to do", async () => {
    const report = await checkAgainst(tree(edited("")), untouched());
    expect(report.ok).toBe(false);
    expect(report.rows).toContainEqual({ place: "trip:zone", becomes: "gone", goesTo: "trip:known" });
    expect(againstText(report)).toMatch(/^1 place is no more: .*`renamed:` or `retired:`/m);
  });

  it("follows names, and tells of answers that are no more", async () => {
    const steps = await checkAgainst(tree(edited("renamed: { steps: { zone: place } }\n")), untouched());
    expect(steps.ok).toBe(true);
    expect(steps.rows.filter(({ becomes }) => becomes !== "same")).toEqual([
      { place: "trip:zone", becomes: "renamed", goesTo: "trip:place" },
      { place: "trip:zone lima", becomes: "option-gone", goesTo: "trip:place, asked again" },
    ]);
    const both = "renamed: { steps: { zone: place }, options: { place: { lima: quito } } }\n";
    const { rows } = await checkAgainst(tree(edited(both)), untouched());
    expect(rows.map(({ becomes }) => becomes)).not.toContain("option-gone");
  });

  it("reads a git revision, also one whose flows could not be used any more", async () => {
    const root = tree({
      ...smallContent,
      [path]: trip.replace("kind: remind, do: set", "kind: remember, do: set"),
    });
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@example.org", ...args], {
        stdio: "ignore",
      });
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "--no-gpg-sign", "-m", "Before");
    for (const [name, text] of Object.entries(edited(""))) writeFileSync(join(root, name), text);
    const { ok, rows } = await checkAgainst(root, "HEAD");
    expect([ok, rows.filter(({ becomes }) => becomes === "gone").map(({ place }) => place)]).toEqual([
      false,
      ["trip:zone"],
    ]);
    expect(readFileSync(join(root, path), "utf8")).toContain("place:");
  });

  it("says what is wrong with content that can't be used", async () => {
    const report = await checkAgainst(
      tree({ ...smallContent, [path]: trip.replace("start: known", "start: x") }),
      untouched(),
    );
    expect(report.ok).toBe(false);
    expect(againstText(report)).toMatch(/^flows\/trip\.yaml:1: /);
  });

  it("refuses what is neither a folder nor a revision", async () => {
    await expect(checkAgainst(untouched(), "no-such-thing")).rejects.toThrow("neither");
  });
});
