import type { Exchange, Reply } from "./host.ts";
import type { Timers } from "./timers.ts";

/** What can go wrong between a client and any HTTP service, whichever it is. */
export type WireFault =
  | { readonly kind: "hang" }
  | { readonly kind: "drop-before" }
  | { readonly kind: "drop-after" }
  | { readonly kind: "html-body" }
  | { readonly kind: "delay"; readonly ms: number };

/** A fault for the next `times` calls that fit; left-out `method` and `chat` fit every call. */
export interface Fault<Action> {
  readonly method?: string;
  readonly chat?: number | string;
  readonly times: number;
  readonly do: Action;
}

export interface Faults<Action> {
  readonly push: (fault: Fault<Action>) => void;
  readonly clear: () => void;
  /** How many calls the faults still wait for. */
  readonly left: () => number;
  /** How many calls went wrong so far, by the kind of what was done to them. */
  readonly played: () => Readonly<Record<string, number>>;
}

/** Gives a list of faults, and the way for a server to take the one that fits a call. */
export function createFaults<Action extends { readonly kind: string }>(): Faults<Action> & {
  readonly take: (method: string, chat: number | string | undefined) => Action | undefined;
} {
  let waiting: readonly Fault<Action>[] = [];
  const played = new Map<string, number>();
  return {
    push(fault) {
      waiting = [...waiting, fault];
    },
    clear() {
      waiting = [];
    },
    left: () => waiting.reduce((sum, fault) => sum + fault.times, 0),
    played: () => Object.fromEntries(played),
    take(method, chat) {
      if (waiting.length === 0) return undefined;
      const found = waiting.find((fault) => fits(fault, method, chat));
      if (found === undefined) return undefined;
      waiting = waiting
        .map((fault) => (fault === found ? { ...fault, times: fault.times - 1 } : fault))
        .filter((fault) => fault.times > 0);
      played.set(found.do.kind, (played.get(found.do.kind) ?? 0) + 1);
      return found.do;
    },
  };
}

function fits(fault: Fault<unknown>, method: string, chat: number | string | undefined): boolean {
  if (fault.method !== undefined && fault.method.toLowerCase() !== method.toLowerCase()) return false;
  return fault.chat === undefined || String(fault.chat) === String(chat);
}

const GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>";

/** Plays a fault. `run` carries the call out; whether it is run, and what the client hears, is the fault. */
export function playWireFault(
  fault: WireFault,
  exchange: Exchange,
  timers: Timers,
  run: (reply: Reply) => void,
): void {
  switch (fault.kind) {
    case "hang":
      return;
    case "drop-before":
      exchange.cut();
      return;
    case "drop-after":
      run(exchange.cut);
      return;
    case "html-body":
      exchange.reply({ status: 502, type: "text/html", body: GATEWAY_PAGE });
      return;
    case "delay":
      timers.after(fault.ms, () => run(exchange.reply));
      return;
  }
}
