import { isDeepStrictEqual } from "node:util";
import { bodyOf } from "../../src/app/outbox-body.ts";
import type { Inbound } from "../../src/app/ports-channel.ts";
import { formatIssues } from "../../src/content/format-issues.ts";
import { loadContent } from "../../src/content/load.ts";
import { advance } from "../../src/core/conversation/advance.ts";
import { newSession, type Session } from "../../src/core/conversation/session.ts";
import type { Message } from "../../src/core/nouns/message.ts";
import type { Renderer } from "../../src/core/render/render.ts";
import { guessLanguage } from "../../src/core/text/guess-language.ts";

/** What the core makes of what somebody says: what has to be stored and sent, whatever happens to the server. */
export type Replay = {
  /** Takes the next thing said; gives the messages that answer it. */
  readonly take: (inbound: Inbound) => readonly Message[];
  /** How many messages there have been. */
  readonly messages: () => number;
  /** The session that has to be stored; undefined before anything was said. */
  readonly session: () => Session | undefined;
};

/** The core's time: nothing in these conversations depends on it. */
const now = 1_790_000_000_000;

/** Reads the content of a tree; throws where there is something wrong with it. */
export function contentOf(root: string): Renderer {
  const loaded = loadContent(root);
  if ("issues" in loaded) throw new Error(formatIssues(loaded.issues));
  return loaded;
}

/** Begins the conversation of somebody of whom nothing is known. */
export function startReplay(renderer: Renderer): Replay {
  const { program } = renderer;
  let session: Session | undefined;
  let messages = 0;
  return {
    take({ input, languageHint }) {
      const before = session ?? newSession(guessLanguage(languageHint, "", program.languages), program.hash);
      const { session: after, effects } = advance(program, before, input, now);
      session = after;
      const said = effects.flatMap((effect) =>
        effect.kind === "say" ? [bodyOf(renderer, effect.say, after.language, now).message] : [],
      );
      messages += said.length;
      return said;
    },
    messages: () => messages,
    session: () => session,
  };
}

/** Whether two sessions are the same; the end of a wait is the only thing in one that hangs on the time. */
export function isSameSession(one: Session, other: Session | undefined): boolean {
  return isDeepStrictEqual({ ...one, waitUntil: null }, { ...other, waitUntil: null });
}
