import { parseArgs } from "node:util";
import { confidence, decide, sureOfExact, type Weights } from "../src/core/faq/confidence.ts";
import { buildFaqIndex, type FaqIndex } from "../src/core/faq/faq-index.ts";
import { type FaqSearch, lookThrough, searchFaq } from "../src/core/faq/search-faq.ts";
import { matchRedFlag } from "../src/core/red-flags/match-red-flag.ts";
import { fitWeights, type Sample } from "./faq/fit.ts";
import { holdOut, type Message, phrasingsOf, readMessages, shipped } from "./faq/messages.ts";
import { machineLine, medianOf, shown, table, writeSection } from "./report.ts";

// How well free text finds its answer. Development messages and messages that lie outside are searched as they are;
// one phrasing of each entry is searched in an index without it, several times over. What is said of direct answers
// is cross-validated: the weights of the confidence are fitted without the fold that they are tried on, and all
// messages of an entry, in every language and from every set, stand in one fold.

const { values } = parseArgs({
  options: {
    repeats: { type: "string", default: "10" },
    write: { type: "boolean", default: false },
    /** Prints the weights fitted on everything, to be put into the confidence. */
    fit: { type: "boolean", default: false },
  },
});
const folds = 5;
/** Which phrasings are held out, by their place. */
const heldPlaces = [1, 3, 5, 7, 9, 11];
/** The many phrasings are easier than what people write, so each counts less. */
const counts: Readonly<Record<SetName, number>> = { development: 2, outside: 2, held: 0.5 };

type SetName = "development" | "outside" | "held";
type Searched = {
  readonly message: Message;
  readonly set: SetName;
  readonly group: string;
  readonly found: FaqSearch | undefined;
  readonly right: boolean;
  readonly inThree: boolean;
};

function search(index: FaqIndex, message: Message, set: SetName): Searched {
  const found = lookThrough(index, message.text, message.lang);
  const [first = ""] = found?.entries ?? [];
  return {
    message,
    set,
    group: message.expected[0] ?? message.id,
    found,
    right: message.expected.includes(first),
    inThree: message.expected.some((id) => found?.entries.includes(id) === true),
  };
}

const content = shipped();
const words = phrasingsOf(content);
const index = content.program.faq.index();
const development = readMessages("faq-dev.jsonl");
const outside = readMessages("faq-outside.jsonl");
const asked = development.filter(({ kind }) => kind !== "oos" && kind !== "rf");
const flagged = development.filter(({ kind }) => kind === "rf");
const strangers = [...development.filter(({ kind }) => kind === "oos"), ...outside];

const heldSearches = heldPlaces.flatMap((place) => {
  const { rest, held } = holdOut(words, place);
  const without = buildFaqIndex(rest);
  return held.map((message) => search(without, message, "held"));
});
const searches = [
  ...asked.map((message) => search(index, message, "development")),
  ...strangers.map((message) => search(index, message, "outside")),
  ...heldSearches,
];

/** A fold for a group that depends on nothing but its name and the repeat (FNV-1a). */
function foldOf(group: string, repeat: number): number {
  let hash = 2166136261;
  for (const letter of `${repeat} ${group}`)
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16777619) >>> 0;
  return (hash >>> 7) % folds;
}

function sampleOf({ found, right, set }: Searched): Sample[] {
  return found === undefined || found.exact ? [] : [{ features: found.features, right, counts: counts[set] }];
}

const scoreOf = ({ found }: Searched, weights: Weights): number => {
  if (found === undefined) return 0;
  return found.exact ? sureOfExact : confidence(found.features, weights);
};

type Judged = { readonly search: Searched; readonly decision: ReturnType<typeof decide> };
const repeats = Array.from({ length: Number(values.repeats) }, (_, repeat) => repeat);
const judged: readonly Judged[] = repeats.flatMap((repeat) =>
  Array.from({ length: folds }, (_, fold) => fold).flatMap((fold) => {
    const inFold = ({ group }: Searched) => foldOf(group, repeat) === fold;
    const weights = fitWeights(searches.filter((one) => !inFold(one)).flatMap(sampleOf));
    return searches.filter(inFold).map((one) => ({ search: one, decision: decide(scoreOf(one, weights)) }));
  }),
);

