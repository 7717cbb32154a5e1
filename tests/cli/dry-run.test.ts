import { afterEach, expect, it, vi } from "vitest";
import { approveTemplates, openWorld, type World, whatsappAt } from "../system/world.ts";
import { Workplace } from "./command.ts";
import { subscribe } from "./subscribers.ts";

// Each command is a process of its own, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 120_000 });

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const day = 24 * 60 * 60 * 1000;
const reader = { channel: "whatsapp", language: "en", state: "active" } as const;
const audience = [
  { ...reader, lastInbound: Date.now() },
  { ...reader, lastInbound: Date.now() - 9 * day },
  { ...reader, language: "es", lastInbound: Date.now() - 9 * day },
];

/** What a dry run says on the data of a world whose server is stopped. */
async function dryRun({ environment }: World) {
  const place = new Workplace(environment);
  closing.push(() => place.remove());
  const args = ["broadcast", "send", "--org", "helpline", "--topic", "news", "--text", "en=Closed."];
  return place.run([...args, "--dry-run"]);
}

/** Lets a server find out what became of the templates, and stops it. */
async function askedAbout(world: World, wanted: string): Promise<void> {
  const found = () =>
    world.log.notes.some(
      ({ event, fields }) => event === "whatsapp.template" && JSON.stringify(fields).includes(wanted),
    );
  await world.start();
  await vi.waitUntil(found, { timeout: 30_000, interval: 50 });
  await world.stop();
}

it("without a server counts by template whom the last one found to be reachable so", async () => {
  const world = await openWorld({ whatsapp: true });
  closing.push(world.close);
  await world.ask({ command: "org add", id: "helpline", name: "Helpline" });
  await world.ask({ command: "topic add", organisation: "helpline", topic: "news", titles: { en: "News" } });
  await world.stop();
  await subscribe(world.environment, "helpline/news", audience);
  await askedAbout(world, "_nudge_es_");
  expect(await dryRun(world)).toMatchObject({
    stdout: expect.stringMatching(/^whatsapp +1 +0 +window-closed 2 +1$/m),
    stderr: "",
  });
  await approveTemplates(world.twilio, /_broadcast_en_/);
  await askedAbout(world, "approved");
  expect(await dryRun(world)).toMatchObject({
    stdout: expect.stringMatching(/^whatsapp +1 +1 +window-closed 1 +1$/m),
    stderr: "",
  });
});

it("says so where no server has found it out yet", async () => {
  const world = await openWorld();
  closing.push(world.close);
  await world.ask({ command: "org add", id: "helpline", name: "Helpline" });
  await world.ask({ command: "topic add", organisation: "helpline", topic: "news", titles: { en: "News" } });
  await world.stop();
  const environment = { ...world.environment, ...whatsappAt(world.twilio) };
  await subscribe(environment, "helpline/news", audience);
  expect(await dryRun({ ...world, environment })).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^whatsapp +1 +0 +template-unknown 2 +1$/m),
    stderr: expect.stringMatching(/^template-unknown: nobody has yet asked WhatsApp .*\n$/),
  });
});
