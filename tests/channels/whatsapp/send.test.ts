import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  buttons,
  from,
  message,
  noon,
  openWorld,
  outgoing,
  publicUrl,
  started,
  to,
  type World,
  ways,
} from "./given.ts";

type Fault = Parameters<World["twilio"]["faults"]["push"]>[0]["do"];

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const minute = 60_000;
const hour = 60 * minute;
const callback = `${publicUrl}/webhooks/whatsapp/status?o=4503599627370496#rc=3&rp=5xx,ct,rt`;
const yesNo = message({ buttons: buttons("Yes", "No") });
const forms = () => world.twilio.ledger.messages.map(({ form }) => form);
const sids = () => world.twilio.ledger.messages.map(({ sid }) => sid);
const shown = () => world.twilio.person(to).messages();
const long = message({
  parts: [
    {
      style: "text",
      text: [...Array.from({ length: 3 }, () => "Sentence. ".repeat(100).trim()), "Is that right?"].join(
        "\n\n",
      ),
    },
  ],
  buttons: buttons("Yes", "No"),
});

describe("what leaves for Twilio", () => {
  it("is one form with the text, the addresses and where to report", async () => {
    const outcome = await world.channel.send(outgoing());
    expect(forms()).toStrictEqual([
      { To: to, From: from, StatusCallback: callback, Body: "Are you outside the U.S.?" },
    ]);
    expect(outcome).toStrictEqual({ kind: "sent", providerId: sids()[0], hasKeyboard: false });
  });

  it("is spoken for by the reports on its last form", async () => {
    await started(world);
    expect(await world.channel.send(outgoing({ message: long }))).toMatchObject({ kind: "sent" });
    const callbacks = forms().map((form) => form["StatusCallback"]);
    expect(callbacks.length).toBeGreaterThan(1);
    const before = callback.replace("#", "&more=1#");
    expect(callbacks).toEqual([...callbacks.slice(1).map(() => before), callback]);
  });

  it("names a record and its variables where there is something to tap", async () => {
    await started(world);
    const outcome = await world.channel.send(outgoing({ message: yesNo }));
    expect(forms()).toStrictEqual([
      {
        To: to,
        From: from,
        StatusCallback: callback,
        ContentSid: world.records.kept.get("parwana_quick_reply_2"),
        ContentVariables: JSON.stringify({
          1: "Are you outside the U.S.?",
          2: "Yes",
          3: "x:0",
          4: "No",
          5: "x:1",
        }),
      },
    ]);
    expect(outcome).toStrictEqual({ kind: "sent", providerId: sids()[0], hasKeyboard: false });
    expect(
      shown()
        .at(-1)
        ?.buttons.map(({ title, id }) => [title, id]),
    ).toStrictEqual([
      ["Yes", "x:0"],
      ["No", "x:1"],
    ]);
  });

  it("shows a list as Twilio fills it in", async () => {
    await started(world);
    const list = message({ buttons: buttons(..."abcdefgh"), nav: ways("Back", "Menu") });
    await world.channel.send(outgoing({ message: list }));
    expect(shown().at(-1)).toMatchObject({ body: "Are you outside the U.S.?", listButton: "Choose" });
    expect(
      shown()
        .at(-1)
        ?.rows.map(({ title, id }) => `${title} ${id}`)
        .slice(-3),
    ).toStrictEqual(["h x:7", "Back nav:0", "Menu nav:1"]);
    expect(world.twilio.ledger.messages.map(({ failure }) => failure)).toStrictEqual([undefined]);
  });

  it("goes to a business-scoped id like to a number", async () => {
    const person = world.twilio.person("whatsapp:AF.Ab12Cd34");
    person.say("hello");
    await world.channel.send(outgoing({ address: person.address }));
    expect(person.messages()).toHaveLength(1);
  });

  it("is a text and then its last line with the buttons where the text has line breaks", async () => {
    await started(world);
    const outcome = await world.channel.send(outgoing({ message: long }));
    expect(shown().map(({ body, buttons: taps }) => [body.length, taps.length])).toStrictEqual([
      [999, 0],
      [999, 0],
      [999, 0],
      [14, 2],
    ]);
    expect(outcome).toMatchObject({ kind: "sent", providerId: sids().at(-1), hasKeyboard: false });
  });

  it("is a numbered menu while records are missing", async () => {
    const outcome = await world.channel.send(outgoing({ message: yesNo }));
    expect(shown().at(-1)?.body).toBe("Are you outside the U.S.?\n\n1. Yes\n2. No");
    expect(outcome).toMatchObject({ kind: "sent", hasKeyboard: false });
  });

  it("becomes a numbered menu at once when Twilio no longer knows the record, which is made anew", async () => {
    await started(world);
    failAfter(world, 3, { kind: "refuse", code: 21655 });
    const outcome = await world.channel.send(outgoing({ message: long }));
    expect(outcome).toMatchObject({ kind: "sent", hasKeyboard: false });
    expect(shown()).toHaveLength(4);
    expect(shown().at(-1)?.body).toBe("Is that right?\n\n1. Yes\n2. No");
    world.pauses.end();
    await world.pauses.begun(2);
    await world.channel.send(outgoing({ id: 2, message: yesNo }));
    expect(shown().at(-1)?.buttons).toHaveLength(2);
  });

  it.each<readonly [string, Parameters<typeof outgoing>[0], string]>([
    ["an address of another channel", { address: "+93700000001" }, "address"],
    ["a message with nothing to see", { message: message({ parts: [] }) }, "text-empty"],
  ])("is nothing for %s", async (_name, about, reason) => {
    expect(await world.channel.send(outgoing(about))).toStrictEqual({ kind: "refused", reason });
    expect(forms()).toHaveLength(0);
  });
});

