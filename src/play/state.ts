import { isAsked } from "../core/conversation/answers-so-far.ts";
import type { Conversation } from "./conversation.ts";

/** All that is known of a conversation, in lines. */
export function stateLines({ session, scheduled, now }: Conversation): readonly string[] {
  const { language, timeZone, frames, asking, answers, gathered, reminders, subscriptions, misses } = session;
  const moments = [...scheduled].map(([ref, at]) => `${ref} ${new Date(at).toISOString()}`);
  const fields: readonly (readonly [name: string, values: readonly unknown[]])[] = [
    ["now", [new Date(now).toISOString()]],
    ["language", [language]],
    ["time zone", timeZone === null ? [] : [timeZone]],
    ["place", frames],
    ["in the middle of", asking === null ? [] : [JSON.stringify(asking)]],
    ["answer", answers.map((one) => `${one.place} = ${String(one.value)}${isAsked(one) ? "" : " (set)"}`)],
    ["result for later", gathered],
    ["reminder", reminders.map((one) => JSON.stringify(one))],
    ["topic", subscriptions],
    ["scheduled", moments],
    ["not understood", misses === 0 ? [] : [misses]],
    ["stopped", session.stopped ? ["yes"] : []],
  ];
  return fields.flatMap(([name, values]) => values.map((value) => `${name}: ${String(value)}`));
}
