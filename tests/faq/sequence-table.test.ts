import { expect, it } from "vitest";
import { SequenceTable } from "../../src/core/faq/sequence-table.ts";

/** Sequences of one to four items, each another. */
const sequence = (number: number): number[] => [number, 7, number % 11, 7].slice(0, 1 + (number % 4));

it("numbers sequences in the order in which they come first, however many there are", () => {
  const table = new SequenceTable();
  const numbers = Array.from({ length: 50_000 }, (_, number) => number);
  const numberOf = (number: number): number => {
    // What stands before and after does not belong to it.
    const text = [9, ...sequence(number), 9];
    return table.numberOf(text, 1, text.length - 1);
  };
  expect(numbers.filter((number) => numberOf(number) !== number)).toEqual([]);
  expect(numbers.filter((number) => numberOf(number) !== number)).toEqual([]);
  expect(numbers.filter((number) => table.find(sequence(number)) !== number)).toEqual([]);
  expect(table.size).toBe(numbers.length);
  expect([table.find([numbers.length]), table.find([])]).toEqual([-1, -1]);
});
