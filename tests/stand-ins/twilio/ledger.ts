/** One message that Twilio took (201). */
export interface LedgerMessage {
  readonly sid: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly to: string;
  readonly form: Readonly<Record<string, string>>;
  /** The code with which it failed later. */
  readonly failure: number | undefined;
  /** How often exactly this form has been taken by now, this one included. */
  readonly copies: number;
}

export interface Ledger {
  readonly messages: readonly LedgerMessage[];
  readonly to: (address: string) => readonly LedgerMessage[];
  readonly clear: () => void;
}

/** Gives an empty ledger. */
export function createLedger(): Ledger & {
  readonly add: (message: Omit<LedgerMessage, "copies">) => void;
} {
  const messages: LedgerMessage[] = [];
  const counters = new Map<string, { count: number }>();
  return {
    messages,
    to: (address) => messages.filter(({ to }) => to === address),
    clear() {
      messages.length = 0;
      counters.clear();
    },
    add(message) {
      const key = JSON.stringify(message.form);
      const counter = counters.get(key) ?? { count: 0 };
      counters.set(key, counter);
      counter.count += 1;
      messages.push({
        ...message,
        get copies() {
          return counter.count;
        },
      });
    },
  };
}
