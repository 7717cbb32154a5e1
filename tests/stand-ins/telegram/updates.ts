import type { Payload } from "../wire/shapes.ts";

export type UpdateKind = "message" | "callback_query" | "my_chat_member";

export interface Update {
  readonly id: number;
  readonly kind: UpdateKind;
  /** Updates of one queue are delivered to a webhook one after another; queues run side by side. */
  readonly queue: string;
  /** Milliseconds since the epoch; the platform gives up then. */
  readonly expiresAt: number;
  readonly content: Payload;
}

/** Official server: 24 h after the message, 150 s for a callback query. */
const LIFETIMES_MS: Readonly<Record<UpdateKind, number>> = {
  message: 86_400_000,
  callback_query: 150_000,
  my_chat_member: 86_400_000,
};

/** The updates that the bot has not confirmed yet. */
export interface UpdateStore {
  readonly pending: ReadonlyMap<number, Update>;
  /** Gives the new update's id, or undefined where the bot has not asked for this kind. */
  readonly add: (kind: UpdateKind, about: number, content: Payload) => number | undefined;
  readonly remove: (id: number) => void;
  /** Forgets all below `offset`; a negative one keeps that many of the last. */
  readonly confirm: (offset: number) => void;
  readonly clear: () => void;
  /** Undefined leaves what was asked last; an empty list goes back to the default. */
  readonly allow: (types: unknown) => void;
  readonly allowed: () => readonly string[];
  readonly onAdd: (act: (update: Update) => void) => void;
}

/** Gives an empty store. `firstId` is where update ids start. */
export function createUpdateStore(now: () => number, firstId: number): UpdateStore {
  const pending = new Map<number, Update>();
  const listeners: ((update: Update) => void)[] = [];
  let allowed: readonly string[] = [];
  let nextId = firstId;
  return {
    pending,
    add(kind, about, content) {
      if (allowed.length > 0 && !allowed.includes(kind)) return undefined;
      const id = nextId++;
      const expiresAt = now() + LIFETIMES_MS[kind];
      const update = {
        id,
        kind,
        queue: `${kind}:${about}`,
        expiresAt,
        content: { update_id: id, [kind]: content },
      };
      pending.set(id, update);
      for (const act of listeners) act(update);
      return id;
    },
    remove: (id) => pending.delete(id),
    confirm(offset) {
      const from = offset >= 0 ? offset : ([...pending.keys()].at(offset) ?? 0);
      for (const id of pending.keys()) {
        if (id >= from) break;
        pending.delete(id);
      }
    },
    clear: () => pending.clear(),
    allow(types) {
      if (Array.isArray(types)) allowed = types.filter((type) => typeof type === "string");
    },
    allowed: () => allowed,
    onAdd: (act) => listeners.push(act),
  };
}
