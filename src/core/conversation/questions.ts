import { searchFaq } from "../faq/search-faq.ts";
import type { FaqEntry, Program } from "../flow/program.ts";
import type { FlowId } from "../nouns/ids.ts";
import type { Param, SayButton, SayPart } from "../nouns/say.ts";
import type { Said } from "./answers/answer-kind.ts";
import { offerLanguage } from "./languages.ts";
import { commandButton, count, isAtRest, own, sendOff, type Turn, tell, tellAll } from "./turn.ts";

/** Which side of an entry is shown: its short answer, its detail, or where it comes from. */
export type EntryView = "short" | "more" | "where";

/** What became of a free text that was looked up. */
export type LookedUp = "answered" | "suggested" | "nothing";

/** A question has more letters than this: two of them are a slip of the thumb, not something to guess at. */
const shortestQuestion = 3;

/** Whether nothing was written but signs and pictures: no letter and no digit. There is nothing in it to look up. */
export function isWordless({ text }: Said): boolean {
  return text === "";
}

/** Looks a free text up among the questions: says the answer, or up to three suggestions, or nothing. */
export function lookUp(turn: Turn, said: Said): LookedUp {
  const { program, session } = turn;
  if (isWordless(said) || said.raw.trim().length < shortestQuestion) return "nothing";
  const found = searchFaq(program.faq.index(), said.raw, session.language);
  count(turn, `question ${found.decision}`);
  offerLanguage(turn, said.raw);
  if (found.decision === "abstain") return "nothing";
  const [best] = found.entries;
  if (found.decision === "answer" && best !== undefined) {
    sayEntry(turn, found.part ?? best, "short");
    return "answered";
  }
  suggest(turn, found.entries);
  return "suggested";
}

/** Says the answer of a free text that also raised a flag, where it is sure to be the right one; suggests nothing. */
export function answerIfSure(turn: Turn, said: Said): void {
  const { program, session } = turn;
  if (searchFaq(program.faq.index(), said.raw, session.language).decision === "answer") lookUp(turn, said);
}

function suggest(turn: Turn, ids: readonly string[]): void {
  const entries = ids.map((id) => turn.program.faq.entries.get(id)).filter((entry) => entry !== undefined);
  tell(turn, own("faq.suggest"));
  const none: SayButton = {
    id: isAtRest(turn) ? "c:menu" : "c:continue",
    words: { key: "conversation:faq.none-of-these" },
  };
  sendOff(turn, [...entries.map(titleButton), none], [commandButton("person")]);
}

function titleButton(entry: FaqEntry): SayButton {
  return { id: `q:${entry.id}:short`, words: { key: entry.labelKey } };
}

/** Says one entry as a message of its own, with buttons for its other sides, its relatives and the flow it leads to. */
export function sayEntry(turn: Turn, id: string, view: EntryView): void {
  const entry = turn.program.faq.entries.get(id);
  if (entry === undefined) {
    tell(turn, own("moved-on"));
    return;
  }
  // A button may be older than the content: what has no detail any more is shown short.
  const shown = view === "more" && !entry.hasMore ? "short" : view;
  tellAll(turn, views[shown](entry, turn));
  sendOff(turn, entryButtons(turn, entry, shown), isAtRest(turn) ? [commandButton("menu")] : []);
}

const views: Readonly<Record<EntryView, (entry: FaqEntry, turn: Turn) => readonly SayPart[]>> = {
  short: (entry) => [{ style: "heading", words: { key: `${entry.key}.title` } }, sideOf(entry, "short")],
  more: (entry) => [{ style: "heading", words: { key: `${entry.key}.title` } }, sideOf(entry, "more")],
  where: (entry, turn) => [
    own("faq.sources-heading", undefined, "heading"),
    ...(entry.about.length > 0 ? [own("faq.own-source")] : []),
    ...sourcesOf(entry, turn),
    entry.checkedOn === undefined
      ? own("faq.undated", undefined, "note")
      : own("faq.checked", { date: { kind: "date", date: entry.checkedOn } }, "note"),
  ],
};

/** The pages behind an answer; what the bot says of itself alone has none. */
function sourcesOf({ sources, about, checkedOn }: FaqEntry, { program }: Turn): readonly SayPart[] {
  if (about.length > 0 && checkedOn === undefined) return [];
  return sources.flatMap((id) => {
    const source = program.sources.get(id);
    return source === undefined ? [] : [own("faq.source", { name: source.name, url: source.url })];
  });
}

function sideOf({ key, about }: FaqEntry, side: "short" | "more"): SayPart {
  if (about.length === 0) return { style: "text", words: { key: `${key}.${side}` } };
  const params = Object.fromEntries(about.map((name): [string, Param] => [name, { kind: "about", name }]));
  return { style: "text", words: { key: `${key}.${side}`, params } };
}

function entryButtons(turn: Turn, entry: FaqEntry, view: EntryView): readonly SayButton[] {
  const buttons: SayButton[] = [];
  if (entry.hasMore && view !== "more")
    buttons.push({ id: `q:${entry.id}:more`, words: { key: "conversation:faq.more" } });
  if (view !== "where") buttons.push({ id: `q:${entry.id}:where`, words: { key: "conversation:faq.where" } });
  if (entry.offers !== undefined)
    buttons.push({ id: `f:${entry.offers}`, words: { key: offerKey(turn.program, entry.offers) } });
  if (view !== "short") return buttons;
  for (const id of entry.related) {
    const related = turn.program.faq.entries.get(id);
    if (related !== undefined) buttons.push(titleButton(related));
  }
  return buttons;
}

/** Where an offer leads is said by the label of the command that goes there too; a flow without one has no name of its own. */
function offerKey({ commands }: Program, flow: FlowId): string {
  for (const [name, command] of commands)
    if ("flow" in command && command.flow === flow) return `commands:${name}.label`;
  return "conversation:faq.offer";
}
