import { longestRow } from "../../nouns/message.ts";
import type { Step } from "../program.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type Source, type SourceFile } from "../source.ts";
import type { Check } from "./check.ts";

/** A quick-reply button of WhatsApp, and the button that opens a list (20); in UTF-16 units, as all lengths here. */
const longestButton = 20;
/** At most this many buttons, ways out included, are shown as quick replies. */
const fewButtons = 3;
/** What Telegram takes in a button's data, in bytes. */
const longestId = 64;

const encoder = new TextEncoder();

/** What is written on a button fits it on every channel, and its id fits Telegram. */
export const labels: Check = ({ source, program }) => {
  const asks = [...program.steps.values()].filter(
    (step): step is Extract<Step, { kind: "ask" }> => step.kind === "ask",
  );
  const options = asks.flatMap((step) => {
    const all = [...step.buttons, ...step.nav];
    const most = all.length > 0 && all.length <= fewButtons ? longestButton : longestRow;
    return [...step.buttons, ...step.nav].flatMap(({ id, words }) =>
      "key" in words ? [...tooLong(source, words.key, most), ...longId(source, step, id)] : [],
    );
  });
  const entries = [...program.faq.entries.values()].flatMap(({ labelKey }) =>
    tooLong(source, labelKey, longestRow),
  );
  const commands = [...program.commands.keys()].flatMap((name) =>
    tooLong(source, `commands:${name}.label`, longestButton),
  );
  const own = [
    "list",
    "faq.more",
    "faq.where",
    "faq.offer",
    "faq.none-of-these",
    "nudge.done",
    "nudge.later",
    "nudge.change",
    "nudge.stop",
    "nudge.what",
    "broadcast.leave",
    "stopped-start",
  ];
  const all = [
    ...options,
    ...entries,
    ...commands,
    ...own.flatMap((key) => tooLong(source, `conversation:${key}`, longestButton)),
  ];
  // One label may stand on buttons of several kinds: it is told once, with the least that fits.
  const strictestFirst = all.toSorted((a, b) => b.most - a.most);
  return [...new Map(strictestFirst.map(({ issue }) => [`${issue.file}:${issue.line}`, issue])).values()];
};

type Found = { readonly most: number; readonly issue: Issue };

function tooLong(source: Source, key: string, most: number): readonly Found[] {
  const [name = "", path = ""] = key.split(":");
  return [...source.locales].flatMap(([language, files]) => {
    const text = wordsAt({ source }, language, key);
    const file = files.get(name);
    if (typeof text !== "string" || file === undefined || text.length <= most) return [];
    return [{ most, issue: longLabel(file, path, text, most) }];
  });
}

/** That a label has more UTF-16 units than the `most` that fit; `path` is its place in its file of words. */
export function longLabel(file: SourceFile, path: string, label: string, most: number): Issue {
  const what = `the label \`${path}\` has ${label.length} characters; ${most} fit on its button`;
  return issueAt(file, path.split("."), what, "shorten it");
}

function longId(source: Source, step: Step, id: string): readonly Found[] {
  const file = source.flows.get(step.inFlow);
  if (file === undefined || encoder.encode(id).length <= longestId) return [];
  const what = `a button of \`${step.id}\` has an id of more than ${longestId} bytes`;
  return [
    { most: longestId, issue: issueAt(file, ["steps", step.id], what, "give the option a shorter name") },
  ];
}
