import { type CivilDate, isCivilDate } from "../../dates/civil-date.ts";
import type { Language } from "../../nouns/language.ts";
import type { Param } from "../../nouns/say.ts";
import { type Renderer, render } from "../../render/render.ts";
import type { Host } from "../about.ts";
import type { FaqEntry } from "../program.ts";
import { type Issue, issueAt, type Source, textsOf, valueAt } from "../source.ts";

/** What fits a small screen at once, and what fits a message: UTF-16 units as people read them, facts included. */
const longest = { short: 350, more: 1_000 } as const;
/** The longest that settings let a host say of itself. */
const wordyHost: Host = { name: "x".repeat(80), contact: "x".repeat(120), privacy: "x".repeat(120) };
/** Marks that keep Latin text apart in a line of the other direction: they take no room. */
const isolates = /[\u2066-\u2069]/g;

type Side = keyof typeof longest;
type Content = Renderer & { readonly source: Source };

/**
 * Answers are short first, in every language and on every day (before and after the review of their facts); and an entry
 * names the facts that its texts state, and where these come from, so that "where from?" shows it.
 */
export function answers(content: Content): readonly Issue[] {
  return [...content.program.faq.entries.values()].flatMap((entry) => [
    ...content.program.languages.flatMap((language) =>
      (["short", "more"] as const).flatMap((side) => tooLong(content, entry, language, side)),
    ),
    ...unnamed(content, entry),
  ]);
}

function tooLong(content: Content, entry: FaqEntry, language: Language, side: Side): readonly Issue[] {
  const file = content.source.locales.get(language)?.get(entry.topic);
  if (file === undefined || (side === "more" && !entry.hasMore)) return [];
  const lengths = daysOf(content, entry, side).map((day) => lengthOn(content, entry, language, side, day));
  const length = Math.max(...lengths);
  if (length <= longest[side]) return [];
  return [
    issueAt(
      file,
      [entry.id, side],
      `\`${entry.id}.${side}\` comes to ${length} characters with its facts; ${longest[side]} fit`,
      side === "short" ? "move something to `more`, or say it shorter" : "say it shorter",
    ),
  ];
}

/** The days from which on a text reads differently: the first day a fact was checked, and their reviews. */
function daysOf({ program, translator }: Content, { key }: FaqEntry, side: Side): readonly CivilDate[] {
  const facts = translator.factsIn(`${key}.${side}`).flatMap((id) => program.facts.get(id) ?? []);
  const days = [...program.facts.values()].map((fact) => fact["checked-on"]).sort();
  return [...days.slice(0, 1), ...facts.map((fact) => fact["review-by"])].filter(isCivilDate);
}

function lengthOn(
  content: Content,
  { key, about }: FaqEntry,
  language: Language,
  side: Side,
  day: CivilDate,
): number {
  const params = Object.fromEntries(about.map((name): [string, Param] => [name, { kind: "about", name }]));
  const words = { key: `${key}.${side}`, params };
  const say = { parts: [{ style: "text", words }], buttons: [], nav: [], lane: "reply" } as const;
  return Math.max(
    ...[content, { ...content, host: wordyHost }].map((renderer) => {
      const { parts } = render(renderer, say, language, day).message;
      return parts.reduce((sum, { text }) => sum + text.replaceAll(isolates, "").length, 0);
    }),
  );
}

function unnamed({ source, program, translator }: Content, entry: FaqEntry): readonly Issue[] {
  const file = source.flows.get(entry.topic);
  const at = program.faq.topics.get(entry.topic.slice("faq/".length))?.indexOf(entry.id) ?? -1;
  if (file === undefined || at === -1) return [];
  const named = textsOf(valueAt(file.data, ["entries", at, "facts"]));
  const stated = ["short", "more"].flatMap((side) => translator.factsIn(`${entry.key}.${side}`));
  const lacking = [...new Set(stated)].filter((fact) => !named.includes(fact));
  const from = [...new Set(stated)].flatMap((fact) => program.facts.get(fact)?.source ?? []);
  return [
    ...lacking.map((fact) =>
      issueAt(
        file,
        ["entries", at, "facts"],
        `\`${entry.id}\` states \`${fact}\` without naming it`,
        `add \`${fact}\` to its facts`,
      ),
    ),
    ...[...new Set(from)]
      .filter((id) => !entry.sources.includes(id))
      .map((id) =>
        issueAt(
          file,
          ["entries", at, "sources"],
          `\`${entry.id}\` rests on \`${id}\` without naming it`,
          `add \`${id}\` to its sources`,
        ),
      ),
  ];
}
