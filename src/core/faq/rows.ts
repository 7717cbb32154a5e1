/**
 * Many short lists in two arrays: the items of row r stand in `items` from `starts[r]` to `starts[r + 1]`. Tens of
 * thousands of small arrays take several times as long to make and to walk through.
 */
export type Rows = { readonly starts: Uint32Array; readonly items: Uint32Array };

/** Memory that nobody has written to costs nothing; growing does. */
const room = 1 << 16;

/** Rows that are being written. */
export class RowWriter implements Rows {
  #count = 0;
  /** These are longer than what has been written. */
  starts: Uint32Array = new Uint32Array(room);
  items: Uint32Array = new Uint32Array(room);

  /** How many rows have been written. */
  get count(): number {
    return this.#count;
  }

  /** Adds a row of the items from one place to another. */
  add(items: ArrayLike<number>, from = 0, to = items.length): void {
    const start = this.starts[this.#count] ?? 0;
    const end = start + to - from;
    while (end > this.items.length) this.items = grown(this.items);
    if (this.#count + 2 > this.starts.length) this.starts = grown(this.starts);
    for (let at = from; at < to; at += 1) this.items[start + at - from] = items[at] ?? 0;
    this.#count += 1;
    this.starts[this.#count] = end;
  }

  /** The rows that have been written. */
  get rows(): Rows {
    const starts = this.starts.subarray(0, this.#count + 1);
    return { starts, items: this.items.subarray(0, starts[this.#count]) };
  }
}

function grown(numbers: Uint32Array): Uint32Array {
  const more = new Uint32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}

/** Rows that hold a single one. */
export const oneRow = (items: readonly number[]): Rows => ({
  starts: Uint32Array.of(0, items.length),
  items: Uint32Array.from(items),
});

/** How many rows there are. */
export const rowCount = ({ starts }: Rows): number => starts.length - 1;

/** The items of a row. */
export const rowOf = ({ starts, items }: Rows, row: number): Uint32Array =>
  items.subarray(starts[row] ?? 0, starts[row + 1] ?? 0);

/** By item, the rows that have it: those of item i stand from `starts[i]` to `starts[i + 1]`. */
export type Owners = { readonly starts: Uint32Array; readonly rows: Uint32Array };

/** Where the owners of each item begin. `items`: all are below it. */
export function ownersFrom(rows: Rows, items: number): Uint32Array {
  const starts = new Uint32Array(items + 1);
  for (let at = 0; at < rows.items.length; at += 1) {
    const next = (rows.items[at] ?? 0) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let at = 1; at <= items; at += 1) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  return starts;
}

/** Turns rows of items into items' rows. */
export function ownersOf(rows: Rows, items: number): Owners {
  const starts = ownersFrom(rows, items);
  const next = starts.slice();
  const owners = new Uint32Array(rows.items.length);
  for (let row = 0; row < rowCount(rows); row += 1) {
    const end = rows.starts[row + 1] ?? 0;
    for (let at = rows.starts[row] ?? 0; at < end; at += 1) {
      const item = rows.items[at] ?? 0;
      const free = next[item] ?? 0;
      owners[free] = row;
      next[item] = free + 1;
    }
  }
  return { starts, rows: owners };
}
