import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { buildFaqIndex } from "../src/core/faq/faq-index.ts";
import { fitted } from "../src/core/faq/fitted-confidence.ts";
import { searchFaq } from "../src/core/faq/search-faq.ts";
import { writtenLanguage } from "../src/core/faq/written-language.ts";
import { matchRedFlag } from "../src/core/red-flags/match-red-flag.ts";
import { fitWeights } from "./faq/fit.ts";
import { type Scored, type Searched, sampleOf, scoreOf, search, thresholdsBy } from "./faq/judge.ts";
import { foldOf, type Message, readMessages, shippedWords } from "./faq/messages.ts";
import { machineLine, medianOf, shown, table, writeSection } from "./report.ts";

// How well free text finds its answer. Each phrasing is searched for in an index that was built without it and without
// those at its place in the other languages; the weights and thresholds of the confidence are fitted to these searches
// only, and tried on folds of entries that they were not fitted to. The blind messages were written by somebody who
// had seen neither phrasings nor concepts, and nothing is fitted or chosen by them.

const { values } = parseArgs({
  options: {
    write: { type: "boolean", default: false },
    /** Fits the confidence anew and writes src/core/faq/fitted-confidence.ts. */
    fit: { type: "boolean", default: false },
    /** Leaves the blind messages alone: for the days between, so that nobody tunes to them. */
    "no-blind": { type: "boolean", default: false },
  },
});
const folds = 5;
const words = shippedWords();
const index = buildFaqIndex(words.entries, words.options);
const blind = values["no-blind"] ? [] : readMessages("faq-blind.jsonl");
const development = readMessages("faq-dev.jsonl");
const isFlag = ({ kind }: Message): boolean => kind === "rf";
const questions = (messages: readonly Message[]) =>
  messages.filter(({ kind }) => kind !== "rf" && kind !== "alike");

const held = Array.from({ length: folds }, (_, fold) => foldOf(words, fold, folds)).flatMap((fold) =>
  fold.held.map((message) => search(fold.index, message, "held out")),
);
const near = readMessages("faq-outside.jsonl").map((message) => search(index, message, "near misses"));
const searches = [
  ...questions(development).map((message) => search(index, message, "development")),
  ...questions(blind).map((message) => search(index, message, "blind")),
];

/** A fold for an entry that depends on nothing but its name (FNV-1a): all languages and places of it stand in one. */
function entryFold({ message }: Searched): number {
  let hash = 2166136261;
  for (const letter of message.expected[0] ?? message.id)
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619) >>> 0;
  return (hash >>> 7) % folds;
}

/** What lies outside is rarer among phrasings than among messages. */
const outsideCounts = 3;
const samples = (all: readonly Searched[]) =>
  all.flatMap((one) => sampleOf(one, one.message.expected.length === 0 ? outsideCounts : 1));
const known = [...held, ...near];
const scored: readonly Scored[] = Array.from({ length: folds }, (_, fold) => fold).flatMap((fold) => {
  const weights = fitWeights(samples(known.filter((one) => entryFold(one) !== fold)));
  return known
    .filter((one) => entryFold(one) === fold)
    .map((searched) => ({ searched, score: scoreOf(searched, weights) }));
});

const used = values.fit ? { weights: fitWeights(samples(known)), ...thresholdsBy(scored) } : fitted;
const all: readonly Scored[] = [
  ...scored,
  ...searches.map((searched) => ({ searched, score: scoreOf(searched, used.weights) })),
];

/** Wilson's 95 % interval of a share. */
function interval(part: number, of: number): string {
  if (of === 0) return "–";
  const share = part / of;
  const z2 = 1.96 ** 2 / of;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = Math.sqrt((share * (1 - share)) / of + z2 / 4 / of) * (1.96 / (1 + z2));
  const percent = (value: number) => shown(value * 100);
  return `${percent(share)} % (${percent(Math.max(middle - half, 0))}–${percent(Math.min(middle + half, 1))})`;
}

const arabic = /\p{Script=Arabic}/u;
const isLatin = ({ lang, text }: Message): boolean =>
  (lang === "ps" || lang === "fa-AF") && !arabic.test(text);
const groups: readonly (readonly [name: string, has: (message: Message) => boolean])[] = [
  ["all", () => true],
  ...words.program.languages.map((language) => [language, ({ lang }: Message) => lang === language] as const),
  ["Latin letters", isLatin],
];

function rowsOf(set: string): string[][] {
  const own = all.filter(({ searched }) => searched.set === set && searched.message.expected.length > 0);
  return groups.map(([name, has]) => {
    const mine = own.filter(({ searched }) => has(searched.message));
    const direct = mine.filter(({ score }) => score >= used.answerFrom);
    const share = (good: (one: Scored) => boolean, of = mine) => interval(of.filter(good).length, of.length);
    return [
      set,
      name,
      String(mine.length),
      share(({ searched }) => searched.right),
      share(({ searched }) => searched.inThree),
      share(({ score }) => score >= used.answerFrom),
      share(({ searched }) => searched.right, direct),
    ];
  });
}

