import { setTimeout } from "node:timers/promises";
import type { Random } from "../stand-ins/wire/seeded.ts";
import type { Person } from "./person.ts";
import { webhookSecret } from "./place.ts";

export type LoadNeeds = {
  readonly url: string;
  readonly random: Random;
  readonly people: readonly Person[];
  /** Resolves when a server is there again. */
  readonly serverIsUp: () => Promise<unknown>;
  /** Told of each acknowledgement, before anything else happens. */
  readonly onAcknowledged: (person: Person) => void;
  /** Resolves when the person has been answered, or does not want to wait any longer. */
  readonly answered: (person: Person) => Promise<unknown>;
};

/** How often an update is posted twice at the same time, and how often again after it was acknowledged. */
const sideBySide = 0.05;
const repeated = 0.1;
/** Milliseconds at most before an update is posted again, and before somebody who was answered writes on. */
const longestPause = 300;
const longestThought = 200;

export type Load = {
  /** Lets everybody end what they are saying; resolves when it is acknowledged. */
  readonly finish: () => Promise<void>;
  /** Stops at once. */
  readonly abandon: () => void;
};

/** People who write to the webhook, each with one update outstanding, posted until it is acknowledged, as Telegram does. */
export function startLoad(needs: LoadNeeds): Load {
  let state: "talking" | "finishing" | "over" = "talking";
  let nextUpdate = 900_000_001;
  /** Whether it was, before everything was over. */
  const untilAcknowledged = async (body: string): Promise<boolean> => {
    while (!(await post(needs.url, body))) {
      await needs.serverIsUp();
      // A platform comes again when its own pause is over, not at once and not all together.
      await setTimeout(needs.random() * longestPause);
      if (state === "over") return false;
    }
    return true;
  };
  /** Whether the person goes on. */
  const sayOne = async (person: Person): Promise<boolean> => {
    const id = nextUpdate++;
    const body = person.say(id);
    const copies = needs.random() < sideBySide ? 2 : 1;
    const posts = await Promise.all(Array.from({ length: copies }, () => untilAcknowledged(body)));
    if (posts.includes(false)) return false;
    person.acknowledged.push(id);
    needs.onAcknowledged(person);
    const again = needs.random() < repeated ? post(needs.url, body) : undefined;
    await Promise.all([again, needs.answered(person)]);
    return true;
  };
  const talk = async (person: Person): Promise<void> => {
    while (state === "talking" && (await sayOne(person))) await setTimeout(needs.random() * longestThought);
  };
  const talking = needs.people.map(talk);
  return {
    finish: async () => {
      state = "finishing";
      await Promise.all(talking);
    },
    abandon: () => {
      state = "over";
    },
  };
}

/** Posts an update as the platform would; whether it was acknowledged. */
async function post(url: string, body: string): Promise<boolean> {
  const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": webhookSecret };
  const answer = await fetch(`${url}/webhooks/telegram`, { method: "POST", headers, body }).catch(
    () => undefined,
  );
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.status === 200;
}
