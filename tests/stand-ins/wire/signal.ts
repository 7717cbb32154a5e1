import type { Timers } from "./timers.ts";

type Falsy = undefined | null | false | 0 | "";

/** Waits on what a stand-in sees, instead of sleeping. */
export interface Signal {
  /** Something has changed: every waiting look is taken again. */
  readonly notify: () => void;
  /**
   * Resolves with the first truthy value that `look` gives, now or after a later change. Rejects after
   * `limitMs` (10 s by default) with `label` and what the stand-in has seen so far.
   */
  readonly waitFor: <Seen>(look: () => Seen | Falsy, label: string, limitMs?: number) => Promise<Seen>;
}

/** Gives a signal; `seenSoFar` is put into the message of a wait that failed. */
export function createSignal(timers: Timers, seenSoFar: () => string): Signal {
  const looks = new Set<() => void>();
  return {
    notify() {
      if (looks.size === 0) return;
      for (const look of [...looks]) look();
    },
    waitFor(look, label, limitMs = 10_000) {
      return new Promise((resolve, reject) => {
        const settle = () => {
          looks.delete(again);
          cancel();
        };
        const again = () => {
          try {
            const seen = look();
            if (!seen) return;
            settle();
            resolve(seen);
          } catch (error) {
            settle();
            reject(error);
          }
        };
        const cancel = timers.after(limitMs, () => {
          settle();
          reject(new Error(`waited ${limitMs} ms for ${label}; seen so far: ${seenSoFar()}`));
        });
        looks.add(again);
        again();
      });
    },
  };
}
