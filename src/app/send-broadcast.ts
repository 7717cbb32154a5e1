import type { Language } from "../core/nouns/language.ts";
import type { Ms } from "../core/nouns/time.ts";
import { ownTextIn } from "../core/render/format.ts";
import type { Outbox } from "./deliver-outbox.ts";
import { Problem } from "./errors.ts";
import { isVisible } from "./given-text.ts";
import type { Channel } from "./ports-channel.ts";
import type { AudienceGroup, BroadcastRow } from "./ports-desk.ts";
import type { Parts } from "./runtime.ts";
import { worthSendingFor } from "./turn-changes.ts";

/** What an organisation wants said. */
export type BroadcastOrder = {
  readonly organisation: string;
  readonly topic: string;
  readonly texts: Readonly<Record<Language, string>>;
};

/** Who would get a broadcast now, how, and why not. */
export type Preflight = {
  readonly topic: string;
  readonly channels: readonly ChannelPreflight[];
  /** Those who would be reached, by their language, and the language of the text that they would get. */
  readonly languages: readonly {
    readonly language: Language;
    readonly reachable: number;
    readonly textIn: Language;
  }[];
  readonly subscribers: number;
  readonly reachable: number;
};
export type ChannelPreflight = {
  readonly channel: string;
  readonly now: number;
  readonly byTemplate: number;
  /** Not reachable, by reason. */
  readonly not: Readonly<Record<string, number>>;
  /** How long it takes at the channel's pace, in seconds. */
  readonly seconds: number;
};

const longestText = 3_000;
/** Rows queued in one transaction at most; a store that would hold up a conversation takes fewer. */
const chunk = 2_000;

/** The full name of a topic: as given when it has a slash, else the organisation's. */
export function topicId(organisation: string, topic: string): string {
  return topic.includes("/") ? topic : `${organisation}/${topic}`;
}

/** Counts who would be reached, by channel, without sending anything. */
export async function preflight(parts: Parts, order: BroadcastOrder): Promise<Preflight> {
  const topic = await checked(parts, order);
  const now = parts.clock.now();
  const { languages } = parts.content.current.program;
  const window = Math.max(0, ...[...parts.channels.values()].map((channel) => channel.window ?? 0));
  const audience = await parts.store.desk.audience(topic, now - window);
  const groups = audience.map((group) => {
    const how = reachOf(parts.channels.get(group.channel), group, languages, now);
    return { ...group, how, reachable: how === "now" || how === "by-template" ? group.count : 0 };
  });
  const byChannel = Map.groupBy(groups, ({ channel }) => channel);
  return {
    topic,
    channels: [...byChannel].map(([id, ofChannel]) =>
      channelPreflight(id, parts.channels.get(id), ofChannel),
    ),
    languages: languages
      .map((language) => ({
        language,
        reachable: sum(groups.filter((group) => group.language === language)),
        textIn: ownTextIn(order.texts, language),
      }))
      .filter(({ reachable }) => reachable > 0),
    subscribers: audience.reduce((total, { count }) => total + count, 0),
    reachable: sum(groups),
  };
}

type Reached = AudienceGroup & { readonly how: string; readonly reachable: number };

const sum = (groups: readonly Reached[]): number =>
  groups.reduce((total, { reachable }) => total + reachable, 0);

function channelPreflight(
  id: string,
  channel: Channel | undefined,
  groups: readonly Reached[],
): ChannelPreflight {
  const counts = { now: 0, byTemplate: 0 };
  const not: Record<string, number> = {};
  for (const { how, count } of groups) {
    if (how === "now") counts.now += count;
    else if (how === "by-template") counts.byTemplate += count;
    else not[how] = (not[how] ?? 0) + count;
  }
  return {
    channel: id,
    ...counts,
    not,
    seconds: Math.ceil((counts.now + counts.byTemplate) / (channel?.bulkPerSecond ?? 1)),
  };
}

function reachOf(
  channel: Channel | undefined,
  group: AudienceGroup,
  languages: readonly Language[],
  now: Ms,
): string {
  if (group.state === "stopped") return "opted-out";
  if (group.state === "blocked") return "blocked";
  if (channel === undefined) return "channel-off";
  if (!languages.includes(group.language)) return "no-language";
  return channel.reach(group.language, group.window === "open" ? now : undefined, now);
}

/** Records the broadcast and queues its rows, once a contact even across a restart. Gives its number. */
export async function sendBroadcast(
  parts: Parts & { readonly outbox: Outbox },
  order: BroadcastOrder,
): Promise<number> {
  const topic = await checked(parts, order);
  const id = parts.store.nextId();
  await parts.store.desk.createBroadcast({
    id,
    topic,
    organisation: order.organisation,
    texts: order.texts,
    createdAt: parts.clock.now(),
  });
  await queueBroadcast(parts, id);
  return id;
}

/** Queues what is left of a broadcast; started again after a restart it goes on where it was. */
export async function queueBroadcast(parts: Parts & { readonly outbox: Outbox }, id: number): Promise<void> {
  const { program } = parts.content.current;
  for (let first = true, more = true; more; first = false) {
    const now = parts.clock.now();
    ({ more } = await parts.store.desk.queueBroadcastChunk(
      id,
      chunk,
      program.languages,
      now,
      now + worthSendingFor.bulk,
    ));
    // In between, the outbox looks by itself each second.
    if (first || !more) parts.outbox.wake();
  }
}

/** Goes on with the broadcasts that a restart interrupted while they were being queued. */
export async function resumeBroadcasts(parts: Parts & { readonly outbox: Outbox }): Promise<void> {
  for (const { id } of await parts.store.desk.broadcastsIn("planning")) await queueBroadcast(parts, id);
}

/** What became of a broadcast: counts by state, failures by reason. */
export async function broadcastStatus(
  parts: Pick<Parts, "store">,
  id: number,
): Promise<{
  readonly broadcast: Omit<BroadcastRow, "texts">;
  readonly counts: Readonly<Record<string, number>>;
}> {
  const found = await parts.store.desk.broadcast(id);
  if (found === undefined) throw new Problem("not-found", `there is no broadcast ${id}`);
  const { texts: _, ...broadcast } = found;
  return { broadcast, counts: await parts.store.desk.broadcastStatus(id) };
}

/** The topic of an order that can be carried out; a Problem that says what is wrong with one that can't. */
async function checked(parts: Pick<Parts, "store" | "content">, order: BroadcastOrder): Promise<string> {
  const topic = topicId(order.organisation, order.topic);
  const known = (await parts.store.desk.topics()).find(({ id }) => id === topic);
  if (known === undefined)
    throw new Problem("not-found", `there is no topic \`${topic}\`; add it with \`parwana topic add\``);
  if (known.organisation !== order.organisation)
    throw new Problem(
      "invalid",
      `the topic \`${topic}\` belongs to \`${known.organisation}\`, not to \`${order.organisation}\``,
    );
  const { languages } = parts.content.current.program;
  if (Object.keys(order.texts).length === 0)
    throw new Problem("invalid", "there is no text: give at least one with --text en=…");
  for (const [language, text] of Object.entries(order.texts)) {
    if (!languages.includes(language))
      throw new Problem("invalid", `\`${language}\` is none of the languages ${languages.join(", ")}`);
    if (!isVisible(text)) throw new Problem("invalid", `the text for \`${language}\` is empty`);
    if (text.length > longestText)
      throw new Problem(
        "invalid",
        `the text for \`${language}\` has ${text.length} characters; at most ${longestText} fit`,
      );
  }
  return topic;
}
