import { hash } from "node:crypto";
import type { SendOutcome } from "../../app/ports-channel.ts";
import type { OutboxId } from "../../core/nouns/ids.ts";
import { htmlOf, type Piece } from "./pieces.ts";

export type Progress = {
  /** How many of these pieces an earlier try has sent. */
  readonly reached: (id: OutboxId, pieces: readonly Piece[]) => number;
  /** Notes that `sent` pieces are out and the next came to `outcome`. */
  readonly keep: (id: OutboxId, pieces: readonly Piece[], sent: number, outcome: SendOutcome) => void;
  readonly forget: (id: OutboxId) => void;
};

/** Half-sent messages that are remembered; an older one starts from its beginning. */
const rememberedMessages = 10_000;

/**
 * Remembers how far a message of several pieces came, so that its retry goes on instead of repeating. In memory
 * only, and without any text; when the message was made anew in between, its first pieces differ and go again.
 */
export function createProgress(): Progress {
  const kept = new Map<OutboxId, { readonly sent: number; readonly digest: string }>();
  return {
    reached(id, pieces) {
      const known = kept.get(id);
      return known !== undefined && digestOf(pieces, known.sent) === known.digest ? known.sent : 0;
    },
    keep(id, pieces, sent, outcome) {
      kept.delete(id);
      const mayComeAgain = outcome.kind === "retry-later" || outcome.kind === "unknown";
      if (sent === 0 || !mayComeAgain) return;
      const [oldest] = kept.keys();
      if (kept.size >= rememberedMessages && oldest !== undefined) kept.delete(oldest);
      kept.set(id, { sent, digest: digestOf(pieces, sent) });
    },
    forget(id) {
      if (kept.size > 0) kept.delete(id);
    },
  };
}

function digestOf(pieces: readonly Piece[], sent: number): string {
  return hash("sha256", JSON.stringify([pieces.length, pieces.slice(0, sent).map(htmlOf)]));
}
