import { afterEach, describe, expect, it, vi } from "vitest";
import { minute } from "../../../src/core/nouns/time.ts";
import { startTwilio, type Twilio } from "../../stand-ins/twilio.ts";
import { endAll, launchServer } from "../../system/process.ts";
import { account, drained, makePlace, openWorld, publicUrl } from "../../system/world.ts";

const address = "whatsapp:+93700000301";
/** Buttons need records; the server makes them in the background after it has started. */
const slowly = { timeout: 30_000, interval: 50 };

afterEach(endAll);

/** The outbox rows of which Twilio was handed the last message more than once, in whatever form: it reports under their ids. */
function twiceTaken({ ledger }: Twilio): readonly string[] {
  const reports = ledger.messages.map(({ form }) => form["StatusCallback"] ?? "");
  return reports.filter((url, at) => !url.includes("more=") && reports.indexOf(url) !== at);
}

describe("a message that Twilio may have taken, and never reports", () => {
  it.each(["drop-after", "drop-before"] as const)(
    "is with the person once after the server was started again (%s)",
    async (kind) => {
      await using world = Object.assign(
        await openWorld({ whatsapp: true, twilio: { tellsStatuses: false } }),
        {
          [Symbol.asyncDispose]: () => world.close(),
        },
      );
      const { twilio } = world;
      await vi.waitUntil(() => world.log.notes.some(({ event }) => event === "whatsapp.template"), slowly);
      twilio.faults.push({ method: "messages.create", chat: address, times: 1, do: { kind } });
      const person = twilio.person(address);
      person.say("hello");
      await twilio.waitFor(() => twilio.faults.left() === 0 && twilio.idle(), "the lost answer");
      expect(person.messages()).toHaveLength(kind === "drop-after" ? 1 : 0);
      await world.stop();
      world.time.forward(2 * minute);
      await world.start();
      await drained(world.url);
      expect(person.messages().length).toBeGreaterThan(0);
      expect(twiceTaken(twilio)).toEqual([]);
    },
  );

  it("is with the person once after a kill while Twilio was answering", async () => {
    const place = await makePlace();
    let latencyMs = 0;
    const twilio = await startTwilio({
      ...account,
      publicUrl,
      deliverTo: place.url,
      webhookUrl: `${publicUrl}/webhooks/whatsapp#rc=3&rp=5xx,ct,rt`,
      tellsStatuses: false,
      get latencyMs() {
        return latencyMs;
      },
    });
    const environment = {
      ...place.environment,
      LOG_LEVEL: "info",
      TWILIO_ACCOUNT_SID: account.accountSid,
      TWILIO_AUTH_TOKEN: account.authToken,
      TWILIO_WHATSAPP_FROM: account.from,
      TWILIO_API_ROOT: twilio.url,
      PUBLIC_URL: publicUrl,
    };
    try {
      const server = await launchServer({ environment });
      await vi.waitUntil(() => server.stderr().includes("whatsapp.template"), slowly);
      latencyMs = minute;
      const people = Array.from({ length: 10 }, (_, at) => twilio.person(`whatsapp:+9370000031${at}`));
      for (const person of people) person.say("hello");
      await twilio.waitFor(() => people.every((person) => person.messages().length > 0), "what is under way");
      await server.end("SIGKILL");
      latencyMs = 0;
      await launchServer({ environment });
      await drained(place.url);
      expect(twiceTaken(twilio)).toEqual([]);
      for (const person of people) expect(person.messages().length).toBeGreaterThan(0);
    } finally {
      await endAll();
      await twilio.close();
      place.remove();
    }
  });
});
