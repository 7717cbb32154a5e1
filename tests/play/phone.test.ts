import { expect, it, onTestFinished } from "vitest";
import { channelWords } from "../../src/content/channel-words.ts";
import { hour, type Ms } from "../../src/core/nouns/time.ts";
import { openPhone } from "../../src/play/phone.ts";
import { shippedContent } from "../core/shipped.ts";

const words = channelWords(shippedContent());

/** A nudge on WhatsApp, 25 hours after the person wrote; gives how it went, and what comes when they write again at 30. */
async function nudged(keptUntil: Ms) {
  const phone = await openPhone("whatsapp", words);
  onTestFinished(() => phone.close());
  await phone.hear(0);
  const message = {
    language: "en",
    parts: [{ style: "text", text: "The nudge" }],
    buttons: [],
    nav: [],
    listLabel: "Choose",
  } as const;
  const first = await phone.send({ message, lane: "nudge", at: 25 * hour, keptUntil });
  const again = await phone.hear(30 * hour);
  const texts = again.flatMap(({ drawn }) => drawn.map(({ text }) => text));
  return { outcome: first.outcome.kind, texts, later: await phone.hear(31 * hour) };
}

it("brings what waited for the person's reply with that reply, once", async () => {
  expect(await nudged(40 * hour)).toEqual({ outcome: "announced", texts: ["The nudge"], later: [] });
});

it("brings nothing that was not to be kept so long", async () => {
  expect(await nudged(29 * hour)).toEqual({ outcome: "announced", texts: [], later: [] });
});
