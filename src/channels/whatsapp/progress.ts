import { hash } from "node:crypto";
import type { SendOutcome } from "../../app/ports-channel.ts";
import type { OutboxId } from "../../core/nouns/ids.ts";
import type { Step } from "./forms.ts";

export type Progress = {
  /** How many of these steps an earlier try has sent. */
  readonly reached: (id: OutboxId, steps: readonly Step[]) => number;
  /** Notes that `sent` steps are out and what the last attempt came to. */
  readonly keep: (
    id: OutboxId,
    steps: readonly Step[],
    sent: number,
    outcome: SendOutcome["kind"] | "record-gone",
  ) => void;
};

const mayComeAgain: ReadonlySet<string> = new Set(["retry-later", "unknown", "window-closed"]);

/** Half-sent messages that are remembered; an older one starts from its beginning. */
const rememberedMessages = 10_000;

/**
 * Remembers how far a message of several steps came, so that its retry goes on instead of repeating. In memory only,
 * and without any text; when the message was made anew in between, its first steps differ and go again.
 */
export function createProgress(): Progress {
  const kept = new Map<OutboxId, { readonly sent: number; readonly digest: string }>();
  return {
    reached(id, steps) {
      const known = kept.get(id);
      const isSame =
        known !== undefined && known.sent < steps.length && digestOf(steps, known.sent) === known.digest;
      return isSame ? known.sent : 0;
    },
    keep(id, steps, sent, outcome) {
      kept.delete(id);
      if (sent === 0 || !mayComeAgain.has(outcome)) return;
      const [oldest] = kept.keys();
      if (kept.size >= rememberedMessages && oldest !== undefined) kept.delete(oldest);
      kept.set(id, { sent, digest: digestOf(steps, sent) });
    },
  };
}

function digestOf(steps: readonly Step[], sent: number): string {
  return hash("sha256", JSON.stringify(steps.slice(0, sent)));
}