describe("the reply window", () => {
  const edge = 23 * hour + 50 * minute;

  it.each<readonly [string, number | undefined, number, string]>([
    ["a millisecond before its end", noon, noon + edge - 1, "now"],
    ["at its end", noon, noon + edge, "by-template"],
    ["for someone who never wrote", undefined, noon, "by-template"],
    ["with a clock that went back", noon + hour, noon, "now"],
  ])("%s", async (_name, lastInbound, now, reach) => {
    await approveAll(world);
    world.at(now);
    expect(world.channel.reach("en", lastInbound, now)).toBe(reach);
    const outcome = await world.channel.send(outgoing({ lastInbound }));
    expect(outcome.kind).toBe(reach === "now" ? "sent" : "announced");
  });

  it("is closed where no template may speak", async () => {
    await started(world);
    expect(world.channel.reach("en", undefined, noon)).toBe("window-closed");
    expect(await world.channel.send(outgoing({ lastInbound: undefined }))).toStrictEqual({
      kind: "window-closed",
      reason: "no-template",
    });
    expect(forms()).toHaveLength(0);
  });

  it("is announced by the organisation's name in a broadcast, by nothing at all in a nudge", async () => {
    await approveAll(world);
    world.at(noon + 30 * hour);
    const bulk = outgoing({ lane: "bulk", organisation: "Legal Aid\n of *Kabul*" });
    expect(await world.channel.send(bulk)).toStrictEqual({ kind: "announced", providerId: sids()[0] });
    await world.channel.send(outgoing({ lane: "nudge" }));
    expect(shown().map(({ body }) => body)).toStrictEqual([
      "There is a message from Legal Aid of ＊Kabul＊ for you. Reply to read it.",
      "There is a message for you. Reply to read it.",
    ]);
  });

  it("stays closed when Twilio no longer knows the template: the message waits", async () => {
    await approveAll(world);
    failAfter(world, 0, { kind: "refuse", code: 21655 });
    const outcome = await world.channel.send(outgoing({ lastInbound: undefined }));
    expect(outcome).toStrictEqual({ kind: "window-closed", reason: "template-gone" });
  });

  it.each<readonly [string, Parameters<typeof outgoing>[0]]>([
    ["a language without a template", { message: message({ language: "ps" }) }],
    ["a broadcast no organisation speaks in", { lane: "bulk" }],
  ])("stays closed for %s", async (_name, about) => {
    await approveAll(world);
    const outcome = await world.channel.send(outgoing({ lastInbound: undefined, ...about }));
    expect(outcome.kind).toBe("window-closed");
  });
});

