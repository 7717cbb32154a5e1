import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { IntakeGate } from "../../src/app/intake-gate.ts";
import { Pace } from "../../src/app/pace.ts";
import { minute, second } from "../../src/core/nouns/time.ts";

/** The most of these moments that lie within one second. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(
    ...times.map((time, at) => times.slice(at).filter((other) => other < time + second).length),
    0,
  );
}

/** When messages leave that always wait in number, at a pace that is asked at these moments. */
function leaving(pace: Pace, moments: readonly number[]): readonly number[] {
  return moments.flatMap((now) => {
    const times: number[] = [];
    while (pace.waitFor("bulk", now) === 0) times.push(now);
    return times;
  });
}

describe("a channel's pace", () => {
  it.each([{ perSecond: 1 }, { perSecond: 30 }, { perSecond: 40 }, { perSecond: 80 }])(
    "keeps unasked messages at $perSecond a second, over any second",
    ({ perSecond }) => {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 20, maxLength: 200 }),
          (steps) => {
            let now = minute;
            const times = leaving(
              new Pace(perSecond),
              steps.map((step) => (now += step)),
            );
            // A tenth of a second may be made up for.
            expect(mostInASecond(times)).toBeLessThanOrEqual(perSecond * 1.1 + 1);
          },
        ),
        { numRuns: 500, endOnFailure: true },
      );
    },
  );

  it("loses nothing of it when it is asked in time", () => {
    const moments = Array.from({ length: 10_000 }, (_, ms) => minute + ms);
    expect(leaving(new Pace(30), moments).length).toBeGreaterThanOrEqual(300);
  });

  it("says exactly how long to wait", () => {
    const pace = new Pace(10);
    let now = minute;
    while (pace.waitFor("bulk", now) === 0);
    const wait = pace.waitFor("nudge", now);
    expect(wait).toBeGreaterThan(0);
    now += wait;
    expect(pace.waitFor("nudge", now)).toBe(0);
  });

  it("lets answers pass at once, however many broadcasts wait", () => {
    const pace = new Pace(1);
    while (pace.waitFor("bulk", minute) === 0);
    for (let count = 0; count < 1000; count++) expect(pace.waitFor("reply", minute)).toBe(0);
  });

  it("holds everything back while the platform says so, and keeps to the later of two such orders", () => {
    const pace = new Pace(10);
    pace.holdUntil(minute + 5 * second);
    pace.holdUntil(minute + 2 * second);
    expect(pace.waitFor("reply", minute)).toBe(5 * second);
    expect(pace.waitFor("bulk", minute + 4 * second)).toBe(second);
    expect(pace.waitFor("reply", minute + 5 * second)).toBe(0);
  });
});

describe("the intake gate", () => {
  const room = 600;
  let backlog = 0;
  let gate: IntakeGate;
  beforeEach(() => {
    vi.useFakeTimers();
    backlog = 0;
    gate = new IntakeGate(() => backlog);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Enters many, noting in which order they were let in or sent away. */
  function enter(count: number, notes: string[]): void {
    for (let each = 0; each < count; each++) {
      const admitted = gate.enter();
      if (admitted === true) notes.push(`in ${each}`);
      else void admitted.then((yes) => notes.push(`${yes ? "in" : "away"} ${each}`));
    }
  }
  const tick = () => vi.advanceTimersByTimeAsync(0);

  it("lets in at once while there is room", () => {
    backlog = room - 1;
    expect(gate.enter()).toBe(true);
  });

  it("holds back at the limit, and lets in one for each answer that left, in order", async () => {
    backlog = room;
    const notes: string[] = [];
    enter(3, notes);
    await tick();
    expect(notes).toEqual([]);
    backlog = room - 1;
    gate.left();
    await tick();
    expect(notes).toEqual(["in 0"]);
    gate.left();
    await tick();
    expect(notes).toEqual(["in 0", "in 1"]);
  });

  it("does not let newcomers pass those who wait", async () => {
    backlog = room;
    const notes: string[] = [];
    enter(1, notes);
    backlog = room - 1;
    const newcomer = gate.enter();
    void Promise.resolve(newcomer).then(() => notes.push("newcomer"));
    await tick();
    expect(notes[0]).toBe("in 0");
  });

  it("sends away whoever has waited too long, and only them", async () => {
    backlog = room;
    const notes: string[] = [];
    enter(1, notes);
    await vi.advanceTimersByTimeAsync(5 * second);
    const another: string[] = [];
    enter(1, another);
    await vi.advanceTimersByTimeAsync(4 * second);
    expect(notes).toEqual(["away 0"]);
    expect(another).toEqual([]);
    backlog = room - 1;
    gate.left();
    await tick();
    expect(another).toEqual(["in 0"]);
  });

  it("does not stay shut when those it let in make no answers", async () => {
    backlog = room;
    const notes: string[] = [];
    enter(2 * room, notes);
    backlog = 0;
    gate.left();
    await tick();
    expect(notes).toHaveLength(room);
    // They were repeats, say: nothing of theirs will ever leave. There is room all the same.
    const later: string[] = [];
    enter(1, later);
    await tick();
    expect([...notes, ...later].filter((note) => note.startsWith("in"))).toHaveLength(2 * room);
  });

  it("leaves no timer behind", async () => {
    backlog = room;
    enter(5, []);
    backlog = 0;
    gate.left();
    await tick();
    expect(vi.getTimerCount()).toBe(0);
  });
});
