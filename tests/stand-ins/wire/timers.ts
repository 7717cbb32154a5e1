/** Delays that die with their stand-in, so that a closed one leaves nothing running. */
export interface Timers {
  /** Runs `act` after `milliseconds`; the returned function calls it off. */
  readonly after: (milliseconds: number, act: () => void) => () => void;
  readonly close: () => void;
}

/** Gives an empty set of delays. */
export function createTimers(): Timers {
  const running = new Set<NodeJS.Timeout>();
  let closed = false;
  return {
    after(milliseconds, act) {
      if (closed) return () => undefined;
      const timer = setTimeout(() => {
        running.delete(timer);
        act();
      }, milliseconds);
      running.add(timer);
      return () => {
        running.delete(timer);
        clearTimeout(timer);
      };
    },
    close() {
      closed = true;
      for (const timer of running) clearTimeout(timer);
      running.clear();
    },
  };
}
