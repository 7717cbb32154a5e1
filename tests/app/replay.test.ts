import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { carryOut } from "../../src/app/admin.ts";
import { retryKept } from "../../src/app/fire-due.ts";
import { minute } from "../../src/core/nouns/time.ts";
import { type App, inbound, meet, openApp, stillTime, written } from "./app-world.ts";
import { breakableContent } from "./breakable-content.ts";

let app: App;
let state: { broken: boolean };
beforeEach(async () => {
  stillTime();
  const breakable = breakableContent();
  state = breakable.state;
  app = await openApp({ content: breakable.content });
});
afterEach(() => app.end());

/** Lets each of these people write what breaks, until it is set aside; gives its numbers, oldest first. */
async function setAside(addresses: readonly string[], fields: Parameters<typeof inbound>[2] = {}) {
  state.broken = true;
  for (const address of addresses) await app.receive(inbound(address, written("poison"), fields));
  for (let tries = 1; tries < 5; tries += 1) {
    await app.advance(2 * minute, 2 * minute);
    await retryKept(app.parts);
  }
  state.broken = false;
  app.telegram.calls.splice(0);
  return (await app.parts.store.setAside()).map(({ id }) => id);
}

const replay = async (order: { readonly id?: number; readonly late?: boolean } = {}) => {
  const result = await carryOut(app.parts, { command: "inbox replay", late: false, ...order });
  await app.quiet();
  return result;
};
const answered = () => app.telegram.calls.map(({ outgoing }) => outgoing.address);

describe("a replay", () => {
  it("handles an input once more, which is answered and over; another is left where it is", async () => {
    await meet(app, "ali");
    await meet(app, "sara");
    const [first = 0, second = 0] = await setAside(["ali", "sara"]);
    expect(await replay({ id: first })).toEqual([{ id: first, channel: "telegram", result: "handled" }]);
    expect(answered()).toEqual(["ali"]);
    expect((await app.parts.store.setAside()).map(({ id }) => id)).toEqual([second]);
    await expect(replay({ id: first })).rejects.toMatchObject({ code: "not-found" });
    expect(answered()).toEqual(["ali"]);
  });

  it("of all begins with the oldest", async () => {
    for (const address of ["ali", "sara", "omar"]) await meet(app, address);
    const ids = await setAside(["sara", "omar", "ali"]);
    expect(await replay()).toMatchObject(ids.map((id) => ({ id, result: "handled" })));
    expect(answered()).toEqual(["sara", "omar", "ali"]);
    expect(await replay()).toEqual([]);
  });

  it("that fails again sets aside again, after one attempt", async () => {
    await meet(app, "ali");
    const [id = 0] = await setAside(["ali"]);
    state.broken = true;
    expect(await replay()).toMatchObject([{ id, result: "failed-again" }]);
    expect(await app.parts.store.setAside()).toMatchObject([{ id, attempts: 5 }]);
    await app.advance(10 * minute, 10 * minute);
    expect(await retryKept(app.parts)).toBe(0);
    expect(JSON.stringify(app.log.notes)).not.toContain("poison");
  });

  it("does not answer a later question with earlier words, unless told to", async () => {
    await meet(app, "ali");
    await meet(app, "sara");
    // Who has written once stands at the first question; Sara leaves it for the menu.
    const ids = await setAside(["ali", "sara"]);
    for (const word of ["English", "menu"]) await app.receive(inbound("sara", written(word)));
    await app.receive(inbound("ali", written("hello")));
    await app.quiet();
    app.telegram.calls.splice(0);
    expect(await replay()).toMatchObject([{ result: "left" }, { result: "handled" }]);
    expect(answered()).toEqual(["sara"]);
    expect(await replay({ late: true })).toMatchObject([{ id: ids[0], result: "handled" }]);
    expect(new Set(answered())).toEqual(new Set(["sara", "ali"]));
  });

  it("opens no window for answers: the person wrote long ago", async () => {
    const contact = await meet(app, "+1", { channel: "whatsapp" });
    const before = (await app.parts.store.contact(contact))?.lastInbound;
    await setAside(["+1"], { channel: "whatsapp" });
    expect(await replay()).toMatchObject([{ channel: "whatsapp", result: "handled" }]);
    expect((await app.parts.store.contact(contact))?.lastInbound).toBe(before);
  });

  it("by a command beside which no server runs is answered when one starts", async () => {
    await meet(app, "ali");
    await setAside(["ali"]);
    await app.parts.outbox.stop();
    expect(await replay()).toMatchObject([{ result: "handled" }]);
    expect(answered()).toEqual([]);
    await app.restart();
    app.parts.outbox.start();
    await app.advance(1_000);
    expect(answered()).toEqual(["ali"]);
  });

  it("refuses a number that nothing has", async () => {
    await expect(replay({ id: 7 })).rejects.toMatchObject({
      code: "not-found",
      message: expect.stringContaining("parwana inbox list"),
    });
  });

  it("is not followed by whom it was from in the list", async () => {
    const contact = await meet(app, "ali");
    await setAside(["ali"]);
    const listed = await carryOut(app.parts, { command: "inbox list" });
    expect(listed).toMatchObject([{ channel: "telegram", attempts: 5 }]);
    expect(JSON.stringify(listed)).not.toContain(String(contact));
  });
});
