import type { DatabaseSync } from "node:sqlite";
import type { Copies, EndedByCopy } from "../../app/ports-copies.ts";
import { bytesIn } from "../schema/columns.ts";
import { copyMark, endedReason } from "../schema/copies.ts";
import type { Meta } from "./meta.ts";

export type SettleNeeds = {
  readonly db: DatabaseSync;
  readonly meta: Meta;
  readonly write: <T>(work: () => T) => Promise<T>;
};

/** What a store that was put back from a copy needs before it is served from; see the port. */
export function copiesOf({ db, meta, write }: SettleNeeds): Copies {
  const all = db.prepare("SELECT tombstone FROM tombstones");
  const bury = db.prepare("INSERT INTO tombstones (tombstone) VALUES (?) ON CONFLICT DO NOTHING");
  const settle = settler(db);
  return {
    isCopy: async () => meta.read(copyMark) !== undefined,
    settle: async () => {
      if (meta.read(copyMark) === undefined) return undefined;
      return write(() => {
        const ended = settle();
        meta.remove(copyMark);
        return ended;
      });
    },
    tombstones: async () => all.all().map((row) => bytesIn(row, "tombstone")),
    bury: (tombstones) =>
      write(() => {
        for (const tombstone of tombstones) bury.run(tombstone);
      }),
  };
}

/** Nudges stay: one that comes twice does less harm than one that never comes, and each is over in the evening. */
function settler(db: DatabaseSync): () => EndedByCopy {
  const end = (lane: number) =>
    db.prepare(
      `UPDATE outbox SET state = 5, reason = '${endedReason}', body = NULL, lone_key = NULL, lone_address = NULL
      WHERE lane = ${lane} AND state <= 2`,
    );
  const [replies, bulk] = [end(0), end(2)];
  const broadcasts = db.prepare("UPDATE broadcasts SET state = 'done' WHERE state <> 'done'");
  return () => ({
    replies: Number(replies.run().changes),
    broadcastMessages: Number(bulk.run().changes),
    broadcasts: Number(broadcasts.run().changes),
  });
}
