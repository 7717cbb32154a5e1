export interface Page<Item> {
  readonly items: readonly Item[];
  readonly number: number;
  readonly size: number;
  readonly more: boolean;
}

/** Gives the page that a query asks for (PageSize 1–1000, default 50), or undefined where it asks wrongly. */
export function pageOf<Item>(all: readonly Item[], query: URLSearchParams): Page<Item> | undefined {
  const size = Number(query.get("PageSize") ?? 50);
  const number = Number(query.get("Page") ?? 0);
  const fine = Number.isInteger(size) && size >= 1 && size <= 1000 && Number.isInteger(number) && number >= 0;
  if (!fine) return undefined;
  const start = number * size;
  return { items: all.slice(start, start + size), number, size, more: all.length > start + size };
}
