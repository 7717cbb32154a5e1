import { describe, expect, it } from "vitest";
import { retryDelayMs } from "./telegram/webhook-pace.ts";

const wrong = (headers: Readonly<Record<string, string>> = {}) => ({
  kind: "answered" as const,
  status: 500,
  headers,
  body: "",
});

describe("the delay before a webhook's next attempt", () => {
  it.each([
    [1, 0],
    [2, 2000],
    [3, 4000],
    [6, 32_000],
    [7, 60_000],
    [40, 60_000],
  ])("after %i attempts is %i ms at the least chance", (failed, milliseconds) => {
    expect(retryDelayMs(failed, wrong(), () => 0)).toBe(milliseconds);
  });

  it("grows to at most 120 s", () => {
    expect(retryDelayMs(40, { kind: "broken" }, () => 0.999)).toBeLessThan(120_000);
    expect(retryDelayMs(40, { kind: "broken" }, () => 0.999)).toBeGreaterThan(119_000);
  });

  it.each([
    ["7", 7000],
    ["9999", 3_600_000],
  ])("is what Retry-After: %s says", (retryAfter, milliseconds) => {
    expect(retryDelayMs(1, wrong({ "retry-after": retryAfter }), () => 0)).toBe(milliseconds);
  });
});
