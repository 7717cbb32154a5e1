import type { Language } from "../core/nouns/language.ts";
import { addOrganisation, addTopic } from "./desk.ts";
import { Problem } from "./errors.ts";
import type { Publisher } from "./publish.ts";
import { type ReplayOrder, replayInbox } from "./replay-inbox.ts";
import { type BroadcastOrder, broadcastStatus, preflight, sendBroadcast } from "./send-broadcast.ts";
import type { TurnParts } from "./take-turn.ts";

/** What the `parwana` command can ask of a running server, or do itself while none runs. */
export type AdminRequest =
  | { readonly command: "org add"; readonly id: string; readonly name: string }
  | { readonly command: "org list" }
  | {
      readonly command: "topic add";
      readonly organisation: string;
      readonly topic: string;
      readonly titles: Readonly<Record<Language, string>>;
    }
  | { readonly command: "topic list" }
  | ({ readonly command: "broadcast send"; readonly dryRun: boolean } & BroadcastOrder)
  | { readonly command: "broadcast status"; readonly id: number }
  | { readonly command: "inbox list" }
  | ({ readonly command: "inbox replay" } & ReplayOrder)
  | { readonly command: "case list" }
  | { readonly command: "content publish" }
  /** Only of a running server: it ends as it would by a signal, after it has answered. */
  | { readonly command: "server stop" }
  /** `root`: the folder that holds the flows/ and locales/ to compare with where people are. */
  | { readonly command: "content compare"; readonly root: string };

/** What requests are carried out with; without a publisher, content can't be published, without `end` it is no server that could. */
export type AdminParts = TurnParts & { readonly publisher?: Publisher; readonly end?: () => void };

/** Carries a request out; gives what there is to show, as plain data. Throws Problems that say what to do. */
export async function carryOut(parts: AdminParts, request: AdminRequest): Promise<unknown> {
  const { desk } = parts.store;
  switch (request.command) {
    case "org add":
      await addOrganisation(parts, request.id, request.name);
      return { added: request.id };
    case "org list":
      return desk.organisations();
    case "topic add":
      return { added: await addTopic(parts, request.organisation, request.topic, request.titles) };
    case "topic list":
      return desk.topics();
    case "broadcast send":
      return request.dryRun ? preflight(parts, request) : { broadcast: await sendBroadcast(parts, request) };
    case "broadcast status":
      return broadcastStatus(parts, request.id);
    case "inbox list":
      return listSetAside(parts);
    case "inbox replay":
      return replayInbox(parts, request);
    case "case list":
      return listCases(parts);
    case "content publish":
      return publisherOf(parts).publish();
    case "server stop":
      return stopServer(parts);
    case "content compare":
      return publisherOf(parts).compare(request.root);
  }
}

function publisherOf({ publisher }: AdminParts): Publisher {
  if (publisher === undefined) throw new Problem("invalid", "this process publishes no content");
  return publisher;
}

function stopServer({ end }: AdminParts): { readonly stopping: true } {
  if (end === undefined) throw new Problem("invalid", "no server runs on this folder");
  end();
  return { stopping: true };
}

/** What was set aside, without what would lead to whom it is from. */
async function listSetAside({ store }: TurnParts): Promise<readonly object[]> {
  return (await store.setAside()).map(({ contact: _, ...shown }) => shown);
}

/** The open and closed cases, each with its reason opened. */
async function listCases({ store, people, vault }: TurnParts): Promise<readonly object[]> {
  const cases = await store.desk.cases();
  const shown = cases.map(async ({ contact, reason, ...one }) => {
    const row = await store.contact(contact);
    if (row === undefined) return [];
    return [
      {
        ...one,
        reason: vault.open(people.open(row).key, { table: "cases", column: "reason", row: one.id }, reason),
      },
    ];
  });
  return (await Promise.all(shown)).flat();
}
