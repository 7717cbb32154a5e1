import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Candidate, Publisher } from "../../src/app/publish.ts";
import type { Json } from "../../src/core/flow/source.ts";
import { withFlows } from "../core/lab.ts";
import { shippedContent } from "../core/shipped.ts";
import { type App, inbound, meet, openApp, written } from "./app-world.ts";
import { textOf } from "./fake-channel.ts";

const content = shippedContent();
let app: App;
beforeEach(async () => {
  app = await openApp();
});
afterEach(() => app.end());

/** The shipped content with another flow `delete`, whose question has this name. */
function candidate(question: string, more: Readonly<Record<string, Json>> = {}): Candidate {
  const steps = {
    [question]: { kind: "ask", answer: { kind: "yes-no" }, next: { yes: "forget", no: "kept" } },
    kept: { kind: "say", next: "done" },
    done: { kind: "end" },
    forget: { kind: "forget" },
  };
  const words = { [question]: { text: "Truly?" }, kept: { text: "Kept." }, forget: { text: "Gone." } };
  const made = withFlows(content, { delete: { start: question, ...more, steps } }, { delete: words });
  return {
    kind: "loaded",
    program: { ...made.program, hash: question },
    translator: made.translator,
    warm: () => Promise.resolve(),
  };
}

/** A publisher of these, one after the other. */
function publisherOf(...candidates: readonly Candidate[]): Publisher {
  const left = [...candidates];
  return new Publisher(app.parts, () => {
    const next = left.shift();
    return next === undefined ? Promise.reject(new Error("no more")) : Promise.resolve(next);
  });
}

async function says(address: string, text: string): Promise<string> {
  await app.receive(inbound(address, written(text)));
  await app.quiet();
  const last = app.telegram.calls.at(-1)?.outgoing;
  return last === undefined ? "" : textOf(last);
}

/** People who wait for the answer whether all is to be deleted. */
async function deleting(...addresses: readonly string[]): Promise<void> {
  for (const address of addresses) {
    await meet(app, address);
    await says(address, "English");
    await says(address, "delete");
  }
}

describe("a publish", () => {
  it("is refused where it would strand people, and says how many are where; nothing changes", async () => {
    await deleting("chat 1", "chat 2");
    await meet(app, "chat 3");
    const before = app.parts.content.current;
    const publisher = publisherOf(candidate("truly"));
    expect(await publisher.publish()).toEqual({
      kind: "refused",
      issues: [],
      waiting: [
        { place: "delete:sure", people: 2, becomes: "gone", goesTo: "delete:truly" },
        { place: "onboarding:language", people: 1, becomes: "same", goesTo: "onboarding:language" },
      ],
    });
    expect([publisher.refused, app.parts.content.current]).toEqual([true, before]);
    expect(app.log.notes).toContainEqual({
      level: "warn",
      event: "content refused: people wait at a place that is no more",
      fields: { place: "delete:sure", people: 2, goesTo: "delete:truly" },
    });
  });

  it("is used from the next turn on where everyone goes on", async () => {
    await deleting("chat 1");
    const publisher = publisherOf(candidate("truly", { renamed: { steps: { sure: "truly" } } }));
    expect(await publisher.publish()).toMatchObject({
      kind: "published",
      waiting: [{ place: "delete:sure", becomes: "renamed", goesTo: "delete:truly" }],
    });
    expect(await says("chat 1", "no")).toContain("Kept.");
    expect(await says("chat 1", "delete")).toContain("Truly?");
  });

  it("tells those who wait at what is retired", async () => {
    await deleting("chat 1");
    await publisherOf(candidate("truly", { retired: { steps: { sure: "truly" } } })).publish();
    expect(await says("chat 1", "yes")).toMatch(/questions have changed[\s\S]*Truly\?/);
    expect(await says("chat 1", "no")).toContain("Kept.");
  });

  it("that was refused is over when the files are as before", async () => {
    const { program, translator } = app.parts.content.current;
    const same: Candidate = { kind: "loaded", program, translator, warm: () => Promise.resolve() };
    const publisher = publisherOf({ kind: "refused", issues: ["flows/help.yaml:3: wrong"] }, same);
    expect((await publisher.publish()).kind).toBe("refused");
    expect(publisher.refused).toBe(true);
    expect((await publisher.publish()).kind).toBe("unchanged");
    expect(publisher.refused).toBe(false);
  });

  it("goes on after one that could not be tried", async () => {
    const publisher = publisherOf();
    await expect(publisher.publish()).rejects.toThrow("no more");
    await expect(publisher.publish()).rejects.toThrow("no more");
  });
});

describe("a start with other content", () => {
  it("tells the log where people were, once", async () => {
    await deleting("chat 1");
    await publisherOf().lookBack();
    const made = candidate("truly");
    if (made.kind === "refused") throw new Error("it is not refused");
    app.parts.content.replace(made.program, made.translator);
    await publisherOf().lookBack();
    await publisherOf().lookBack();
    const lost = app.log.notes.filter(({ event }) => event === "people wait at a place that is no more");
    expect(lost.map(({ fields }) => fields)).toEqual([
      { place: "delete:sure", people: 1, goesTo: "delete:truly" },
    ]);
    expect(await says("chat 1", "yes")).toMatch(/questions have changed[\s\S]*Truly\?/);
  });
});
