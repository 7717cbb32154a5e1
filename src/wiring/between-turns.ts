import { setImmediate } from "node:timers/promises";

/** Builds an index slice by slice; between two slices, whoever waits for something else has a turn. */
export async function builtBetweenTurns({ slice }: { readonly slice: () => boolean }): Promise<void> {
  while (!slice()) await setImmediate();
}
