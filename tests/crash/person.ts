import type { Session } from "../../src/core/conversation/session.ts";
import type { Button } from "../../src/core/nouns/message.ts";
import type { Renderer } from "../../src/core/render/render.ts";
import type { Random } from "../stand-ins/wire/seeded.ts";
import { opening } from "./numbers-tree.ts";
import type { Delivery, Line, Platform, Said } from "./platform.ts";
import { contentOf, startReplay } from "./replay.ts";

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
  const renderer = contentOf(root);
  return (address, random) => personOf({ renderer, platform, line }, address, random);
}

type World = {
  readonly renderer: Renderer;
  readonly platform: Pick<Platform, "textsOf">;
  readonly line: Pick<Line, "deliver">;
};

function personOf({ renderer, platform, line }: World, address: string, random: Random): Person {
  const replay = startReplay(renderer);
  const expected: string[] = [];
  let offered: readonly Button[] | undefined;
  let numbers = 0;
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
    messages: replay.messages,
    session: replay.session,
    say() {
      const delivery = line.deliver(address, next());
      for (const message of replay.take(delivery.inbound)) {
        expected.push(...platform.textsOf(message));
        offered = message.buttons;
      }
      return delivery;
    },
  };
}
