import { type Ms, second } from "../../core/nouns/time.ts";
import type { TwilioApi } from "./client.ts";
import { type Listed, listSince } from "./message-list.ts";

/** What a message reads like in Twilio's list. A record's body may be followed there by what else it shows. */
export type Likeness = { readonly text: string; readonly mayGoOn: boolean };

/** What Twilio has taken for one person, of which we may not know. */
export type Earlier = {
  /**
   * The SID of the oldest such message that reads like this; it is taken for no other from then on. Asked in the order in which
   * they leave: where one is not there, none after it can be.
   */
  readonly take: (likeness: Likeness) => string | undefined;
};

export type LookBack = {
  /** Notes a SID that Twilio gave us in answer: that message is in no doubt, and stands for no other. */
  readonly known: (sid: string) => void;
  /** Asks Twilio what it has taken for this address since; rejects when it can't be asked. */
  readonly earlier: (address: string, since: Ms) => Promise<Earlier>;
};

/** Twilio's times are whole seconds, by its own clock. */
const slack: Ms = 2 * second;
/** More than a person is sent in the time that a message is in doubt, but for one that waited for days. */
const pageSize = "50";
const mostPages = 4;
/** For how many messages it is remembered that they are known. */
const rememberedMessages = 20_000;
/** What did not arrive has to be sent again, or is refused again: neither is a copy. */
const neverArrived: ReadonlySet<string> = new Set(["failed", "undelivered", "canceled"]);

/**
 * Looks in Twilio's list of messages for those whose answer was lost. Nothing of ours is in that list but what a person reads,
 * so it is told by address, time, text and order; messages known by their SID are not counted.
 */
export function createLookBack(api: Pick<TwilioApi, "messages">, from: string): LookBack {
  const sids = new Set<string>();
  const known = (sid: string) => {
    sids.add(sid);
    const [oldest] = sids;
    if (sids.size > rememberedMessages && oldest !== undefined) sids.delete(oldest);
  };
  return {
    known,
    async earlier(address, since) {
      const filter = { To: address, From: from, PageSize: pageSize };
      const sent = (await listSince(api, filter, since - slack, mostPages)).filter(isOut);
      let isOver = false;
      return {
        take(likeness) {
          const isThis = (message: Listed) => !sids.has(message.sid) && readsLike(message, likeness);
          const found = isOver ? undefined : sent.find(isThis);
          isOver = found === undefined;
          if (found !== undefined) known(found.sid);
          return found?.sid;
        },
      };
    },
  };
}

function isOut({ direction, status }: Listed): boolean {
  return direction?.startsWith("outbound") === true && !neverArrived.has(status ?? "");
}

function readsLike({ body }: Listed, { text, mayGoOn }: Likeness): boolean {
  const listed = plain(body ?? "");
  const wanted = plain(text);
  return wanted !== "" && (mayGoOn ? listed.startsWith(wanted) : listed === wanted);
}

/** How much white space there is, and which, is nobody's promise. */
function plain(text: string): string {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}
