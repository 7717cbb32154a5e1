import { afterEach, expect, it, vi } from "vitest";
import { type App, meet, openApp, queue } from "./app-world.ts";
import { sent } from "./fake-channel.ts";

let app: App | undefined;
afterEach(async () => {
  await app?.end();
  app = undefined;
});

it("whether a message may still leave is asked last of all: what is waited for after the answer could make it old", async () => {
  const done: string[] = [];
  const opened = await openApp({
    around: (store) => ({
      ...store,
      contact: async (id) => {
        const row = await store.contact(id);
        done.push("read");
        return row;
      },
      together: {
        ...store.together,
        mayLeave: () => {
          done.push("asked");
          return true;
        },
      },
    }),
  });
  app = opened;
  const { telegram } = opened;
  const contact = await meet(opened, "ali");
  done.splice(0);
  telegram.behave = () => {
    done.push("sent");
    return sent();
  };
  await queue(opened, contact, [{ lane: "nudge", text: "soon" }]);
  await vi.waitUntil(() => done.includes("sent"));
  expect(done.slice(-3)).toEqual(["read", "asked", "sent"]);
});
