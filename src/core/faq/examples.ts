import type { Rows } from "./rows.ts";

/** Features by their numbers and how strong each is. */
export type Vector = { readonly features: Uint32Array; readonly values: Float32Array };

/** Vectors one after another, as rows of features with the strength of each, and the class of each vector. */
export type Examples = Rows & { readonly values: Float32Array; readonly labels: readonly number[] };

/** The classes and weights of a feature stand from `starts[feature]` to `starts[feature + 1]`. */
export type Classifier = {
  readonly starts: Uint32Array;
  readonly classes: Uint16Array;
  readonly weights: Float32Array;
};
