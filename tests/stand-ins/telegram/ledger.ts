import type { Payload } from "../wire/shapes.ts";
import type { MethodName } from "./method-table.ts";

/** One call that the platform carried out. */
export interface LedgerCall {
  readonly method: MethodName;
  /** Milliseconds since the epoch, when it arrived. */
  readonly at: number;
  readonly chat: number | undefined;
  readonly payload: Payload;
  readonly result: unknown;
  /** How often exactly this call has been accepted by now, this one included. */
  readonly copies: number;
}

/** getUpdates is no effect: it is not in the ledger. */
export interface Ledger {
  readonly calls: readonly LedgerCall[];
  readonly of: (method: MethodName, chat?: number) => readonly LedgerCall[];
  readonly clear: () => void;
}

/** Counts on demand only: a bench writes a hundred thousand calls and asks once. */
class Copies {
  readonly #calls: readonly LedgerCall[];
  readonly #counts = new Map<string, number>();
  #counted = 0;

  constructor(calls: readonly LedgerCall[]) {
    this.#calls = calls;
  }

  of(call: LedgerCall): number {
    for (; this.#counted < this.#calls.length; this.#counted += 1) {
      const next = this.#calls[this.#counted];
      if (next !== undefined) this.#counts.set(keyOf(next), (this.#counts.get(keyOf(next)) ?? 0) + 1);
    }
    return this.#counts.get(keyOf(call)) ?? 0;
  }

  clear(): void {
    this.#counts.clear();
    this.#counted = 0;
  }
}

class Call implements LedgerCall {
  readonly method: MethodName;
  readonly at: number;
  readonly chat: number | undefined;
  readonly payload: Payload;
  readonly result: unknown;
  readonly #copies: Copies;

  constructor(method: MethodName, at: number, payload: Payload, result: unknown, copies: Copies) {
    this.method = method;
    this.at = at;
    this.chat = typeof payload["chat_id"] === "number" ? payload["chat_id"] : undefined;
    this.payload = payload;
    this.result = result;
    this.#copies = copies;
  }

  get copies(): number {
    return this.#copies.of(this);
  }
}

/** Gives an empty ledger. */
export function createLedger(): Ledger & {
  readonly add: (method: MethodName, at: number, payload: Payload, result: unknown) => void;
} {
  const calls: Call[] = [];
  const copies = new Copies(calls);
  return {
    calls,
    of: (method, chat) =>
      calls.filter((call) => call.method === method && (chat === undefined || call.chat === chat)),
    clear() {
      calls.length = 0;
      copies.clear();
    },
    add(method, at, payload, result) {
      calls.push(new Call(method, at, payload, result, copies));
    },
  };
}

function keyOf({ method, payload }: LedgerCall): string {
  return `${method} ${JSON.stringify(payload)}`;
}
