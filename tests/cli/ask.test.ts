import { once } from "node:events";
import { afterAll, describe, expect, it, vi } from "vitest";
import { Workplace } from "./command.ts";

// Each command is a process of its own, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 120_000 });

const place = new Workplace();
afterAll(() => place.remove());

async function ask(args: readonly string[], lines: string) {
  const child = place.start(["ask", ...args]);
  const said = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  child.stdin?.end(lines);
  await once(child, "close");
  return { code: child.exitCode, ...said };
}

const line = (fields: Readonly<Record<string, unknown>>): string => `${JSON.stringify(fields)}\n`;
const answers = (stdout: string): readonly unknown[] =>
  stdout
    .trim()
    .split("\n")
    .map((text) => JSON.parse(text));

describe("ask --json", () => {
  it("gives an object for each line: answers, suggestions, abstentions, red flags", async () => {
    const { code, stdout, stderr } = await ask(
      ["--json"],
      [
        line({ id: "fee", q: "What is the filing fee?" }),
        line({ id: "danger", q: "they want to kill me tonight", locale: "en" }),
        line({ id: "number", q: "my number is A123-456-789" }),
        line({ id: "weather", q: "امروز هوا چطور است" }),
        line({ id: "stop", q: "stop", locale: "fa" }),
        line({ id: "ps", q: "د پارول لپاره څومره انتظار وکړم", locale: "xx" }),
      ].join(""),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [fee, danger, number, weather, stop, pashto] = answers(stdout);
    expect(fee).toEqual({
      id: "fee",
      decision: "answer",
      entries: expect.arrayContaining(["filing-fee"]),
      flag: null,
      locale: "en",
      score: expect.any(Number),
    });
    expect(danger).toMatchObject({ id: "danger", decision: "red-flag", flag: "rf-danger" });
    expect(number).toMatchObject({ decision: "red-flag", flag: "rf-identifier" });
    expect(weather).toMatchObject({ id: "weather", decision: "abstain", flag: null, locale: "fa-AF" });
    // A command is a question like any other here.
    expect(stop).toMatchObject({ id: "stop", flag: null, locale: "fa-AF" });
    expect(pashto).toMatchObject({ locale: "ps" });
    for (const answer of answers(stdout)) {
      expect(answer).toMatchObject({ entries: expect.any(Array), score: expect.any(Number) });
    }
  });

  it("goes on after a line that it can't read, without repeating what stands there", async () => {
    const { code, stdout, stderr } = await ask(
      ["--json", "--locale", "es"],
      `secret words\n\n[]\n{"q": "a"}\n{"id": "n", "q": 1}\n{"id": "l", "q": "a", "locale": 3}\n${line({ id: "ok", q: "cuánto cuesta" })}`,
    );
    expect(code).toBe(1);
    expect(answers(stdout)).toEqual([
      { id: null, error: expect.any(String) },
      { id: null, error: expect.any(String) },
      { id: null, error: expect.any(String) },
      { id: "n", error: expect.any(String) },
      { id: "l", error: expect.any(String) },
      expect.objectContaining({ id: "ok", locale: "es" }),
    ]);
    expect(stderr).toContain("line 1: ");
    expect(stderr).toContain("5 of 7 lines");
    expect(stdout + stderr).not.toContain("secret");
  });

  it("has nothing to say to nothing, and refuses questions as arguments", async () => {
    const [nothing, both] = await Promise.all([ask(["--json"], ""), ask(["--json", "fees"], "")]);
    expect(nothing).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(both).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("ask", () => {
  it("tells people what would be answered", async () => {
    const [one, lines] = await Promise.all([
      ask(["how", "much", "is", "the", "filing", "fee"], ""),
      ask(["--locale", "es"], "cuánto cuesta\nquiero suicidarme\n"),
    ]);
    expect(one).toMatchObject({ code: 0, stderr: "" });
    expect(one.stdout).toMatch(/^(?:answer|suggest) .* en\nentry +title\nfiling-fee +How much/m);
    expect(lines.stdout).toMatch(/red-flag {2}rf-suicide {2}es/);
  });
});
