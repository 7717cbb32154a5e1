/** Asks for many things at once: what is asked for before the event loop turns shares one statement. */
export function coalesced<Key, Value>(
  fetch: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let next: { readonly keys: Set<Key>; readonly answer: Promise<ReadonlyMap<Key, Value>> } | undefined;
  const open = () => {
    const keys = new Set<Key>();
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      next = undefined;
      return fetch([...keys]);
    });
    return { keys, answer };
  };
  return async (key) => {
    next ??= open();
    next.keys.add(key);
    return (await next.answer).get(key);
  };
}
