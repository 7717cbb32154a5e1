import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Queue } from "../../src/app/contact-queues.ts";
import { PutOff } from "../../src/app/put-off.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const queue = (contact: number): Queue => ({
  contact,
  rows: [],
  sending: false,
  blockedUntil: 0,
  answers: 0,
});

it("gives those that wait for the same back in their order, and asks no more of them than may leave", () => {
  const asked: number[] = [];
  let free = 0;
  const putOff = new PutOff((given) => {
    asked.push(given.contact);
    if (free > 0) free -= 1;
    else putOff.together(given, "the pace", 100);
  });
  for (let contact = 1; contact <= 6; contact++) putOff.together(queue(contact), "the pace", 100);
  free = 2;
  vi.advanceTimersByTime(100);
  expect(asked).toEqual([1, 2, 3]);
  free = 2;
  vi.advanceTimersByTime(100);
  expect(asked).toEqual([1, 2, 3, 3, 4, 5]);
  free = 9;
  vi.advanceTimersByTime(100);
  expect(asked).toEqual([1, 2, 3, 3, 4, 5, 5, 6]);
});

it("gives back those that wait for something else at their own time", () => {
  const asked: number[] = [];
  const putOff = new PutOff(({ contact }) => asked.push(contact));
  putOff.together(queue(1), "the pace", 100);
  putOff.together(queue(2), "another pace", 50);
  putOff.alone(queue(3), 75);
  vi.advanceTimersByTime(75);
  expect(asked).toEqual([2, 3]);
  vi.advanceTimersByTime(25);
  expect(asked).toEqual([2, 3, 1]);
});
