import type { Migration } from "./migration.ts";

/**
 * The first schema. Times are milliseconds since the epoch; what is personal is a BLOB that only the vault can read.
 *
 * A commit costs what it has to write, which is whole pages: two thirds of a turn's time. So each index that is touched
 * by every turn either grows at its end or stays small, and holds only the rows that still wait. What is final is not
 * indexed by contact; an erasure walks through it afterwards, in small steps (`erasures`).
 *
 * outbox.lane: 0 reply, 1 nudge, 2 bulk. outbox.state: 0 next in line of its contact and lane, 1 behind another,
 * 2 held until the person writes, 3 sent, 4 failed, 5 dropped. Only `next` rows are looked at when work is handed out,
 * so the cost of that does not grow with what waits behind them.
 * outbox.report: what the platform said last, 0 queued, 1 sent, 2 delivered, 3 read, 4 failed.
 * inbox.state: 0 done, 1 being tried (its attempt was written first), 2 kept for another try, 3 set aside.
 */
export const first: Migration = {
  number: 1,
  sqlite: `
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  language TEXT NOT NULL,
  state TEXT NOT NULL,
  version INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  last_inbound INTEGER,
  open_keyboard_id TEXT,
  wrapped_key BLOB NOT NULL,
  address BLOB NOT NULL,
  session BLOB NOT NULL
) STRICT;

CREATE TABLE lookups (
  blind BLOB PRIMARY KEY,
  contact_id INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX lookups_of_contact ON lookups (contact_id);

CREATE TABLE tombstones (
  tombstone BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE erasures (
  contact_id INTEGER PRIMARY KEY
) STRICT;

CREATE TABLE inbox (
  channel TEXT NOT NULL,
  external_id TEXT NOT NULL,
  state INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  id INTEGER,
  contact_id INTEGER,
  attempts INTEGER,
  try_at INTEGER,
  reason TEXT,
  input BLOB,
  PRIMARY KEY (channel, external_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inbox_by_age ON inbox (received_at);
CREATE INDEX inbox_unfinished ON inbox (state, try_at) WHERE state <> 0;

CREATE TABLE fires (
  contact_id INTEGER NOT NULL,
  ref TEXT NOT NULL,
  fire_at INTEGER NOT NULL,
  try_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (contact_id, ref)
) STRICT, WITHOUT ROWID;
CREATE INDEX fires_due ON fires (try_at);

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL,
  channel TEXT NOT NULL,
  lane INTEGER NOT NULL,
  language TEXT NOT NULL,
  state INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  report INTEGER NOT NULL DEFAULT 0,
  broadcast_id INTEGER,
  provider_id TEXT,
  announced_id TEXT,
  reason TEXT,
  lone_key BLOB,
  lone_address BLOB,
  body BLOB
) STRICT;
CREATE INDEX outbox_waiting ON outbox (state, lane, not_before, id, contact_id, not_after) WHERE state <= 2;
CREATE INDEX outbox_line ON outbox (lane, contact_id, state, id) WHERE state <= 2;
CREATE INDEX outbox_held ON outbox (contact_id) WHERE state = 2;
CREATE INDEX outbox_provider ON outbox (provider_id) WHERE provider_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_once ON outbox (broadcast_id, contact_id) WHERE broadcast_id IS NOT NULL;
CREATE INDEX outbox_unsent ON outbox (broadcast_id) WHERE broadcast_id IS NOT NULL AND state <= 1;
CREATE INDEX outbox_lone ON outbox (id) WHERE lone_key IS NOT NULL;

CREATE TABLE orgs (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE topics (
  id TEXT PRIMARY KEY,
  org_id TEXT NOT NULL REFERENCES orgs (id),
  titles TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE subscriptions (
  topic_id TEXT NOT NULL,
  contact_id INTEGER NOT NULL,
  PRIMARY KEY (topic_id, contact_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subscriptions_of_contact ON subscriptions (contact_id, topic_id);

CREATE TABLE broadcasts (
  id INTEGER PRIMARY KEY,
  topic_id TEXT NOT NULL REFERENCES topics (id),
  org_id TEXT NOT NULL REFERENCES orgs (id),
  texts TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  queued_to_id INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX broadcasts_by_state ON broadcasts (state);

CREATE TABLE broadcast_counts (
  broadcast_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (broadcast_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
  id INTEGER PRIMARY KEY,
  contact_id INTEGER NOT NULL,
  reason BLOB NOT NULL,
  opened_at INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;
CREATE INDEX cases_of_contact ON cases (contact_id);
CREATE UNIQUE INDEX cases_open_once ON cases (contact_id) WHERE state = 'open';

CREATE TABLE counters (
  name TEXT PRIMARY KEY,
  count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  // Every row's own lock serialises what concerns one person, so an index may be what a look-up needs: an erasure finds its
  // rows by contact at once. outbox.owner: the process (workers.id) that may send the row; outbox.claimed: it was handed
  // out and has not been settled. workers: who is alive; its slot makes the ids that a process gives its own.
  postgres: `
CREATE TABLE meta (
  key text PRIMARY KEY,
  value bytea NOT NULL
);

CREATE TABLE contacts (
  id bigint PRIMARY KEY,
  channel text NOT NULL,
  language text NOT NULL,
  state text NOT NULL,
  version bigint NOT NULL,
  last_seen bigint NOT NULL,
  last_inbound bigint,
  open_keyboard_id text,
  wrapped_key bytea NOT NULL,
  address bytea NOT NULL,
  session bytea NOT NULL
) WITH (fillfactor = 70);

CREATE TABLE lookups (
  blind bytea PRIMARY KEY,
  contact_id bigint NOT NULL
);
CREATE INDEX lookups_of_contact ON lookups (contact_id);

CREATE TABLE tombstones (
  tombstone bytea PRIMARY KEY
);

CREATE TABLE erasures (
  contact_id bigint PRIMARY KEY
);

CREATE TABLE inbox (
  channel text NOT NULL,
  external_id text NOT NULL,
  state smallint NOT NULL,
  received_at bigint NOT NULL,
  id bigint,
  contact_id bigint,
  attempts integer,
  try_at bigint,
  reason text,
  input bytea,
  PRIMARY KEY (channel, external_id)
);
CREATE INDEX inbox_by_age ON inbox (received_at);
CREATE INDEX inbox_unfinished ON inbox (state, try_at) WHERE state <> 0;

CREATE TABLE fires (
  contact_id bigint NOT NULL,
  ref text NOT NULL,
  fire_at bigint NOT NULL,
  try_at bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  PRIMARY KEY (contact_id, ref)
);
CREATE INDEX fires_due ON fires (try_at);

CREATE TABLE outbox (
  id bigint PRIMARY KEY,
  contact_id bigint NOT NULL,
  channel text NOT NULL,
  lane smallint NOT NULL,
  language text NOT NULL,
  state smallint NOT NULL,
  not_before bigint NOT NULL,
  not_after bigint NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  report smallint NOT NULL DEFAULT 0,
  broadcast_id bigint,
  provider_id text,
  announced_id text,
  reason text,
  lone_key bytea,
  lone_address bytea,
  body bytea,
  owner bigint,
  claimed boolean NOT NULL DEFAULT false
);
CREATE INDEX outbox_next ON outbox (lane, not_before, id) WHERE state = 0;
CREATE INDEX outbox_line ON outbox (contact_id, state);
CREATE INDEX outbox_late ON outbox (not_after) WHERE state <= 2;
CREATE INDEX outbox_owned ON outbox (owner) WHERE owner IS NOT NULL AND state <= 1;
CREATE INDEX outbox_provider ON outbox (provider_id) WHERE provider_id IS NOT NULL;
CREATE UNIQUE INDEX outbox_once ON outbox (broadcast_id, contact_id) WHERE broadcast_id IS NOT NULL;
CREATE INDEX outbox_unsent ON outbox (broadcast_id) WHERE broadcast_id IS NOT NULL AND state <= 1;
CREATE INDEX outbox_lone ON outbox (id) WHERE lone_key IS NOT NULL;

CREATE TABLE orgs (
  id text PRIMARY KEY,
  name text NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE topics (
  id text PRIMARY KEY,
  org_id text NOT NULL REFERENCES orgs (id),
  titles text NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE subscriptions (
  topic_id text NOT NULL,
  contact_id bigint NOT NULL,
  PRIMARY KEY (topic_id, contact_id)
);
CREATE INDEX subscriptions_of_contact ON subscriptions (contact_id, topic_id);

CREATE TABLE broadcasts (
  id bigint PRIMARY KEY,
  topic_id text NOT NULL REFERENCES topics (id),
  org_id text NOT NULL REFERENCES orgs (id),
  texts text NOT NULL,
  state text NOT NULL,
  created_at bigint NOT NULL,
  queued_to_id bigint NOT NULL DEFAULT 0
);
CREATE INDEX broadcasts_by_state ON broadcasts (state);

CREATE TABLE broadcast_counts (
  broadcast_id bigint NOT NULL,
  name text NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (broadcast_id, name)
);

CREATE TABLE cases (
  id bigint PRIMARY KEY,
  contact_id bigint NOT NULL,
  reason bytea NOT NULL,
  opened_at bigint NOT NULL,
  state text NOT NULL
);
CREATE INDEX cases_of_contact ON cases (contact_id);
CREATE UNIQUE INDEX cases_open_once ON cases (contact_id) WHERE state = 'open';

CREATE TABLE counters (
  name text PRIMARY KEY,
  count bigint NOT NULL
);

CREATE TABLE workers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slot smallint NOT NULL UNIQUE,
  backend integer NOT NULL,
  renewed_at timestamptz NOT NULL,
  lease_until timestamptz NOT NULL
);

CREATE TABLE paces (
  channel text PRIMARY KEY,
  next_at timestamptz NOT NULL
);
`,
};
