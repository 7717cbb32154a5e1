import type { DatabaseSync } from "node:sqlite";
import type { AudienceGroup, DeskStore } from "../../app/ports-desk.ts";
import { channels, contactStates } from "../schema/codes.ts";
import { numberIn, oneOfIn, type Row, textIn } from "../schema/columns.ts";

/** Subscribers counted without a pause: about two milliseconds. */
const step = 1000;

/** Counts a topic's subscribers by what the planner looks at, in steps between which other work gets its turn. */
export function audienceCounter(db: DatabaseSync): DeskStore["audience"] {
  const end = db.prepare(
    `SELECT max(contact_id) AS last FROM
      (SELECT contact_id FROM subscriptions WHERE topic_id = ? AND contact_id > ? ORDER BY contact_id LIMIT ${step})`,
  );
  const between = db.prepare(
    `SELECT c.channel, c.language, c.state, coalesce(c.last_inbound >= ?, 0) AS open, count(*) AS count
    FROM subscriptions s CROSS JOIN contacts c ON c.id = s.contact_id
    WHERE s.topic_id = ? AND s.contact_id > ? AND s.contact_id <= ? GROUP BY 1, 2, 3, 4`,
  );
  return async (topic, windowOpenSince) => {
    const groups = new Map<string, AudienceGroup>();
    for (let from = 0; ; ) {
      const to = end.get(topic, from)?.["last"];
      if (typeof to !== "number") return [...groups.values()];
      for (const row of between.all(windowOpenSince, topic, from, to)) add(groups, groupFrom(row));
      from = to;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
}

function groupFrom(row: Row): AudienceGroup {
  return {
    channel: oneOfIn(row, "channel", channels),
    language: textIn(row, "language"),
    state: oneOfIn(row, "state", contactStates),
    window: numberIn(row, "open") === 1 ? "open" : "closed",
    count: numberIn(row, "count"),
  };
}

function add(groups: Map<string, AudienceGroup>, group: AudienceGroup): void {
  const key = `${group.channel} ${group.language} ${group.state} ${group.window}`;
  groups.set(key, { ...group, count: group.count + (groups.get(key)?.count ?? 0) });
}
