/**
 * Long work in slices of some milliseconds, so that whoever has it done can let others have a turn between two of
 * them. What it yields means nothing; what it returns is the result.
 */
export type Slices<T> = Generator<undefined, T>;

/** Does what is left of the work at once. */
export function finish<T>(slices: Slices<T>): T {
  let step = slices.next();
  while (step.done !== true) step = slices.next();
  return step.value;
}
