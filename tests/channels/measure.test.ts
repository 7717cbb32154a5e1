import { expect, test } from "vitest";
import { measure as onTelegram } from "../../src/channels/telegram/measure.ts";
import { measure as onWhatsApp } from "../../src/channels/whatsapp/measure.ts";
import type { Button, Message } from "../../src/core/nouns/message.ts";

const button = (label: string, id = `a:${label}`): Button => ({ id, label });
const many = (count: number) => Array.from({ length: count }, (_, at) => button(`Answer ${at + 1}`));

function message(text: string, buttons: readonly Button[] = [], nav: readonly Button[] = []): Message {
  return { language: "en", parts: [{ style: "text", text }], buttons, nav, listLabel: "Choose" };
}

type Case = readonly [
  what: string,
  message: Message,
  telegram: readonly string[],
  whatsApp: readonly string[],
];

test.each<Case>([
  ["a question with three short answers", message("So?", many(3)), [], []],
  ["ten answers, the most of a list", message("So?", many(10)), [], []],
  [
    "ten answers and a way out, which can be typed",
    message("So?", many(10), [button("Menu", "c:menu")]),
    [],
    [],
  ],
  ["eleven answers", message("So?", many(11)), [], ["has 11 answers; a list has 10 rows"]],
  ["the longest text of Telegram", message("x".repeat(4096)), [], []],
  [
    "a longer one",
    message("x".repeat(4097)),
    ["has a text that is cut, as more than 4096 characters don't fit in one message"],
    [],
  ],
  [
    "a label of 25 characters",
    message("So?", [button("x".repeat(25)), button("no")]),
    [],
    [`has the label “${"x".repeat(25)}” of 25 characters; 24 fit in a list`],
  ],
  [
    "two labels alike",
    message("So?", [button("yes", "a:1"), button("yes", "a:2")]),
    [],
    ["has two buttons with the label “yes”"],
  ],
  [
    "an id of 65 bytes",
    message("So?", [button("yes", `${"é".repeat(32)}x`)]),
    ["has a button that can't be sent (button-too-long)"],
    [],
  ],
  ["nothing to see", message(" \u2068\u2069 "), ["has nothing to see in it"], ["has nothing to see in it"]],
])("%s", (_, one, telegram, whatsApp) => {
  expect(onTelegram(one)).toEqual(telegram);
  expect(onWhatsApp(one)).toEqual(whatsApp);
});
