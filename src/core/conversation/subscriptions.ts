import type { TopicId } from "../nouns/ids.ts";
import { wantsToHear } from "./reminders.ts";
import { emit, type Turn } from "./turn.ts";

/** Subscribes the person to a topic that exists; once is enough. */
export function joinTopic(turn: Turn, topic: TopicId): void {
  const { session, program } = turn;
  if (session.subscriptions.includes(topic) || !program.topics.some(({ id }) => id === topic)) return;
  session.subscriptions = [...session.subscriptions, topic];
  wantsToHear(turn);
  emit(turn, { kind: "subscribe", topic });
}

/** Takes the person off a topic. */
export function leaveTopic(turn: Turn, topic: TopicId): void {
  turn.session.subscriptions = turn.session.subscriptions.filter((id) => id !== topic);
  emit(turn, { kind: "unsubscribe", topic });
}
