import { type FaqIndex, indexInSlices } from "../faq/faq-index.ts";
import type { Slices } from "../faq/slices.ts";

/** What an index of questions is built from: plain data. */
export type Asked = Parameters<typeof indexInSlices>;

/**
 * An index that is built when it is first asked for, all at once; or before, a slice at a time. Whoever asks while it is
 * being built gets what is left done at once: a question waits a little longer, but is not answered worse.
 */
export type LazyIndex = {
  (): FaqIndex;
  /** Builds for some milliseconds; tells whether the index is ready. */
  readonly slice: () => boolean;
};

/** The index that free text is looked up in; built when it is first asked for. */
export function indexOf(asked: () => Asked): LazyIndex {
  let slices: Slices<FaqIndex> | undefined;
  let index: FaqIndex | undefined;
  const slice = (): boolean => {
    if (index !== undefined) return true;
    const begun = slices ?? indexInSlices(...asked());
    // Forgotten where it throws: whoever asks next begins anew.
    slices = undefined;
    const step = begun.next();
    if (step.done === true) index = step.value;
    else slices = begun;
    return step.done === true;
  };
  const whole = (): FaqIndex => {
    while (index === undefined) slice();
    return index;
  };
  return Object.assign(whole, { slice });
}
