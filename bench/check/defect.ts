import type { Plant, Shipped } from "./edit.ts";

/** The stages of a check, the cheap ones first; compiling is always done. */
export type Stage = "compile" | "content" | "translations" | "facts" | "texts" | "proof" | "rendering";

/** A kind of defect: where it can be planted in a content, and what has to be said of it, by which stage. */
export type Defect = {
  readonly kind: string;
  readonly stage: Stage;
  readonly says: RegExp;
  readonly plants: (shipped: Shipped) => readonly Plant[];
};

/** So many of the plants, spread over all of them, always the same. */
export function someOf(plants: readonly Plant[], count: number): readonly Plant[] {
  if (plants.length <= count) return plants;
  return Array.from(
    { length: count },
    (_, at) => plants[Math.floor(((at + 0.5) * plants.length) / count)],
  ).filter((plant) => plant !== undefined);
}
