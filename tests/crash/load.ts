import { setTimeout } from "node:timers/promises";
import type { Random } from "../stand-ins/wire/seeded.ts";
import type { Person } from "./person.ts";
import type { Delivery } from "./platform.ts";

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

/** How often a delivery is posted twice at the same time, and how often again after it was acknowledged. */
const sideBySide = 0.05;
const repeated = 0.1;
/** Milliseconds at most before a delivery is posted again, and before somebody who was answered writes on. */
const longestPause = 300;
const longestThought = 200;

/** How often a delivery was posted twice and both were acknowledged. */
export type Twice = {
  /** At the same time. */
  readonly sideBySide: number;
  /** Once more after it was acknowledged. */
  readonly again: number;
};

export type Load = {
  readonly twice: () => Twice;
  /** Lets everybody end what they are saying; resolves when it is acknowledged. */
  readonly finish: () => Promise<void>;
  /** Stops at once. */
  readonly abandon: () => void;
};

/** People who write to the webhook, each with one delivery outstanding, posted until it is acknowledged. */
export function startLoad(needs: LoadNeeds): Load {
  let state: "talking" | "finishing" | "over" = "talking";
  const twice = { sideBySide: 0, again: 0 };
  /** At which try it was; 0 where everything was over before. */
  const untilAcknowledged = async (delivery: Delivery): Promise<number> => {
    let tries = 1;
    for (; !(await post(needs.url, delivery)); tries += 1) {
      await needs.serverIsUp();
      // A platform comes again when its own pause is over, not at once and not all together.
      await setTimeout(needs.random() * longestPause);
      if (state === "over") return 0;
    }
    return tries;
  };
  /** Posts a delivery, now and then twice; whether it was acknowledged before everything was over. */
  const give = async (delivery: Delivery): Promise<boolean> => {
    const copies = needs.random() < sideBySide ? 2 : 1;
    const tries = await Promise.all(Array.from({ length: copies }, () => untilAcknowledged(delivery)));
    // Only the first tries go out together.
    if (copies > 1 && tries.every((one) => one === 1)) twice.sideBySide += 1;
    return !tries.includes(0);
  };
  const giveAgain = async (delivery: Delivery): Promise<void> => {
    if (await post(needs.url, delivery)) twice.again += 1;
  };
  /** Whether the person goes on. */
  const sayOne = async (person: Person): Promise<boolean> => {
    const delivery = person.say();
    if (!(await give(delivery))) return false;
    person.acknowledged.push(delivery.inbound.externalId);
    needs.onAcknowledged(person);
    const again = needs.random() < repeated ? giveAgain(delivery) : undefined;
    await Promise.all([again, needs.answered(person)]);
    return true;
  };
  const talk = async (person: Person): Promise<void> => {
    while (state === "talking" && (await sayOne(person))) await setTimeout(needs.random() * longestThought);
  };
  const talking = needs.people.map(talk);
  return {
    twice: () => ({ ...twice }),
    finish: async () => {
      state = "finishing";
      await Promise.all(talking);
    },
    abandon: () => {
      state = "over";
    },
  };
}

/** Posts as the platform would; whether it was acknowledged. */
async function post(url: string, { path, headers, body }: Delivery): Promise<boolean> {
  const answer = await fetch(url + path, { method: "POST", headers, body }).catch(() => undefined);
  await answer?.arrayBuffer().catch(() => undefined);
  return answer?.status === 200;
}
