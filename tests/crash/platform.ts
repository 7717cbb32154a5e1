import type { Inbound } from "../../src/app/ports-channel.ts";
import type { Message } from "../../src/core/nouns/message.ts";
import type { Signal } from "../stand-ins/wire/signal.ts";
import type { FailPoint } from "./fail-points.ts";

/** What a platform may do wrong with a message; an HTML body comes with a 502. */
export const troubleKinds = ["429", "500", "html-body", "drop-before", "drop-after"] as const;
export type Trouble = (typeof troubleKinds)[number];

/** What somebody says. A tap that stands on no button that was offered has no label. */
export type Said = { readonly text: string } | { readonly tap: string; readonly label: string | undefined };

/** One thing said, as the platform posts it, and what a server is to make of it. */
export type Delivery = {
  readonly inbound: Inbound;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** One message that the platform took, in the texts that tell it from all others, and when (ms since the epoch). */
export type Taken = { readonly to: string; readonly texts: readonly string[]; readonly at: number };

/** A stand-in that runs. */
export type Line = {
  /** What a server that is to speak to it is told by its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Makes the next delivery of somebody. */
  readonly deliver: (address: string, said: Said) => Delivery;
  /** What it took, but the first so many. */
  readonly takenAfter: (count: number) => readonly Taken[];
  /** Goes wrong with somebody's next message. */
  readonly trouble: (address: string, trouble: Trouble) => void;
  /** How often it went wrong so far, on the wire, by kind. */
  readonly troubled: () => Readonly<Record<string, number>>;
  readonly waitFor: Signal["waitFor"];
  readonly close: () => Promise<void>;
};

/** What a crash run has to know of a platform. */
export type Platform = {
  /** Where a server on it can be made to die. */
  readonly failPoints: readonly FailPoint[];
  /** How long people wait for an answer before they write on: so long that answers do not pile up. */
  readonly patienceMs: number;
  readonly addressOf: (number: number) => string;
  /** The texts that a message is sent in; no two of a run are alike. */
  readonly textsOf: (message: Message) => readonly string[];
  /** Whether it can be asked what it has taken: then a lost answer is no reason for a copy. */
  readonly tellsWhatItTook: boolean;
  /** More copies than are promised, in words; undefined where they are not more. `copies`: by crash. */
  readonly tooMany: (copies: readonly number[], sendsInFlight: number) => string | undefined;
  /** Starts a stand-in for a server that listens at `url`. */
  readonly open: (url: string) => Promise<Line>;
};
