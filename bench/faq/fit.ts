import { confidenceBy, type Features, featureNames, type Weights } from "../../src/core/faq/confidence.ts";

/** One search: what it saw, whether the first entry was right, and how much it counts. */
export type Sample = { readonly features: Features; readonly right: boolean; readonly counts: number };

/** A little ridge keeps weights small where samples say nothing. */
const ridge = 0.5;
const rounds = 12;

function toWeights([base = 0, ...others]: readonly number[]): Weights {
  const [odds = 0, outside = 0, lead = 0, coverage = 0, close = 0, closeLead = 0, known = 0, concepts = 0] =
    others;
  return { base, odds, outside, lead, coverage, close, closeLead, known, concepts };
}

/** Takes as much of the pivot's row from another as makes its coefficient in the column zero. */
function eliminate(row: number[], pivot: readonly number[], column: number): void {
  const share = (row[column] ?? 0) / (pivot[column] ?? 1);
  for (let at = column; at < row.length; at += 1) row[at] = (row[at] ?? 0) - share * (pivot[at] ?? 0);
}

/**
 * Solves linear equations given as rows of coefficients and the right side (Gauss–Jordan). The coefficients are those
 * of a Hessian with a ridge, positive definite, so that the diagonal can always be the pivot.
 */
function solve(rows: readonly number[][]): number[] {
  for (const [column, pivot] of rows.entries()) {
    for (const row of rows) if (row !== pivot) eliminate(row, pivot, column);
  }
  return rows.map((row, at) => (row.at(-1) ?? 0) / (row[at] ?? 1));
}

/** Adds what one sample says to the equations of a Newton step. */
function addSample(rows: readonly number[][], inputs: readonly number[], slope: number, pull: number): void {
  for (const [at, row] of rows.entries()) {
    const own = inputs[at] ?? 0;
    for (const [column, input] of inputs.entries()) row[column] = (row[column] ?? 0) + slope * own * input;
    row[inputs.length] = (row[inputs.length] ?? 0) + own * pull;
  }
}

function newtonStep(samples: readonly Sample[], weights: readonly number[]): number[] {
  const rows = weights.map((weight, row) => [
    ...weights.map((_, column) => (row === column ? ridge : 0)),
    -ridge * weight,
  ]);
  const current = toWeights(weights);
  for (const { features, right, counts } of samples) {
    const chance = confidenceBy(features, current);
    const inputs = [1, ...featureNames.map((name) => features[name])];
    addSample(rows, inputs, counts * chance * (1 - chance), counts * ((right ? 1 : 0) - chance));
  }
  return solve(rows);
}

/** Logistic regression by Newton's method. */
export function fitWeights(samples: readonly Sample[]): Weights {
  let weights = new Array<number>(featureNames.length + 1).fill(0);
  for (let round = 0; round < rounds; round += 1) {
    const steps = newtonStep(samples, weights);
    weights = weights.map((weight, at) => weight + (steps[at] ?? 0));
  }
  return toWeights(weights);
}
