import { longestRow } from "../../nouns/message.ts";
import type { Step } from "../program.ts";
import { wordsAt } from "../reading.ts";
import { type Issue, issueAt, type Source } from "../source.ts";
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
  return [...new Map(all.map((issue) => [`${issue.file}:${issue.line}:${issue.what}`, issue])).values()];
};

function tooLong(source: Source, key: string, most: number): readonly Issue[] {
  const [name = "", path = ""] = key.split(":");
  return [...source.locales].flatMap(([language, files]) => {
    const text = wordsAt({ source }, language, key);
    const file = files.get(name);
    if (typeof text !== "string" || file === undefined || text.length <= most) return [];
    return [
      issueAt(
        file,
        path.split("."),
        `the label \`${path}\` has ${text.length} characters; ${most} fit on its button`,
        "shorten it",
      ),
    ];
  });
}

function longId(source: Source, step: Step, id: string): readonly Issue[] {
  const file = source.flows.get(step.inFlow);
  if (file === undefined || encoder.encode(id).length <= longestId) return [];
  return [
    issueAt(
      file,
      ["steps", step.id],
      `a button of \`${step.id}\` has an id of more than ${longestId} bytes`,
      "give the option a shorter name",
    ),
  ];
}
