import type { BotApi } from "../stand-ins/bot-api.ts";
import type { Person } from "./person.ts";

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
  readonly copies: readonly Copy[];
  /** What should not have been sent, or not yet, in words. */
  readonly wrong: readonly string[];
};

type Sending = { readonly life: number; readonly dropped: boolean };

/** Reads what the platform took, as it comes, against what it should be given. */
export class Sends {
  readonly #bot: Pick<BotApi, "ledger">;
  readonly #ears = new Map<number, Ear>();
  #looked = 0;
  #life = 0;

  constructor(bot: Pick<BotApi, "ledger">, people: readonly Person[]) {
    this.#bot = bot;
    for (const person of people) this.#ears.set(person.chat, new Ear(person));
  }

  /** From now on, what is sent comes from the next life. */
  nextLife(): void {
    this.#look();
    this.#life += 1;
  }

  /** What was heard of somebody so far. */
  of({ chat }: Pick<Person, "chat">): Heard {
    this.#look();
    return this.#ears.get(chat) ?? { count: 0, copies: [], wrong: [] };
  }

  /** The platform will drop the connection after it has taken this person's next message. */
  dropNext({ chat }: Pick<Person, "chat">): void {
    this.#look();
    this.#ears.get(chat)?.dropNext();
  }

  #look(): void {
    const { calls } = this.#bot.ledger;
    for (; this.#looked < calls.length; this.#looked += 1) {
      const call = calls[this.#looked];
      if (call?.method !== "sendMessage" || call.chat === undefined) continue;
      this.#ears.get(call.chat)?.hear(String(call.payload["text"]), this.#life);
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

  dropNext(): void {
    this.#lastDrop = Math.max(this.#sendings, this.#lastDrop + 1);
    this.#drops.add(this.#lastDrop);
  }

  hear(text: string, life: number): void {
    const sending = { life, dropped: this.#drops.has(this.#sendings) };
    this.#sendings += 1;
    const place = this.#placeOf(text);
    const { chat } = this.#person;
    if (place === undefined) this.wrong.push(`${chat}: a text came that nobody decided on`);
    else if (place > this.count) this.wrong.push(`${chat}: text ${place} came after ${this.count} texts`);
    else this.#take(place, sending);
  }

  #take(place: number, sending: Sending): void {
    const before = this.#last[place];
    this.#last[place] = sending;
    if (before === undefined) return;
    if (before.life === sending.life && !before.dropped)
      this.wrong.push(`${this.#person.chat}: text ${place} was sent twice without a crash`);
    else this.copies.push(before);
  }

  #placeOf(text: string): number | undefined {
    const { expected } = this.#person;
    for (let place = this.#places.size; place < expected.length; place += 1)
      this.#places.set(expected[place] ?? "", place);
    return this.#places.get(text);
  }
}
