import { type Random, shuffled } from "../stand-ins/wire/seeded.ts";
import type { Person } from "./person.ts";
import type { Line, Platform, Trouble } from "./platform.ts";
import type { Sends } from "./sends.ts";

/** How often something goes wrong with a message. */
const often = 0.03;

/** What goes wrong: dealt, not drawn, so that a short run meets all of it. */
const pack: readonly Trouble[] = [
  ...(["429", "429", "500", "html-body"] as const),
  ...(["drop-before", "drop-before", "drop-after", "drop-after", "drop-after"] as const),
];

/** Gives what now and then makes the platform misbehave with a person's next message. */
export function troubles(
  { tellsWhatItTook }: Pick<Platform, "tellsWhatItTook">,
  line: Pick<Line, "trouble">,
  sends: Sends,
  random: Random,
): (person: Person) => void {
  /** How many of a person's texts have to be sent before the next trouble. */
  const until = new Map<Person, number>();
  const next = dealt(random);
  return (person) => {
    // One at a time for each person: the pauses between the tries of one message would add up to minutes.
    if (sends.of(person).count < (until.get(person) ?? 0) || random() >= often) return;
    // All that waits may already have been sent: then it is the next that goes wrong.
    until.set(person, person.expected.length + 1);
    const trouble = next();
    if (trouble === "drop-after" && !tellsWhatItTook) sends.dropNext(person);
    line.trouble(person.address, trouble);
  };
}

/** Deals what goes wrong, all of it before any of it comes again; shuffled anew each time. */
export function dealt(random: Random): () => Trouble {
  let left: readonly Trouble[] = [];
  return () => {
    const [first = "429", ...others] = left.length > 0 ? left : shuffled(pack, random);
    left = others;
    return first;
  };
}
