import type { Random } from "../stand-ins/wire/seeded.ts";
import type { Person } from "./person.ts";
import type { Line, Platform, Trouble } from "./platform.ts";
import type { Sends } from "./sends.ts";

/** How often a platform does what wrong with a message. */
const often: readonly (readonly [Trouble, share: number])[] = [
  ["429", 0.005],
  ["500", 0.001],
  ["drop-before", 0.005],
  ["drop-after", 0.005],
  ["html-body", 0.002],
];

/** The most texts that an answer has. */
const oneAnswer = 2;

/** Gives what now and then makes the platform misbehave with a person's next message. */
export function troubles(
  { tellsWhatItTook }: Pick<Platform, "tellsWhatItTook">,
  line: Pick<Line, "trouble">,
  sends: Sends,
  random: Random,
): (person: Person) => void {
  return (person) => {
    // One at a time for each person: the pauses between the tries of one message would add up to minutes.
    if (sends.of(person).count < person.expected.length - oneAnswer) return;
    const trouble = drawn(random);
    if (trouble === undefined) return;
    if (trouble === "drop-after" && !tellsWhatItTook) sends.dropNext(person);
    line.trouble(person.address, trouble);
  };
}

function drawn(random: Random): Trouble | undefined {
  let at = random();
  return often.find(([, share]) => {
    at -= share;
    return at < 0;
  })?.[0];
}