/** Lets WhatsApp approve every template, and the channel learn of it. */
async function approveAll({ twilio, records, pauses, channel }: World): Promise<void> {
  await channel.start(async () => undefined);
  await pauses.begun(1);
  for (const [name, sid] of records.kept)
    if (/^parwana_(broadcast|nudge)_[a-z_]+_[0-9a-f]+$/.test(name)) twilio.approve(sid);
  pauses.end();
  await pauses.begun(2);
}

describe("a call that fails", () => {
  it.each<readonly [string, Fault, object]>([
    ["429", { kind: "429" }, { kind: "retry-later", scope: "channel" }],
    ["500", { kind: "500" }, { kind: "unknown" }],
    ["a gateway's page", { kind: "html-body" }, { kind: "unknown" }],
    ["a connection cut before the message was taken", { kind: "drop-before" }, { kind: "unknown" }],
    ["a connection cut after it", { kind: "drop-after" }, { kind: "unknown" }],
    ["63018", { kind: "refuse", code: 63018 }, { kind: "retry-later", scope: "contact" }],
    ["63016", { kind: "refuse", code: 63016 }, { kind: "window-closed" }],
    ["21610", { kind: "refuse", code: 21610 }, { kind: "contact-stopped" }],
    ["21211", { kind: "refuse", code: 21211 }, { kind: "refused", reason: "twilio-21211" }],
    [
      "a wrong token",
      { kind: "refuse", code: 20003, status: 401 },
      { kind: "retry-later", scope: "channel" },
    ],
  ])("with %s is made once and becomes an outcome", async (_name, fault, expected) => {
    world.twilio.faults.push({ method: "messages.create", times: 1, do: fault });
    expect(await world.channel.send(outgoing())).toMatchObject(expected);
    expect(world.twilio.faults.left()).toBe(0);
    expect(forms().length).toBe(fault.kind === "drop-after" ? 1 : 0);
  });

  it("did not leave where Twilio cannot be reached", async () => {
    const lost = await openWorld({ apiRoot: "http://127.0.0.1:1" });
    expect(await lost.channel.send(outgoing())).toMatchObject({ kind: "retry-later", scope: "channel" });
    await lost.close();
  });

  it("is gone on with where it stopped, without what has arrived", async () => {
    await started(world);
    failAfter(world, 2, { kind: "429" });
    expect((await world.channel.send(outgoing({ message: long }))).kind).toBe("retry-later");
    expect(shown()).toHaveLength(2);
    expect((await world.channel.send(outgoing({ message: long }))).kind).toBe("sent");
    expect(shown()).toHaveLength(4);
    expect((await world.channel.send(outgoing({ message: long }))).kind).toBe("sent");
    expect(shown()).toHaveLength(8);
  });

  it("says nothing of the message, the person or the token in any log line", async () => {
    world.twilio.faults.push({ method: "content.create", times: 30, do: { kind: "refuse", code: 20001 } });
    await started(world);
    world.twilio.faults.clear();
    world.twilio.faults.push({ method: "messages.create", times: 1, do: { kind: "500" } });
    await world.channel.send(outgoing());
    expect(world.log.notes).not.toHaveLength(0);
    expect(JSON.stringify(world.log.notes)).not.toMatch(/93700000001|outside the U\.S|example-auth-token/);
  });
});

/** Lets `count` messages pass; the next meets the fault. */
function failAfter({ twilio }: World, count: number, fault: Fault): void {
  if (count > 0)
    twilio.faults.push({ method: "messages.create", times: count, do: { kind: "delay", ms: 0 } });
  twilio.faults.push({ method: "messages.create", times: 1, do: fault });
}

describe("delivery reports", () => {
  it("come to the URL that the message gave, and name its outbox row", async () => {
    world.twilio.person(to).block();
    await world.channel.send(outgoing());
    const [first] = forms();
    expect(new URL(first?.["StatusCallback"] ?? "").searchParams.get("o")).toBe("4503599627370496");
    expect(world.twilio.ledger.messages[0]?.failure).toBe(63014);
  });
});
