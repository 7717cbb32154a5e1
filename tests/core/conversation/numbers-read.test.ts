import { describe, expect, test } from "vitest";
import { isCivilDate } from "../../../src/core/dates/civil-date.ts";
import { render } from "../../../src/core/render/render.ts";
import type { Talk } from "../talk.ts";
import { at, lab, today } from "./answer-lab.ts";

describe("a number that was read", () => {
  const text = (talk: Talk, language = "en") => {
    const [say] = talk.said;
    return say === undefined || !isCivilDate(today)
      ? ""
      : render(lab, say, language, today)
          .message.parts.map((part) => part.text)
          .join("\n");
  };

  test("is read back whole, set apart where the line runs from the right", () => {
    expect(text(at("phone").say("0093701234567"))).toContain("+93701234567");
    expect(text(at("receipt-number").say("ioe0912345678"))).toContain("IOE0912345678");
    for (const language of ["fa-AF", "ps"])
      expect(text(at("phone", language).say("+93701234567"), language)).toContain("\u2068+93701234567\u2069");
  });

  test.each([
    ["phone", "0701234567", "conversation:phone.country-code"],
    ["phone", "+93 7012", "conversation:phone.impossible"],
    ["receipt-number", "IOE091234567", "conversation:receipt-number.impossible"],
    ["receipt-number", "A123456789 ", "conversation:receipt-number.impossible"],
  ])("is told what is missing: %s %s", (step, written, key) => {
    const talk = at(step).say(written);
    expect(talk.keys).toContain(key);
    expect(talk.place).toBe(`lab:${step}`);
  });

  test("a receipt number is taken where it is asked for, and hidden and told of everywhere else", () => {
    const asked = at("receipt-number").say("IOE0912345678");
    expect(asked.keys).not.toContain("conversation:identifier");
    const other = at("text").say("IOE0912345678");
    expect(other.keys).toContain("conversation:identifier");
    expect(JSON.stringify(other.session)).not.toContain("0912345678");
    const beside = at("receipt-number").say("IOE0912345678 A123456789");
    expect(beside.keys).toContain("conversation:identifier");
    expect(JSON.stringify(beside.session)).not.toContain('123456789"');
  });

  test("a receipt number is hidden in what is said later", () => {
    const talk = at("receipt-number").say("IOE0912345678").tap("yes");
    expect(talk.answer("lab:receipt-number")).toBe("IOE0912345678");
    expect(text(talk)).toContain("•••");
    expect(text(talk)).not.toContain("0912345678");
  });

  test("a button of an earlier read-back does not confirm a later number", () => {
    const talk = at("phone").say("+93701234567");
    const [yes = ""] = talk.session.offered;
    talk.say("+93701234568").take({ kind: "tap", button: yes });
    expect(talk.keys[0]).toBe("conversation:moved-on");
  });
});
