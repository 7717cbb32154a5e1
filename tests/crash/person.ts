import { bodyOf } from "../../src/app/outbox-body.ts";
import type { Inbound } from "../../src/app/ports-channel.ts";
import { formatIssues } from "../../src/content/format-issues.ts";
import { loadContent } from "../../src/content/load.ts";
import { advance } from "../../src/core/conversation/advance.ts";
import { newSession, type Session } from "../../src/core/conversation/session.ts";
import type { Button } from "../../src/core/nouns/message.ts";
import type { Renderer } from "../../src/core/render/render.ts";
import { guessLanguage } from "../../src/core/text/guess-language.ts";
import type { Random } from "../stand-ins/wire/seeded.ts";
import { opening } from "./numbers-tree.ts";
import type { Delivery, Line, Platform, Said } from "./platform.ts";

/** Somebody who writes, and what the core makes of it: what has to be stored and sent, whatever happens to the server. */
export type Person = {
  readonly address: string;
  /** The deliveries that were acknowledged, by the platform's ids. */
  readonly acknowledged: string[];
  /** Every text that has to be sent, in order; no two are alike. */
  readonly expected: readonly string[];
  /** How many messages these texts are. */
  readonly messages: () => number;
  /** The session that has to be stored, once everything that was said has been acknowledged; undefined before anything was said. */
  readonly session: () => Session | undefined;
  /** The next thing said. */
  readonly say: () => Delivery;
};

/** Reads the content of a tree; gives what makes people of it who write on this platform. */
export function peopleOf(
  root: string,
  platform: Pick<Platform, "textsOf">,
  line: Pick<Line, "deliver">,
): (address: string, random: Random) => Person {
  const loaded = loadContent(root);
  if ("issues" in loaded) throw new Error(formatIssues(loaded.issues));
  return (address, random) => personOf({ renderer: loaded, platform, line }, address, random);
}

type World = {
  readonly renderer: Renderer;
  readonly platform: Pick<Platform, "textsOf">;
  readonly line: Pick<Line, "deliver">;
};

/** The core's time: nothing in these conversations depends on it. */
const now = 1_790_000_000_000;

function personOf({ renderer, platform, line }: World, address: string, random: Random): Person {
  const { program } = renderer;
  const expected: string[] = [];
  let messages = 0;
  let session: Session | undefined;
  let offered: readonly Button[] | undefined;
  let numbers = 0;
  const take = ({ input, languageHint }: Inbound): void => {
    session ??= newSession(guessLanguage(languageHint, "", program.languages), program.hash);
    const advanced = advance(program, session, input, now);
    session = advanced.session;
    for (const effect of advanced.effects) {
      if (effect.kind !== "say") continue;
      const { message } = bodyOf(renderer, effect.say, session.language, now);
      expected.push(...platform.textsOf(message));
      messages += 1;
      offered = message.buttons;
    }
  };
  const next = (): Said => {
    if (offered === undefined) return { tap: opening, label: undefined };
    const button = offered[Math.floor(random() * offered.length)];
    if (button === undefined) return { text: String(++numbers) };
    return random() < 0.5 ? { tap: button.id, label: button.label } : { text: button.label };
  };
  return {
    address,
    acknowledged: [],
    expected,
    messages: () => messages,
    session: () => session,
    say() {
      const delivery = line.deliver(address, next());
      take(delivery.inbound);
      return delivery;
    },
  };
}
