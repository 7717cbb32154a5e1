import { withFlows } from "../lab.ts";
import { shippedContent } from "../shipped.ts";
import { type Talk, talkAt } from "../talk.ts";

export const now = Date.UTC(2026, 10, 23, 10);
export const today = "2026-11-23";

export const content = shippedContent();
const ask = (answer: { readonly kind: string }) => ({ kind: "ask", answer, unsure: true, next: "done" });
/** The flow `lab`: a question of each kind, and a step that speaks of the answers. */
export const lab = withFlows(
  content,
  {
    lab: {
      start: "yes-no",
      steps: {
        "yes-no": ask({ kind: "yes-no" }),
        choice: { ...ask({ kind: "choice" }), answer: { kind: "choice", options: ["red", "dark-blue"] } },
        zone: {
          ...ask({ kind: "choice" }),
          answer: { kind: "choice", options: { kabul: "Asia/Kabul", lima: "America/Lima" } },
        },
        language: {
          ...ask({ kind: "choice" }),
          unsure: false,
          answer: { kind: "choice", from: "languages" },
        },
        several: {
          ...ask({ kind: "several" }),
          answer: { kind: "several", options: ["tea", "bread", "rice", "salt"] },
        },
        date: { ...ask({ kind: "date" }), answer: { kind: "date", earliest: -30, latest: 1100 } },
        number: { ...ask({ kind: "number" }), answer: { kind: "number", least: 1, most: 10 } },
        least: { ...ask({ kind: "number" }), answer: { kind: "number", least: 18 } },
        money: { ...ask({ kind: "money" }), answer: { kind: "money", most: 5000 } },
        text: { ...ask({ kind: "text" }), answer: { kind: "text", most: 20 } },
        country: ask({ kind: "country" }),
        phone: ask({ kind: "phone" }),
        "receipt-number": ask({ kind: "receipt-number" }),
        done: { kind: "say", next: "stay" },
        stay: { kind: "ask", answer: { kind: "yes-no" }, next: "end" },
        end: { kind: "end" },
      },
    },
  },
  {
    lab: {
      "yes-no": { text: "Yes?" },
      choice: {
        text: "Which?",
        options: { red: "Red", "dark-blue": "Dark blue" },
        accept: { red: ["crimson"] },
      },
      zone: { text: "Where?", options: { kabul: "Kabul", lima: "Lima" } },
      language: { text: "Language?" },
      several: {
        text: "What?",
        options: { tea: "Tea", bread: "Bread", rice: "Rice", salt: "Salt" },
        accept: {
          tea: ["green tea", "tea and milk", "چای سبز", "شین چای", "té verde"],
          bread: ["white bread", "نان سفید", "سپینه ډوډۍ", "pan blanco"],
          salt: ["salt, fine"],
        },
      },
      date: { text: "When?" },
      number: { text: "How many?" },
      least: { text: "How old?" },
      money: { text: "How much?" },
      text: { text: "Who?" },
      country: { text: "Which country?" },
      phone: { text: "Which phone?" },
      "receipt-number": { text: "Which number?" },
      done: {
        text: "{{answers.choice}} {{answers.several}} {{answers.country}} {{answers.money}} {{answers.date}} {{answers.text}} {{answers.receipt-number}}",
      },
      stay: { text: "Stay?" },
    },
  },
);
export const { program } = lab;

/** A conversation that waits at a question. */
export const at = (step: string, language = "en"): Talk => talkAt(program, now, language, `lab:${step}`);

/** A tap is the end of a button's id in brackets; everything else is written. */
export function give(talk: Talk, things: readonly string[]): Talk {
  for (const thing of things) {
    const tapped = /^\[(.+)\]$/.exec(thing)?.[1];
    if (tapped === undefined) talk.say(thing);
    else talk.tap(tapped);
  }
  return talk;
}
