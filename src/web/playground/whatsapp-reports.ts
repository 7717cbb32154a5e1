import type { WebhookRequest } from "../../app/ports-channel.ts";
import type { Ms } from "../../core/nouns/time.ts";
import type { Chats } from "./chats.ts";
import type { Drawn } from "./phone.ts";
import { signedForm, statusForm, type TwilioAccount } from "./whatsapp-forms.ts";

/** Twilio's side that tells the bot what became of its messages. */
export type Reports = {
  readonly to: (post: (request: WebhookRequest) => void) => void;
  /** Carries a message the rest of its way: sent, delivered, and read once someone looks. */
  readonly follow: (person: string, sid: string, callback: string | null) => void;
  /** Someone looks at this chat: what was delivered is read. */
  readonly readAll: (person: string) => void;
};

type Step = Extract<NonNullable<Drawn["state"]>, "sent" | "delivered" | "read">;

/** A moment between two steps, as on a phone; also lets the bot note the SID first. */
const pause: Ms = 120;
/** Twilio's code for a person who has blocked us. */
const blockedCode = "63014";
/** Unread messages whose callbacks are remembered. */
const mostUnread = 1_000;

/** Gives the reports of one account; they go nowhere until `to` says where. */
export function createReports(chats: Chats, account: TwilioAccount): Reports {
  let post: (request: WebhookRequest) => void = () => undefined;
  /** Delivered but not looked at: where to report the reading to. */
  const unread = new Map<string, { readonly person: string; readonly callback: string | null }>();

  const report = (person: string, sid: string, callback: string | null, status: string, code?: string) => {
    if (callback === null || !URL.canParse(callback)) return;
    post(signedForm(account.authToken, callback, statusForm(account, person, sid, status, code)));
  };
  const reach = (person: string, sid: string, callback: string | null, step: Step) => {
    chats.change(person, sid, (message) => ({ ...message, state: step }));
    report(person, sid, callback, step);
  };
  const deliver = (person: string, sid: string, callback: string | null) => {
    reach(person, sid, callback, "delivered");
    unread.set(sid, { person, callback });
    const [oldest] = unread.keys();
    if (unread.size > mostUnread && oldest !== undefined) unread.delete(oldest);
    if (chats.isWatched(person)) later(() => readAll(person));
  };
  const readAll = (person: string) => {
    for (const [sid, one] of unread) {
      if (one.person !== person) continue;
      unread.delete(sid);
      reach(person, sid, one.callback, "read");
    }
  };

  return {
    to(given) {
      post = given;
    },
    readAll,
    follow(person, sid, callback) {
      if (chats.screen(person).blocked) {
        later(() => report(person, sid, callback, "undelivered", blockedCode));
        return;
      }
      later(() => {
        reach(person, sid, callback, "sent");
        later(() => deliver(person, sid, callback));
      });
    },
  };
}

function later(act: () => void): void {
  setTimeout(act, pause).unref();
}
