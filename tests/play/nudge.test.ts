import { expect, it, onTestFinished } from "vitest";
import { channelWords } from "../../src/content/channel-words.ts";
import { openPhone } from "../../src/play/phone.ts";
import { Player } from "../../src/play/player.ts";
import type { ScriptTurn } from "../../src/play/script.ts";
import { shippedContent } from "../core/shipped.ts";

const content = shippedContent();

/** A date is saved on WhatsApp on 23 November: 180 days before it is 5 December. */
const saved: readonly ScriptTurn[] = [
  { start: "" },
  ...["en", "reminders", "yes", "papers", "parole-expiry"].map((tap) => ({ tap })),
  { say: "me" },
  { tap: "kabul" },
  { say: "3 June 2027" },
  { tap: "yes" },
];

async function played(): Promise<Player> {
  const phone = await openPhone("whatsapp", channelWords(content));
  onTestFinished(() => phone.close());
  const player = new Player({
    reasons: content,
    phone,
    now: Date.UTC(2026, 10, 23, 10),
    language: "en",
    styled: false,
    echo: false,
    save: () => [],
  });
  await player.begin(saved);
  return player;
}

const text = (lines: readonly string[]) => lines.join("\n");

it("brings a nudge that a template told of with what is written days later, true by then", async () => {
  const player = await played();
  const told = text(await player.take({ wait: "12d" }));
  expect(told).toContain("There is a message for you");
  expect(told).not.toContain("days away");
  await player.take({ wait: "3d" });
  expect(text(await player.take({ say: "menu" }))).toContain("It's 177 days away");
});

it("takes the first words after that template for the wish to see it", async () => {
  const player = await played();
  await player.take({ wait: "12d" });
  const came = text(await player.take({ say: "okay" }));
  expect(came).toContain("It's 180 days away");
  expect(came).not.toContain("I don't have");
  expect(text(await player.take({ say: "okay" }))).toContain("I don't have");
});
