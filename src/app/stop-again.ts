import { stoppedSession } from "../core/conversation/stopped.ts";
import { People } from "./people.ts";
import type { Vault } from "./ports.ts";
import type { Changes, ContactRow } from "./ports-store.ts";
import { emptyChanges } from "./turn-changes.ts";

/** What "stop" changes about a person, but for its words: they heard them when they said it. */
export function stopAgain(vault: Vault): (row: ContactRow) => Changes {
  return (row) => ({
    ...emptyChanges(false),
    contact: { ...sealed(vault, row), state: "stopped" },
    drop: { lanes: ["reply", "nudge", "bulk"], reason: "opted-out" },
    unschedule: "all",
    unsubscribe: "all",
  });
}

function sealed(vault: Vault, row: ContactRow): ContactRow {
  // Of its own each time: nobody is kept open who doesn't talk.
  const people = new People(vault);
  const session = people.look(row);
  // Who can't be opened is stopped by what stands outside.
  if (session === undefined) return row;
  return people.seal({ ...people.open(row), session: stoppedSession(session) }, row);
}
