import type { TopicId } from "./ids.ts";
import type { Say } from "./say.ts";
import type { Ms } from "./time.ts";

/** What a turn asks of the world. The app writes them in the transaction that holds the new session. */
export type Effect =
  | { readonly kind: "say"; readonly say: Say }
  /** Wake this conversation at a time with a `due` input of that `ref`; one per ref, a new one replaces the old. */
  | { readonly kind: "schedule"; readonly ref: string; readonly at: Ms }
  | { readonly kind: "unschedule"; readonly ref: string }
  | { readonly kind: "subscribe"; readonly topic: TopicId }
  | { readonly kind: "unsubscribe"; readonly topic: TopicId }
  /** Count something without anyone's identity, e.g. `outcome screening/outside-us siv-closed`. */
  | { readonly kind: "count"; readonly name: string }
  /** A person is wanted: open a case in the organisation's inbox. */
  | { readonly kind: "open-case"; readonly reason: string }
  /** The person wants no more unasked messages: nothing queued before goes out. */
  | { readonly kind: "stop" }
  /** The person wants to hear from us again. */
  | { readonly kind: "resume" }
  /** The platform says that we can('t) reach the person. */
  | { readonly kind: "reachable"; readonly reachable: boolean }
  /** Destroy the person's key and rows; `receipt` is the last message they get. */
  | { readonly kind: "forget"; readonly receipt: Say };
