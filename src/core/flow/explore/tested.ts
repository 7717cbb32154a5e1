import type { Test } from "../condition-schema.ts";
import type { Program, Step, StepOfKind } from "../program.ts";
import { comparedIn, handedOn, keyOfName, testsIn } from "./reads.ts";

/** Keys that hold the same value or are compared with one another, and every test that a condition makes of one of them. */
export type TestGroup = {
  readonly tests: readonly Test[];
  /** How many of them are compared with one another: each may stand before, on or after each other. */
  readonly compared: number;
};

const untested: TestGroup = { tests: [], compared: 0 };

/** What the conditions of a program ask of a key, also under the names that its value is handed on by. */
export type Tested = (key: string) => TestGroup;

/** Gathers the tests of all decision tables. */
export function testedIn(program: Program): Tested {
  const groups = new Groups();
  for (const step of program.steps.values()) {
    for (const [to, from] of handedOn(program, step)) groups.join(to, from);
    for (const [key, test] of roundTests(program, step)) groups.test(key, test);
    if (step.kind === "decide") gather(program, step, groups);
  }
  return (key) => groups.of(key);
}

function gather(program: Program, { table, inFlow }: StepOfKind<"decide">, groups: Groups): void {
  for (const { name, test } of table.flatMap(({ when }) => testsIn(when))) {
    const key = keyOfName(program, name, inFlow);
    groups.test(key, test);
    for (const other of comparedIn(test)) groups.compare(key, keyOfName(program, other, inFlow));
  }
}

/** A number of rounds makes a difference up to the most there can be. */
function roundTests(program: Program, step: Step): readonly (readonly [key: string, test: Test])[] {
  if (step.kind !== "repeat" || step.times === undefined || !("answer" in step.times)) return [];
  const key = keyOfName(program, step.times.answer, step.inFlow);
  return Array.from({ length: step.most }, (_, at) => [key, { "at-least": at + 1 }] as const);
}

/** Keys put together, each group under one of its keys. */
class Groups {
  readonly #parent = new Map<string, string>();
  readonly #tests = new Map<string, Test[]>();
  readonly #comparisons: (readonly [string, string])[] = [];
  #made: ReadonlyMap<string, TestGroup> | undefined;

  join(one: string, other: string): void {
    this.#parent.set(this.#root(one), this.#root(other));
  }

  test(key: string, test: Test): void {
    this.#tests.set(key, [...(this.#tests.get(key) ?? []), test]);
  }

  compare(one: string, other: string): void {
    this.join(one, other);
    this.#comparisons.push([one, other]);
  }

  of(key: string): TestGroup {
    this.#made ??= this.#make();
    return this.#made.get(this.#root(key)) ?? untested;
  }

  #root(key: string): string {
    let at = key;
    for (let up = this.#parent.get(at); up !== undefined && up !== at; up = this.#parent.get(at)) at = up;
    return at;
  }

  #make(): ReadonlyMap<string, TestGroup> {
    const made = new Map<string, TestGroup>();
    for (const [key, tests] of this.#tests) {
      const root = this.#root(key);
      const all = [...(made.get(root)?.tests ?? []), ...tests];
      made.set(root, { tests: all, compared: 0 });
    }
    for (const [root, group] of made) {
      const compared = this.#comparisons.filter(([one]) => this.#root(one) === root).flat();
      made.set(root, { ...group, compared: new Set(compared).size });
    }
    return made;
  }
}

/** How many of a kind can make a difference: one more than the highest number that a condition counts to. */
export function enoughFor(program: Program): number {
  const tests = [...program.steps.values()].flatMap((step) =>
    step.kind === "decide" ? step.table.flatMap(({ when }) => testsIn(when)) : [],
  );
  return Math.max(1, ...tests.map(({ name, test }) => countedTo(name, test)));
}

function countedTo(name: string, test: Test): number {
  const ofPerson = name.startsWith("person.");
  if (typeof test !== "object") return ofPerson && typeof test === "number" ? test + 1 : 1;
  const limits = ofPerson ? [test["less-than"], test["at-most"], test["at-least"], test["more-than"]] : [];
  return (
    1 + Math.max(0, ...[...limits, test.count?.["at-least"], test.count?.["at-most"]].map((one) => one ?? 0))
  );
}