function outsideRow(set: string): string[] {
  const own = all.filter(({ searched }) => searched.set === set && searched.message.expected.length === 0);
  const share = (good: (one: Scored) => boolean) => interval(own.filter(good).length, own.length);
  return [
    set,
    String(own.length),
    share(({ score }) => score >= used.answerFrom),
    share(({ score }) => score < used.suggestFrom),
  ];
}

/** CPU time in milliseconds: what else the machine does adds nothing to it (or little). */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
const rounds = 7;
const timed = (times: number, work: () => void): number =>
  medianOf(
    Array.from({ length: rounds }, () =>
      cpuMs(() => {
        for (let time = 0; time < times; time += 1) work();
      }),
    ),
  ) / times;

const { matcher } = words.program.redFlags;
const messages = [...development, ...blind];
const eachUs = (act: (message: Message) => void): number =>
  (timed(5, () => messages.forEach(act)) * 1000) / messages.length;
const lookUps = messages.map(({ text, lang }) => {
  const from = performance.now();
  searchFaq(index, text, lang);
  return performance.now() - from;
});
const slow = lookUps.sort((a, b) => a - b)[Math.floor(lookUps.length * 0.95)] ?? 0;
const buildMs = timed(1, () => buildFaqIndex(words.entries, words.options));

const coldFile = fileURLToPath(new URL("faq/cold.ts", import.meta.url));
const costs = z.object({ whole: z.number(), longest: z.number() });
const colds = Array.from({ length: 3 }, () =>
  costs.parse(JSON.parse(execFileSync(process.execPath, [coldFile], { encoding: "utf8" }))),
);

const flagRows = (
  [
    ["development", development],
    ["blind", blind],
  ] as const
).flatMap(([set, own]) => {
  const flagged = own.filter(isFlag);
  const ordinary = own.filter((one) => !isFlag(one));
  const raised = flagged.filter(({ text, expected }) =>
    expected.includes(matchRedFlag(matcher, text)?.id ?? ""),
  );
  const alarms = ordinary.filter(({ text }) => matchRedFlag(matcher, text) !== undefined);
  return [[set, interval(raised.length, flagged.length), interval(alarms.length, ordinary.length)]];
});
const heard = held.filter(
  ({ message }) => writtenLanguage(index.written, message.text)?.language === message.lang,
);
const titles = words.entries.flatMap(({ phrasings }) => phrasings);
const sets = ["held out", "development", ...(blind.length === 0 ? [] : ["blind"])];

const text = `\`npm run bench:faq\` on ${machineLine(new Date())}

${index.ids.length} entries and parts, ${titles.length} phrasings, ${index.lexicon.size} concepts of ${index.lexicon.words} words. *Held out*: each phrasing, searched for in an index without it and those at its place in the other languages (${folds} folds). *Development*: at hand when the first phrasings were written. *Blind*: written by somebody who saw neither phrasings nor concepts; nothing was fitted to them; their figures were looked at a few times on the way, so they flatter a little. Confidence was fitted to held-out phrasings, tried on entries it was not fitted to. Shares with 95 % intervals (Wilson).

${table(["Messages", "Language", "Number", "First is right", "Among three", "Answered directly", "… rightly"], sets.flatMap(rowsOf))}

${table(["Outside", "Number", "Answered all the same", "Nothing offered"], [...sets, "near misses"].map(outsideRow))}

${table(["Red flags", "Found", "Raised by ordinary messages"], flagRows)}

Language recognised by words and letters: ${interval(heard.length, held.length)} of held-out phrasings (words known from other phrasings).

${table(
  ["Time", ""],
  [
    [
      "look-up of a message, CPU",
      `${shown(eachUs(({ text: one, lang }) => searchFaq(index, one, lang)))} µs`,
    ],
    ["look-up, 95th percentile", `${shown(slow, 2)} ms`],
    ["index of all languages, CPU", `${shown(buildMs)} ms`],
    ["… in a fresh process, its thread", `${shown(medianOf(colds.map(({ whole }) => whole)))} ms`],
    ["… its longest slice", `${shown(medianOf(colds.map(({ longest }) => longest)))} ms`],
    ["red flags of a message, CPU", `${shown(eachUs(({ text: one }) => matchRedFlag(matcher, one)))} µs`],
  ],
)}
`;
process.stdout.write(text);
if (values.fit) {
  const rounded = JSON.stringify(used, (_, value: unknown) =>
    typeof value === "number" ? Math.round(value * 1000) / 1000 : value,
  );
  writeFileSync(
    new URL("../src/core/faq/fitted-confidence.ts", import.meta.url),
    `/** Written by \`npm run bench:faq -- --fit\`: how sure a search is of what it found, and what is done then. */\nexport const fitted = ${rounded} as const;\n`,
  );
}
if (values.write) writeSection("faq", "Questions and red flags", text);
