import type { Twice } from "./load.ts";
import type { Person } from "./person.ts";
import { type Platform, troubleKinds } from "./platform.ts";
import type { Copy } from "./sends.ts";

/** What a platform can do wrong: with a message that it is given, and with an update that it posts. */
export const misdeeds = [...troubleKinds, "twice at once", "once more"] as const;

export type CrashReport = {
  readonly kills: number;
  /** How many kills struck at each fail point; all others fell anywhere. */
  readonly struck: Readonly<Record<string, number>>;
  /** How often the platform really did each of these. */
  readonly played: Readonly<Record<string, number>>;
  readonly acknowledged: number;
  /** Messages that were decided on, each sent at least once. */
  readonly messages: number;
  /** By kill: how many messages were sent once more because of it. */
  readonly copies: readonly number[];
  /** Copies that the platform brought about: it took a message and dropped the connection. */
  readonly platformCopies: number;
  /** Every promise that was broken, in words. */
  readonly violations: readonly string[];
};

/** How often a platform did each of its misdeeds: what it did with messages, and what was posted twice. */
export function playedOf(
  troubled: Readonly<Record<string, number>>,
  { sideBySide, again }: Twice,
): CrashReport["played"] {
  const played: Readonly<Record<string, number>> = {
    ...troubled,
    "twice at once": sideBySide,
    "once more": again,
  };
  return Object.fromEntries(misdeeds.map((kind) => [kind, played[kind] ?? 0]));
}

/** What a run has seen. */
type Seen = {
  readonly kills: number;
  readonly struck: ReadonlyMap<string, number>;
  readonly played: CrashReport["played"];
  readonly copies: readonly Copy[];
  readonly wrong: readonly string[];
};

/** Sums a run up. */
export function reportOf(
  { platform, sendsInFlight }: { readonly platform: Platform; readonly sendsInFlight: number },
  people: readonly Person[],
  { kills, struck, played, copies, wrong }: Seen,
): CrashReport {
  const ours = copies.filter(({ dropped }) => !dropped);
  const lives = new Set(ours.map(({ life }) => life));
  const some = [...lives].map((life) => ours.filter((copy) => copy.life === life).length);
  const byKill = [...some, ...Array.from({ length: kills - some.length }, () => 0)];
  const tooMany = platform.tooMany(byKill, sendsInFlight);
  return {
    kills,
    struck: Object.fromEntries(struck),
    played,
    acknowledged: people.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0),
    messages: people.reduce((sum, { messages }) => sum + messages(), 0),
    copies: byKill,
    platformCopies: copies.length - ours.length,
    violations: [...wrong, ...(tooMany === undefined ? [] : [tooMany])],
  };
}
