/**
 * What waits for an answer, each under a number that nothing else has meanwhile. Numbers are used again: a map whose
 * entries come and go is copied over and over by V8, and each copy left behind keeps what it held alive until the next full
 * collection.
 */
export class Slots<Value extends object> {
  #held: (Value | undefined)[] = [];
  #free: number[] = [];

  get isEmpty(): boolean {
    return this.#free.length === this.#held.length;
  }

  /** Keeps a value; gives its number. */
  put(value: Value): number {
    const number = this.#free.pop() ?? this.#held.length;
    this.#held[number] = value;
    return number;
  }

  /** What was kept under this number, which is free from now on; undefined where nothing is. */
  take(number: number): Value | undefined {
    const value = this.#held[number];
    if (value === undefined) return undefined;
    this.#held[number] = undefined;
    this.#free.push(number);
    return value;
  }

  /** Everything, in no order; nothing is left. */
  takeAll(): readonly Value[] {
    const held = this.#held.filter((value) => value !== undefined);
    this.#held = [];
    this.#free = [];
    return held;
  }
}
