import { describe, expect, it } from "vitest";
import { compileContent } from "../../src/content/load.ts";
import { buildFaqIndex } from "../../src/core/faq/faq-index.ts";
import { writtenLanguage } from "../../src/core/faq/written-language.ts";
import { projectRoot } from "../project-root.ts";

const content = compileContent(projectRoot);
if ("issues" in content) throw new Error("the content has issues");
const { written } = content.program.faq.index();

describe("the language of a message", () => {
  it.each([
    ["en", "my card finishes next month what do I do"],
    ["es", "se me acaba la tarjeta el próximo mes"],
    ["es", "quiero traer a mi esposa y mis ninos"],
    ["fa-AF", "کارتم ماه آینده خلاص می‌شود چی کنم"],
    ["ps", "کارت مې بله میاشت ختمېږي څه وکړم"],
    ["ps", "زما کارت بله میاشت ختمیږی سه وکرم"],
    ["fa-AF", "مسئول این دوسیه کیست"],
    ["fa-AF", "kartam mah ayenda khalas mesha chi konam"],
    ["ps", "zama card bala miyasht khatmegi sa wakram"],
  ])("is %s: %s", (language, text) => {
    expect(writtenLanguage(written, text)?.language).toBe(language);
  });

  it("is settled by Pashto's own letters", () => {
    expect(writtenLanguage(written, "ټ")).toMatchObject({ language: "ps" });
  });

  it.each(["", "👍", "北京"])("is nobody's: %s", (text) => {
    expect(writtenLanguage(written, text)).toBeUndefined();
  });

  it("is undefined where no language is known", () => {
    expect(writtenLanguage(buildFaqIndex([]).written, "hello")).toBeUndefined();
  });
});
