import type { Person } from "./person.ts";
import type { Line } from "./platform.ts";

/** A message that the platform took once more. */
export type Copy = {
  /** The life in which the time before fell: its end is what may have made the copy. */
  readonly life: number;
  /** Whether the platform had taken it and dropped the connection: nobody could know. */
  readonly dropped: boolean;
};

export type Heard = {
  /** How many of the person's texts have been sent. */
  readonly count: number;
  /** How many of those have to come again: the platform took them and dropped the connection. */
  readonly owed: number;
  readonly copies: readonly Copy[];
  /** What should not have been sent, or not yet, in words. */
  readonly wrong: readonly string[];
};

/** `at`: when the platform took it, ms since the epoch. */
type Sending = { readonly life: number; readonly dropped: boolean; readonly at: number };

/** Reads what the platform took, as it comes, against what it should be given. */
export class Sends {
  readonly #line: Pick<Line, "takenAfter">;
  readonly #ears = new Map<string, Ear>();
  #looked = 0;
  #life = 0;

  constructor(line: Pick<Line, "takenAfter">, people: readonly Person[]) {
    this.#line = line;
    for (const person of people) this.#ears.set(person.address, new Ear(person));
  }

  /** From now on, what is sent comes from the next life. */
  nextLife(): void {
    this.#look();
    this.#life += 1;
  }

  /** What was heard of somebody so far. */
  of({ address }: Pick<Person, "address">): Heard {
    this.#look();
    return this.#ears.get(address) ?? { count: 0, owed: 0, copies: [], wrong: [] };
  }

  /** The platform will drop the connection after it has taken this person's next message. */
  dropNext({ address }: Pick<Person, "address">): void {
    this.#look();
    this.#ears.get(address)?.dropNext();
  }

  #look(): void {
    for (const { to, texts, at } of this.#line.takenAfter(this.#looked)) {
      this.#looked += 1;
      if (texts.length > 0) this.#ears.get(to)?.hear(texts, this.#life, at);
    }
  }
}

class Ear implements Heard {
  readonly copies: Copy[] = [];
  readonly wrong: string[] = [];
  readonly #person: Person;
  /** By the place of a text: how it was sent last. */
  readonly #last: Sending[] = [];
  readonly #places = new Map<string, number>();
  readonly #drops = new Set<number>();
  #sendings = 0;
  #lastDrop = -1;

  constructor(person: Person) {
    this.#person = person;
  }

  get count(): number {
    return this.#last.length;
  }

  get owed(): number {
    return this.#last.filter(({ dropped }) => dropped).length;
  }

  dropNext(): void {
    this.#lastDrop = Math.max(this.#sendings, this.#lastDrop + 1);
    this.#drops.add(this.#lastDrop);
  }

  hear(texts: readonly string[], life: number, at: number): void {
    const sending = { life, dropped: this.#drops.has(this.#sendings), at };
    this.#sendings += 1;
    const before = texts.map((text) => this.#take(text, sending)).find((one) => one !== undefined);
    if (before !== undefined && !isRepeated(before, sending)) this.copies.push(before);
  }

  /** How the text was sent before; undefined where it was not. */
  #take(text: string, sending: Sending): Sending | undefined {
    const { address } = this.#person;
    const place = this.#placeOf(text);
    if (place === undefined || place > this.count) {
      const what =
        place === undefined
          ? "a text came that nobody decided on"
          : `text ${place} came after ${this.count} texts`;
      this.wrong.push(`${address}: ${what}`);
      return undefined;
    }
    const before = this.#last[place];
    this.#last[place] = sending;
    if (before !== undefined && isRepeated(before, sending))
      this.wrong.push(
        `${address}: text ${place} was sent twice without a crash, in life ${sending.life}, ${sending.at - before.at} ms apart`,
      );
    return before;
  }

  #placeOf(text: string): number | undefined {
    const { expected } = this.#person;
    for (let place = this.#places.size; place < expected.length; place += 1)
      this.#places.set(expected[place] ?? "", place);
    return this.#places.get(text);
  }
}

/** Whether a text was sent again although nothing was in doubt. */
function isRepeated(before: Sending, { life }: Sending): boolean {
  return before.life === life && !before.dropped;
}