/** Wilson's 95 % interval of a share; `of` may be more than the `independent` messages that it was counted over. */
function interval(part: number, of: number, independent = of): string {
  if (of === 0) return "–";
  const share = part / of;
  const z2 = 1.96 ** 2 / independent;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = Math.sqrt((share * (1 - share)) / independent + z2 / 4 / independent) * (1.96 / (1 + z2));
  const percent = (value: number) => shown(value * 100);
  return `${percent(share)} % (${percent(Math.max(middle - half, 0))}–${percent(Math.min(middle + half, 1))})`;
}

const isOf = (set: SetName, language: string) => (one: Searched) =>
  one.set === set && (language === "all" || one.message.lang === language);

function foundRow(set: SetName, language: string): string[] {
  const own = searches.filter(isOf(set, language));
  const share = (good: (one: Searched) => boolean) => interval(own.filter(good).length, own.length);
  return [set, language, String(own.length), share(({ right }) => right), share(({ inThree }) => inThree)];
}

function answeredRow(set: SetName, language: string): string[] {
  const own = judged.filter(({ search: one }) => isOf(set, language)(one));
  const direct = own.filter(({ decision }) => decision === "answer");
  const right = direct.filter(({ search: one }) => one.right);
  const none = own.filter(({ decision }) => decision === "abstain");
  const times = repeats.length;
  return [
    set,
    language,
    interval(direct.length, own.length, own.length / times),
    set === "outside" ? "–" : interval(right.length, direct.length, direct.length / times),
    interval(none.length, own.length, own.length / times),
  ];
}

/** CPU time in milliseconds: what else the machine does adds nothing to it (or little). */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
const rounds = 9;
const timed = (times: number, work: () => void): number =>
  medianOf(
    Array.from({ length: rounds }, () =>
      cpuMs(() => {
        for (let time = 0; time < times; time += 1) work();
      }),
    ),
  ) / times;

const { matcher } = content.program.redFlags;
const eachUs = (act: (message: Message) => void): number =>
  (timed(10, () => development.forEach(act)) * 1000) / development.length;
const lookUpUs = eachUs(({ text, lang }) => searchFaq(index, text, lang));
const flagUs = eachUs(({ text }) => matchRedFlag(matcher, text));
const oneWordUs = timed(20_000, () => matchRedFlag(matcher, "documents")) * 1000;
const buildMs = timed(1, () => buildFaqIndex(words));

const raised = flagged.filter(({ text, expected }) =>
  expected.includes(matchRedFlag(matcher, text)?.id ?? ""),
);
const ordinary = [...asked, ...strangers];
const alarms = ordinary.filter(({ text }) => matchRedFlag(matcher, text) !== undefined);
const known = words.flatMap(({ title, phrasings }) => [title, ...phrasings]);
const alarmsInKnown = known.filter((text) => matchRedFlag(matcher, text) !== undefined);

const languages = ["all", ...content.program.languages];
const text = `\`npm run bench:faq\` on ${machineLine(new Date())}

${asked.length} development messages, ${strangers.length} messages that lie outside (a good part of them close to the subject), and ${heldSearches.length} phrasings, each searched in an index without it; ${index.ids.length} entries, ${known.length} titles and phrasings. Shares with 95 % intervals (Wilson). The development messages were at hand when the phrasings were written and the weights chosen; the phrasings held out tell more of what is to be expected.

${table(
  ["Messages", "Language", "Number", "First is right", "Among three"],
  (["development", "held"] as const).flatMap((set) => languages.map((language) => foundRow(set, language))),
)}

Decisions, in ${folds} folds grouped by entry, ${repeats.length} times over:

${table(
  ["Messages", "Language", "Answered directly", "… of these rightly", "Nothing offered"],
  [
    ...(["development", "held"] as const).flatMap((set) =>
      languages.map((language) => answeredRow(set, language)),
    ),
    answeredRow("outside", "all"),
  ],
)}

${table(
  ["Red flags", ""],
  [
    ["found", interval(raised.length, flagged.length)],
    ["raised by ordinary messages", interval(alarms.length, ordinary.length)],
    [
      "raised by titles and phrasings (some rightly: “they want gift cards”)",
      interval(alarmsInKnown.length, known.length),
    ],
  ],
)}

${table(
  ["CPU time", ""],
  [
    ["look-up of a message", `${shown(lookUpUs)} µs`],
    ["index of all languages", `${shown(buildMs)} ms`],
    ["red flags of a message", `${shown(flagUs)} µs`],
    ["red flags of one word", `${shown(oneWordUs, 2)} µs`],
  ],
)}
`;
console.log(text);
if (values.fit) console.log(fitWeights(searches.flatMap(sampleOf)));
if (values.write) writeSection("faq", "Questions and red flags", text);
