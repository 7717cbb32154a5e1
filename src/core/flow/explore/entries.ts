import type { FlowId } from "../../nouns/ids.ts";
import type { Program } from "../program.ts";

/** A way into a flow: how people get there, in English, and the answers that are given beforehand. */
export type Entry = {
  readonly flow: FlowId;
  readonly how: string;
  readonly preset: Readonly<Record<string, string>>;
};

/** Every way into a flow from outside: at the first message, by a command, from a question's answer, from a reminder. */
export function entriesOf(program: Program): readonly Entry[] {
  const plain = (flow: FlowId, how: string): Entry => ({ flow, how, preset: {} });
  const all = [
    plain("onboarding", "the first message"),
    plain("menu", "the menu"),
    ...[...program.commands].flatMap(([name, command]) =>
      "flow" in command ? [plain(command.flow, `the command \`${name}\``)] : [],
    ),
    ...[...program.faq.entries.values()].flatMap(({ id, offers }) =>
      offers === undefined ? [] : [plain(offers, `the question \`${id}\``)],
    ),
    ...[...program.reminders.values()].flatMap(({ kind, change }): readonly Entry[] =>
      change === undefined ? [] : [{ flow: change, how: `the reminder \`${kind}\``, preset: { which: "1" } }],
    ),
  ].filter(({ flow }) => program.flows.has(flow));
  const known = new Map<string, Entry>();
  for (const entry of all) {
    const id = JSON.stringify([entry.flow, entry.preset]);
    if (!known.has(id)) known.set(id, entry);
  }
  return [...known.values()];
}
