/**
 * Many short lists in two arrays: the items of row r stand in `items` from `starts[r]` to `starts[r + 1]`. Tens of
 * thousands of small arrays take several times as long to make and to walk through.
 */
export type Rows = { readonly starts: readonly number[]; readonly items: readonly number[] };

/** Rows that are being written: push items, then {@link endRow}. */
export type OpenRows = { readonly starts: number[]; readonly items: number[] };

export const openRows = (): OpenRows => ({ starts: [0], items: [] });

/** Ends the row that the items pushed last belong to. */
export function endRow({ starts, items }: OpenRows): void {
  starts.push(items.length);
}

/** How many rows there are. */
export const rowCount = ({ starts }: Rows): number => starts.length - 1;

/** The items of a row. */
export const rowOf = ({ starts, items }: Rows, row: number): readonly number[] =>
  items.slice(starts[row] ?? 0, starts[row + 1] ?? 0);

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
