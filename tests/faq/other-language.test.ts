import { beforeEach, describe, expect, it } from "vitest";
import { newSession } from "../../src/core/conversation/session.ts";
import { shippedContent } from "../core/shipped.ts";
import { Talk } from "../core/talk.ts";

const { program } = shippedContent();
const offer = "conversation:faq.other-language";
const dari = "اسپانسر من چقدر معاش باید داشته باشد؟";

describe("somebody who writes in another language than the one they chose", () => {
  let talk: Talk;
  beforeEach(() => {
    talk = new Talk(program, 1_800_000_000_000, { ...newSession("en", program.hash), met: true });
  });

  it("is offered to go on in it, by its own name, and can with one tap", () => {
    talk.say(dari);
    expect(talk.keys).toContain(offer);
    expect(talk.said.flatMap(({ buttons }) => buttons)).toContainEqual({
      id: "l:fa-AF",
      words: { own: { en: program.languageNames["fa-AF"] } },
    });
    talk.tap("l:fa-AF");
    expect(talk.session.language).toBe("fa-AF");
    expect(talk.say(dari).keys).not.toContain(offer);
  });

  it("is not asked twice in a row", () => {
    expect(talk.say(dari).keys).toContain(offer);
    expect(talk.say("پارول چند سال اعتبار دارد؟").keys).not.toContain(offer);
  });

  it.each(["how long does parole last", "I-131 فورم", "RFE NOID I-94", "👍👍👍"])(
    "is not bothered for: %s",
    (text) => {
      expect(talk.say(text).keys).not.toContain(offer);
    },
  );

  it("is kindly told when the button is of a language that is gone", () => {
    talk.take({ kind: "tap", button: "l:xx" });
    expect(talk.session.language).toBe("en");
    expect(talk.keys).toContain("conversation:moved-on");
  });
});
