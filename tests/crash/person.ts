import { bodyOf } from "../../src/app/outbox-body.ts";
import { htmlOf, piecesOf } from "../../src/channels/telegram/pieces.ts";
import { readUpdate } from "../../src/channels/telegram/receive.ts";
import { formatIssues } from "../../src/content/format-issues.ts";
import { loadContent } from "../../src/content/load.ts";
import { advance } from "../../src/core/conversation/advance.ts";
import { newSession, type Session } from "../../src/core/conversation/session.ts";
import type { Button } from "../../src/core/nouns/message.ts";
import type { Renderer } from "../../src/core/render/render.ts";
import { guessLanguage } from "../../src/core/text/guess-language.ts";
import type { Random } from "../stand-ins/wire/seeded.ts";
import { opening } from "./numbers-tree.ts";

/** Somebody who writes, and what the core makes of it: what has to be stored and sent, whatever happens to the server. */
export type Person = {
  readonly chat: number;
  /** The updates that were acknowledged. */
  readonly acknowledged: number[];
  /** Every text that has to be sent, in order; no two are alike. */
  readonly expected: readonly string[];
  /** The session that has to be stored, once everything that was said has been acknowledged. */
  readonly session: () => Session;
  /** The next thing said, as the body of an update with this id. */
  readonly say: (id: number) => string;
};

/** Reads the content of a tree; gives what makes people of it. */
export function peopleOf(root: string): (chat: number, random: Random) => Person {
  const loaded = loadContent(root);
  if ("issues" in loaded) throw new Error(formatIssues(loaded.issues));
  return (chat, random) => personOf(loaded, chat, random);
}

/** The core's time: nothing in these conversations depends on it. */
const now = 1_790_000_000_000;

function personOf(renderer: Renderer, chat: number, random: Random): Person {
  const { program } = renderer;
  const expected: string[] = [];
  let session = newSession(guessLanguage("en", "", program.languages), program.hash);
  let offered: readonly Button[] | undefined;
  let numbers = 0;
  const take = (update: unknown): void => {
    const received = readUpdate("telegram", update);
    if (received.kind !== "inbound") throw new Error("the update is none");
    const advanced = advance(program, session, received.inbound.input, now);
    session = advanced.session;
    for (const effect of advanced.effects) {
      if (effect.kind !== "say") continue;
      const { message } = bodyOf(renderer, effect.say, session.language, now);
      expected.push(...piecesOf(message.parts).map(htmlOf));
      offered = message.buttons;
    }
  };
  const next = (): Said => {
    if (offered === undefined) return { tap: opening };
    const button = offered[Math.floor(random() * offered.length)];
    if (button === undefined) return { text: String(++numbers) };
    return random() < 0.5 ? { tap: button.id } : { text: button.label };
  };
  return {
    chat,
    acknowledged: [],
    expected,
    session: () => session,
    say: (id) => {
      const update = updateOf(id, chat, next());
      take(update);
      return JSON.stringify(update);
    },
  };
}

type Said = { readonly text: string } | { readonly tap: string };

function updateOf(id: number, chat: number, said: Said) {
  const from = { id: chat, is_bot: false, first_name: "Somebody", language_code: "en" };
  const about = { message_id: id, date: now / 1000, chat: { id: chat, type: "private" } };
  return "text" in said
    ? { update_id: id, message: { ...about, from, text: said.text } }
    : {
        update_id: id,
        callback_query: { id: String(id), from, message: about, chat_instance: "1", data: said.tap },
      };
}
