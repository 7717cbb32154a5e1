import { describe, expect, it } from "vitest";
import { advance } from "../../../src/core/conversation/advance.ts";
import { newSession } from "../../../src/core/conversation/session.ts";
import { type CivilDate, isCivilDate } from "../../../src/core/dates/civil-date.ts";
import type { Host } from "../../../src/core/flow/about.ts";
import { render } from "../../../src/core/render/render.ts";
import { shippedContent } from "../shipped.ts";

const shipped = shippedContent();
const now = Date.parse("2026-11-23T10:00:00Z");
const told: Host = {
  name: "Help {{desk}}",
  contact: "help@help.example",
  privacy: "https://help.example/privacy",
};

function day(text: string): CivilDate {
  if (!isCivilDate(text)) throw new Error(text);
  return text;
}

/** What a tap on a button of an entry makes the bot say, in one piece. */
function answer(button: string, language: string, host?: Host): string {
  const session = { ...newSession(language, shipped.program.hash), met: true };
  const { effects } = advance(shipped.program, session, { kind: "tap", button }, now);
  const renderer = host === undefined ? shipped : { ...shipped, host };
  const said = effects.flatMap((effect) => (effect.kind === "say" ? [effect.say] : []));
  return said
    .flatMap((say) => render(renderer, say, language, day("2026-11-23")).message.parts)
    .map(({ text }) => text.replaceAll(/[\u2066-\u2069]/g, ""))
    .join("\n");
}

describe.each(shipped.program.languages)("about itself, in %s,", (language) => {
  it("the bot says who runs it, how to reach them, and where their page is, as the settings tell it", () => {
    const all = ["q:who-runs:short", "q:who-runs:more"]
      .map((button) => answer(button, language, told))
      .join("\n");
    for (const one of ["Help {{desk}}", "help@help.example", "https://help.example/privacy"])
      expect(all).toContain(one);
  });

  it("it says that it was not told, where it was not", () => {
    const said = answer("q:who-runs:short", language);
    expect(said).toContain(shipped.translator.text(language, "conversation:host.name-untold", {}, {}));
    expect(said).toContain(shipped.translator.text(language, "conversation:host.contact-untold", {}, {}));
    expect(said).not.toContain("{{");
  });

  it("it tells the days on which its facts were checked", () => {
    const said = answer("q:how-old:short", language);
    expect(said).not.toContain("{{");
    const years = [...shipped.program.facts.values()].map((fact) => fact["checked-on"].slice(0, 4)).sort();
    for (const year of [years.at(0), years.at(-1)]) expect(said).toContain(year);
  });

  it("it claims no page and no check for what it says of itself", () => {
    const said = answer("q:tell-government:where", language);
    expect(said).not.toContain("https://");
    expect(said).toContain(shipped.translator.text(language, "conversation:faq.undated", {}, {}));
  });
});
