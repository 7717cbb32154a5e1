import { expect, test } from "vitest";
import { formatIssues } from "../../src/content/format-issues.ts";
import { loadContent } from "../../src/content/load.ts";
import { smallContent } from "../core/flow/small-content.ts";
import { tree } from "./tree.ts";

// Adding a language is adding a folder: nothing else has to be touched.

const own = { language: "Português", "whatsapp-language": "pt_BR" };
const copied = Object.entries(smallContent).flatMap(([path, text]) =>
  path.startsWith("locales/es/") ? [[path.replace("/es/", "/pt/"), text] as const] : [],
);

const withPortuguese = (profile: object) =>
  loadContent(
    tree({
      ...smallContent,
      ...Object.fromEntries(copied),
      "locales/pt/profile.json": `${JSON.stringify(profile, undefined, 2)}\n`,
    }),
  );

test("a folder with all files is a language, with WhatsApp's code for each template", () => {
  const loaded = withPortuguese(own);
  if ("issues" in loaded) throw new Error(formatIssues(loaded.issues));
  expect(loaded.warnings).toEqual([]);
  expect(loaded.program.languages).toContain("pt");
  expect(loaded.program.languageNames).toMatchObject({ pt: "Português" });
  expect(Object.values(loaded.program.templates).map(({ languages }) => languages)).toEqual([
    { en: "en", es: "es", pt: "pt_BR" },
  ]);
});

test("a code that was left as it was copied is told, at its line", () => {
  const loaded = withPortuguese({ ...own, "whatsapp-language": "es" });
  expect("issues" in loaded && formatIssues(loaded.issues)).toBe(
    "locales/pt/profile.json:3: `es` is the code of `es` too. Mend: give each its own.\n1 error, 0 warnings",
  );
});
