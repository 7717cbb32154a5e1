import { describe, expect, test } from "vitest";
import type { FaqEntry } from "../../../src/core/flow/program.ts";
import { textsInAll } from "../../../src/core/flow/reading.ts";
import { talkAt } from "../talk.ts";
import { content, now, program } from "./answer-lab.ts";

const { entries } = program.faq;

/** An answer shown at the menu, and the button below it that opens what it offers. */
function shown({ id, offers }: FaqEntry) {
  const talk = talkAt(program, now, "en", "menu:choose");
  talk.take({ kind: "tap", button: `q:${id}:short` });
  const [say] = talk.said;
  const button = say?.buttons.find((one) => one.id === `f:${offers}`);
  return { talk, key: button !== undefined && "key" in button.words ? button.words.key : undefined };
}

/** Some answer that offers this flow. */
function offering(flow: string): FaqEntry {
  const entry = [...entries.values()].find(({ offers }) => offers === flow);
  if (entry === undefined) throw new Error(`no answer offers ${flow}`);
  return entry;
}

describe("the button of what an answer offers", () => {
  test.each([
    ["screening/start", "screening"],
    ["person", "person"],
    ["urgent", "urgent"],
  ])("says where it leads: to %s, as the command %s does", (flow, command) => {
    const { talk, key } = shown(offering(flow));
    expect(key).toBe(`commands:${command}.label`);
    talk.take({ kind: "tap", button: `f:${flow}` });
    const commanded = talkAt(program, now, "en", "menu:choose");
    commanded.take({ kind: "tap", button: `c:${command}` });
    expect(talk.keys).toEqual(commanded.keys);
  });

  test("has words of its own where no command leads there", () => {
    expect(shown(offering("reminder-set")).key).toBe("conversation:faq.offer");
  });

  test("has words in every language", () => {
    const offered = [...entries.values()].filter(({ offers }) => offers !== undefined);
    expect(offered.length).toBeGreaterThan(0);
    for (const entry of offered) {
      const key = shown(entry).key ?? "";
      const texts = textsInAll({ source: content.source, languages: program.languages, issues: [] }, key);
      expect(`${entry.id}: ${texts.length}`).toBe(`${entry.id}: ${program.languages.length}`);
    }
  });
});
