import { loadTopics } from "./desk.ts";
import { problemCode } from "./errors.ts";
import type { Tidings } from "./ports-together.ts";
import type { TurnParts } from "./take-turn.ts";

/** Does what another process's deed asks of this one: lets go of what is stale, looks for what may be waiting. */
export function actOnTidings(parts: TurnParts, tidings: Tidings): void {
  const { outbox, people, log } = parts;
  switch (tidings.kind) {
    case "waiting":
    case "took-over":
      return outbox.wake();
    case "dropped":
      people.drop(tidings.contact);
      return outbox.recall(tidings.contact);
    case "reported":
      return outbox.reported(tidings.outbox);
    case "held":
      return outbox.hold(tidings.channel, tidings.forMs);
    case "disowned":
      return outbox.forsake();
    case "topics":
      loadTopics(parts).catch((error: unknown) =>
        log.error("topics could not be read", { code: problemCode(error) }),
      );
  }
}
