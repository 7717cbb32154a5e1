import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../project-root.ts";

const shared = ["conversation", "answers", "dates"].flatMap((name) =>
  ["en", "es"].map((language) => `locales/${language}/${name}.json`),
);

const names = [
  "stop",
  "menu",
  "help",
  "language",
  "delete",
  "person",
  "back",
  "start-again",
  "continue",
  "start",
];
const commandWords = (mark: string) =>
  Object.fromEntries(
    names.map((name) => [
      name,
      { label: `${name}${mark}`, description: name, words: [`please ${name}${mark}`] },
    ]),
  );

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

const commands = `commands:
  stop: { do: stop }
  menu: { do: open, flow: menu }
  help: { do: visit, flow: trip }
  language: { do: visit, flow: onboarding }
  delete: { do: visit, flow: trip }
  person: { do: visit, flow: trip }
  back: { do: back }
  start-again: { do: start-again }
  continue: { do: continue }
  start: { do: open, flow: onboarding }
menu: [menu, stop]
`;

const menu = `start: choose
nav: []
steps:
  choose:
    kind: ask
    answer: { kind: choice, options: [trip, rest] }
    next: { trip: trip, rest: choose }
  trip: { kind: call, flow: trip, next: choose }
`;

const onboarding = `start: language
steps:
  language:
    kind: ask
    answer: { kind: choice, from: languages }
    keep: language
    next: done
  done: { kind: end, then: menu }
`;

const trip = `start: known
nav: [back, menu]
steps:
  known:
    kind: decide
    table:
      - { when: { person.reminders: { at-least: 1 } }, next: done }
      - { when: { day: { before: today } }, next: told }
    otherwise: ready
  ready:
    kind: ask
    answer: { kind: yes-no }
    unsure: true
    adds: { "yes": go, unsure: wait }
    nav: [menu]
    wait: { days: 3, next: told }
    next: { "yes": zone, "no": told, unsure: told }
  zone:
    kind: ask
    answer: { kind: choice, options: { kabul: Asia/Kabul, lima: America/Lima }, typed: { rome: Europe/Rome } }
    keep: time-zone
    next: day
  day:
    kind: ask
    answer: { kind: date, latest: 100 }
    next: remind
  remind: { kind: remind, do: set, reminder: due, date: day, next: pick }
  pick:
    kind: ask
    answer: { kind: choice, from: faq/basics }
    next: show
  show: { kind: faq, entry: pick, next: note }
  note: { kind: set, values: { copy: { answer: ready } }, next: result }
  result: { kind: outcome, show: gathered, next: told }
  told: { kind: say, next: now }
  now: { kind: outcome, outcome: go, show: now, next: done }
  done: { kind: end }
outcomes:
  go: { level: worth-asking }
  wait: { level: lawyer-first }
`;

const facts = `facts:
  fee:
    say: check
    volatility: high
    value: 100
    unit: usd
    as-of: "2026-10-02"
    checked-on: "2026-11-22"
    review-by: "2026-12-06"
    source: office
`;

const tripWords = (mark: string) => ({
  ready: { text: `Ready?${mark}`, help: "Yes or no." },
  zone: {
    text: "Where?",
    options: { kabul: `Kabul${mark}`, lima: `Lima${mark}`, rome: `Rome${mark}` },
    accept: { kabul: ["kbl"] },
  },
  day: { text: "When?" },
  pick: { text: "Which?" },
  result: { text: "Results", none: "None" },
  told: { heading: "Told", text: "The day is {{answers.day}}.\n{{fact.fee}}" },
  outcomes: { go: "Go.", wait: "Wait." },
});
const menuWords = (mark: string) => ({
  choose: { text: "What?", options: { trip: `Trip${mark}`, rest: `Rest${mark}` } },
});
const faqWords = (mark: string) => ({
  topic: "Basics",
  "what-is-it": {
    title: `What is it?${mark}`,
    label: "What?",
    short: "{{fact.fee}}",
  },
  "what-next": { title: `What next?${mark}`, label: "Next?", short: "Go." },
});
const dueWords = {
  title: "Due",
  before_one: "{{count}} day to {{date}}",
  before_other: "{{count}} days to {{date}}",
  today: "Today",
  after: "Past",
  about: "What is due.",
};

const words: Readonly<Record<string, readonly [en: unknown, es: unknown]>> = {
  commands: [commandWords(""), commandWords("o")],
  profile: [
    { language: "English", "whatsapp-language": "en" },
    { language: "Español", "whatsapp-language": "es" },
  ],
  menu: [menuWords(""), menuWords("o")],
  onboarding: [{ language: { text: "Language?" } }, { language: { text: "¿Idioma?" } }],
  trip: [tripWords(""), tripWords("o")],
  facts: [
    { fee: { statement: "It costs {{value}}.", topic: "the fee" } },
    { fee: { statement: "Cuesta {{value}}.", topic: "la tarifa" } },
  ],
  "red-flags": [
    { "rf-danger": { card: "Call 911.", patterns: ["danger"], unless: [] } },
    { "rf-danger": { card: "Llame al 911.", patterns: ["peligro"], unless: [] } },
  ],
  templates: [{ nudge: "Reply to read." }, { nudge: "Responda para leer." }],
  "faq/basics": [faqWords(""), faqWords("o")],
  "phrasings/basics": [
    { "what-is-it": ["tell me"], "what-next": ["and then"] },
    { "what-is-it": ["dígame"], "what-next": ["y después"] },
  ],
  "reminders/due": [dueWords, { ...dueWords, before_many: "{{count}} of days to {{date}}" }],
};

/** A small content of a whole installation: file texts by path. Nothing is wrong with it. */
export const smallContent: Readonly<Record<string, string>> = {
  ...Object.fromEntries(shared.map((path) => [path, readFileSync(join(projectRoot, path), "utf8")])),
  ...Object.fromEntries(
    Object.entries(words).flatMap(([name, [en, es]]) => [
      [`locales/en/${name}.json`, json(en)],
      [`locales/es/${name}.json`, json(es)],
    ]),
  ),
  "flows/commands.yaml": commands,
  "flows/menu.yaml": menu,
  "flows/onboarding.yaml": onboarding,
  "flows/trip.yaml": trip,
  "flows/facts.yaml": facts,
  "flows/sources.yaml": `sources:\n  office: { name: Office, url: "https://example.org/fee", kind: official }\n`,
  "flows/red-flags.yaml": "flags:\n  - { id: rf-danger }\n",
  "flows/templates.yaml": `templates:\n  nudge:\n    category: utility\n`,
  "flows/faq/basics.yaml": `entries:\n  - id: what-is-it\n    facts: [fee]\n    sources: [office]\n    related: [what-next]\n    offers: trip\n  - id: what-next\n    sources: [office]\n`,
  "flows/reminders/due.yaml": "ladder: [30, 7, 1, -1]\nhours: [9, 20]\nsnooze: { days: 3 }\nchange: trip\n",
};
