import type { BotApi } from "../stand-ins/bot-api.ts";
import type { Random } from "../stand-ins/wire/seeded.ts";
import type { Person } from "./person.ts";
import type { Sends } from "./sends.ts";

/** What the platform does wrong with a message, and how often. */
const troubleKinds = [
  { often: 0.005, fault: { kind: "429", retryAfter: 1 } },
  { often: 0.001, fault: { kind: "500" } },
  { often: 0.005, fault: { kind: "drop-before" } },
  { often: 0.005, fault: { kind: "drop-after" } },
  { often: 0.002, fault: { kind: "html-body" } },
] as const;

/** Gives what now and then makes the platform misbehave with a person's next message. */
export function troubles(
  bot: Pick<BotApi, "faults">,
  sends: Sends,
  random: Random,
): (person: Person) => void {
  return (person) => {
    // One at a time for each person: the pauses between the tries of one message would add up to minutes.
    if (sends.of(person).count < person.expected.length - 1) return;
    let at = random();
    for (const { often, fault } of troubleKinds) {
      at -= often;
      if (at >= 0) continue;
      if (fault.kind === "drop-after") sends.dropNext(person);
      bot.faults.push({ method: "sendMessage", chat: person.chat, times: 1, do: fault });
      return;
    }
  };
}
