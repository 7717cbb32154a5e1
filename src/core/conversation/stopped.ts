import type { Session } from "./session.ts";

/** The session as "stop" leaves it: at rest, without reminders, topics and waits. Says nothing. */
export function stoppedSession(session: Session): Session {
  return {
    ...session,
    frames: [],
    asking: null,
    answers: [],
    gathered: [],
    misses: 0,
    reminders: [],
    subscriptions: [],
    waitUntil: null,
    stopped: true,
  };
}
