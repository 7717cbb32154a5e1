import { afterEach, describe, expect, it } from "vitest";
import type { Channel } from "../../../src/app/ports-channel.ts";
import { openTelegram } from "../../../src/channels/telegram/channel.ts";
import type { Button, Message } from "../../../src/core/nouns/message.ts";
import { keepingLog } from "../../logs.ts";
import { type BotApi, startBotApi } from "../../stand-ins/bot-api.ts";
import { type Call, clock, emptyProfile, keepingTransport, message, outgoing, tapped } from "./given.ts";

function open(answer?: (call: Call, count: number) => unknown) {
  const { calls, transport } = keepingTransport(answer);
  const log = keepingLog();
  const channel = openTelegram({
    id: "playground/telegram",
    token: "1000001:example",
    profile: emptyProfile,
    log,
    clock,
    transport,
  });
  return { channel, calls, log };
}

const yes: Button = { id: "q1w2:yes", label: "Yes" };
const no: Button = { id: "q1w2:no", label: "No" };
const long: Button = { id: "q1w2:dk", label: "I am not sure about it" };
const back: Button = { id: "nav:back", label: "Back" };
const menu: Button = { id: "nav:menu", label: "Menu" };
const person: Button = { id: "nav:person", label: "A person" };

const inline = ({ id, label }: Button) => ({ text: label, callback_data: id });
const html = (text: string, rows?: readonly (readonly Button[])[]) => ({
  chat_id: 4400001,
  text,
  parse_mode: "HTML",
  link_preview_options: { is_disabled: true },
  ...(rows === undefined ? {} : { reply_markup: { inline_keyboard: rows.map((row) => row.map(inline)) } }),
});

describe("a message becomes", () => {
  it.each<readonly [string, Message, object]>([
    ["its text", message(["Hello."]), html("Hello.")],
    [
      "parts with a blank line between, heading bold and note italic",
      message([{ style: "heading", text: "Fees" }, "Today.", { style: "note", text: "As of May." }]),
      html("<b>Fees</b>\n\nToday.\n\n<i>As of May.</i>"),
    ],
    [
      "escaped text, whatever it looks like",
      message([{ style: "heading", text: "<b>1 & 2</b>" }, "a &lt; b \"quoted\" 'so' *not* _this_"]),
      html("<b>&lt;b&gt;1 &amp; 2&lt;/b&gt;</b>\n\na &amp;lt; b \"quoted\" 'so' *not* _this_"),
    ],
    ["nothing for a part with nothing to see", message(["One", " \n\u200f", "Two"]), html("One\n\nTwo")],
    ["short answers side by side", message(["Sure?"], [yes, no]), html("Sure?", [[yes, no]])],
    [
      "long answers one a row, ways out in one",
      message(["Sure?"], [yes, no, long, yes, long], [back, person, menu]),
      html("Sure?", [[yes, no], [long], [yes], [long], [back, person, menu]]),
    ],
    ["ways out alone", message(["So."], [], [menu]), html("So.", [[menu]])],
  ])("%s", async (_, given, expected) => {
    const { channel, calls } = open();
    await channel.send(outgoing({ message: given }));
    expect(calls).toEqual([{ method: "sendMessage", payload: expected }]);
  });

  it.each([
    [16, [[0, 1]]],
    [17, [[0], [1]]],
  ])("two labels of %i units in rows %j", async (units, rows) => {
    const buttons = [0, 1].map((at) => ({ id: `b${at}`, label: "x".repeat(units) }));
    const { channel, calls } = open();
    await channel.send(outgoing({ message: message(["?"], buttons) }));
    const shown = rows.map((row) => row.flatMap((at) => buttons[at] ?? []));
    expect(calls[0]?.payload).toEqual(html("?", shown));
  });
});

describe("what cannot be sent is refused without a call", () => {
  it.each<readonly [string, Message, string, string]>([
    ["nothing to see", message([" ", "\u200f\u2068"], [yes]), "4400001", "text-empty"],
    ["no parts", message([]), "4400001", "text-empty"],
    [
      "a button id of 65 bytes",
      message(["?"], [{ id: `${"پ".repeat(32)}x`, label: "x" }]),
      "4400001",
      "button-too-long",
    ],
    [
      "a way out of 65 bytes",
      message(["?"], [], [{ id: "x".repeat(65), label: "x" }]),
      "4400001",
      "button-too-long",
    ],
    ["a blank label", message(["?"], [{ id: "x", label: " " }]), "4400001", "button-empty"],
    ["an empty id", message(["?"], [{ id: "", label: "x" }]), "4400001", "button-empty"],
    ["an address that is no chat", message(["?"]), "someone", "address"],
    ["an empty address", message(["?"]), "", "address"],
  ])("%s", async (_, given, address, reason) => {
    const { channel, calls } = open();
    expect(await channel.send(outgoing({ message: given, address }))).toEqual({ kind: "refused", reason });
    expect(calls).toEqual([]);
  });

  it("while 64 bytes are fine", async () => {
    const { channel, calls } = open();
    const outcome = await channel.send(
      outgoing({ message: message(["?"], [{ id: "پ".repeat(32), label: "x" }]) }),
    );
    expect(outcome).toMatchObject({ kind: "sent" });
    expect(calls).toHaveLength(1);
  });
});

describe("a message that is too long for one", () => {
  const first = "a".repeat(4000);
  const second = "b".repeat(4000);
  const parts = message([first, second, "The end."], [yes, no]);

  it("goes in pieces, the buttons on the last one", async () => {
    const { channel, calls } = open();
    const outcome = await channel.send(outgoing({ message: parts }));
    expect(calls.map(({ payload }) => payload)).toEqual([
      html(first),
      html(`${second}\n\nThe end.`, [[yes, no]]),
    ]);
    expect(outcome).toEqual({ kind: "sent", providerId: "2", hasKeyboard: true });
  });

  const slow = {
    ok: false,
    error_code: 429,
    description: "Too Many Requests: retry after 3",
    parameters: { retry_after: 3 },
  };

  it("goes on where it broke off when it is tried again", async () => {
    const { channel, calls } = open((_, count) => (count === 2 ? slow : undefined));
    const out = outgoing({ message: parts });
    expect(await channel.send(out)).toMatchObject({ kind: "retry-later", afterMs: 3000 });
    expect(await channel.send(out)).toMatchObject({ kind: "sent", hasKeyboard: true });
    expect(calls.map(({ payload }) => String(payload["text"])[0])).toEqual(["a", "b", "b"]);
  });

  it("begins again when it was made anew in between, and for another row", async () => {
    const { channel, calls } = open((_, count) => (count === 2 ? slow : undefined));
    await channel.send(outgoing({ message: parts }));
    await channel.send(outgoing({ id: 2, message: parts }));
    await channel.send(outgoing({ message: message(["c".repeat(4000), second]) }));
    expect(calls.map(({ payload }) => String(payload["text"])[0])).toEqual(["a", "b", "a", "b", "c", "b"]);
  });
});

type Running = { readonly api: BotApi; readonly channel: Channel };

describe("against the Bot API", () => {
  const cleanUp: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const clean of cleanUp.splice(0)) await clean();
  });

  async function start(): Promise<Running> {
    const api = await startBotApi();
    const channel = openTelegram({
      id: "telegram",
      token: api.token,
      apiRoot: `${api.url}/`,
      webhook: { url: "http://127.0.0.1:9/webhooks/telegram", secret: "s" },
      profile: emptyProfile,
      log: keepingLog(),
      clock,
    });
    cleanUp.push(channel.stop, api.close);
    return { api, channel };
  }

  it("the next question takes the buttons off the last one, and nothing else is called", async () => {
    const { api, channel } = await start();
    const someone = api.person(4400001);
    const asked = await channel.send(outgoing({ message: message(["Sure?"], [yes, no]) }));
    if (asked.kind !== "sent") throw new Error(asked.kind);
    expect(asked.hasKeyboard).toBe(true);
    await channel.send(
      outgoing({ id: 2, message: message(["Very?"], [yes]), openKeyboard: asked.providerId }),
    );
    await api.waitFor(() => api.ledger.of("editMessageReplyMarkup").length === 1, "the tidying");
    expect(someone.messages().map(({ text, keyboard }) => [text, keyboard.flat().length])).toEqual([
      ["Sure?", 0],
      ["Very?", 1],
    ]);
    expect(api.ledger.calls.map(({ method }) => method)).toEqual([
      "sendMessage",
      "sendMessage",
      "editMessageReplyMarkup",
    ]);
  });

  it("buttons that a tap used up go as well, where they are not those of the question", async () => {
    const { api, channel } = await start();
    const someone = api.person(4400001);
    const ids: string[] = [];
    for (const text of ["Sure?", "A reminder", "Something else"]) {
      const given = await channel.send(outgoing({ message: message([text], [yes]) }));
      if (given.kind === "sent") ids.push(given.providerId);
    }
    const [openKeyboard, spent] = ids;
    await channel.send(outgoing({ id: 4, message: message(["Done. Sure?"], [yes]), openKeyboard, spent }));
    await channel.send(
      outgoing({ id: 5, message: message(["Done."]), openKeyboard: undefined, spent: ids[2] }),
    );
    await channel.stop();
    expect(someone.messages().map(({ text, keyboard }) => [text, keyboard.length])).toEqual([
      ["Sure?", 0],
      ["A reminder", 0],
      ["Something else", 0],
      ["Done. Sure?", 1],
      ["Done.", 0],
    ]);
    expect(api.ledger.of("editMessageReplyMarkup")).toHaveLength(3);
  });

  it("of two on their way to one chat, each takes the buttons that it answers", async () => {
    const { api, channel } = await start();
    const someone = api.person(4400001);
    const ids: string[] = [];
    for (const text of ["Sure?", "Everything?"]) {
      const given = await channel.send(outgoing({ message: message([text], [yes]) }));
      if (given.kind === "sent") ids.push(given.providerId);
    }
    const [openKeyboard, spent] = ids;
    // As the question of a deletion and its receipt, where the platform shows the one and its answer is slow.
    await Promise.all([
      channel.send(outgoing({ id: 3, message: message(["Very?"]), openKeyboard })),
      channel.send(outgoing({ id: 4, contact: 4, message: message(["Gone."]), spent })),
    ]);
    await channel.stop();
    expect(someone.messages().map(({ keyboard }) => keyboard.length)).toEqual([0, 0, 0, 0]);
    expect(api.ledger.of("editMessageReplyMarkup")).toHaveLength(2);
  });

  it("the buttons stay while the next question has not gone out", async () => {
    const { api, channel } = await start();
    const someone = api.person(4400001);
    const asked = await channel.send(outgoing({ message: message(["Sure?"], [yes]) }));
    if (asked.kind !== "sent") throw new Error(asked.kind);
    api.faults.push({ method: "sendMessage", times: 1, do: { kind: "500" } });
    await channel.send(outgoing({ id: 2, message: message(["Very?"]), openKeyboard: asked.providerId }));
    await channel.stop();
    expect(someone.messages()[0]?.keyboard).toHaveLength(1);
  });

  it.each(["1", "99", "not a number"])(
    "buttons that are gone already (message %s) do no harm",
    async (openKeyboard) => {
      const { api, channel } = await start();
      api.person(4400001);
      await channel.send(outgoing({ message: message(["Without buttons."]) }));
      const outcome = await channel.send(outgoing({ id: 2, message: message(["Next."]), openKeyboard }));
      expect(outcome).toMatchObject({ kind: "sent" });
      await channel.stop();
    },
  );

  it("buttons go with the answer to the webhook while the next question is on its way", async () => {
    const { api, channel } = await start();
    api.person(4400001);
    const asked = await channel.send(outgoing({ message: message(["Sure?"], [yes]) }));
    if (asked.kind !== "sent") throw new Error(asked.kind);
    const next = outgoing({ id: 2, message: message(["Very?"], [yes]), openKeyboard: asked.providerId });
    const sending = channel.send(next);
    const [first, again] = [channel.settle?.(tapped("17")), channel.settle?.(tapped(undefined))];
    expect(JSON.parse(first?.body ?? "")).toEqual({
      method: "editMessageReplyMarkup",
      chat_id: 4400001,
      message_id: Number(asked.providerId),
    });
    expect(again).toBeUndefined();
    expect(await sending).toMatchObject({ kind: "sent" });
    expect(channel.settle?.(tapped(undefined))).toBeUndefined();
    await channel.stop();
    expect(api.ledger.of("editMessageReplyMarkup")).toEqual([]);
  });

  it("buttons that went with an answer go once more, unharmed, where their next question took two tries", async () => {
    const { api, channel } = await start();
    const someone = api.person(4400001);
    const asked = await channel.send(outgoing({ message: message(["Sure?"], [yes]) }));
    if (asked.kind !== "sent") throw new Error(asked.kind);
    const next = outgoing({ id: 2, message: message(["Very?"], [yes]), openKeyboard: asked.providerId });
    api.faults.push({ method: "sendMessage", times: 1, do: { kind: "500" } });
    const sending = channel.send(next);
    expect(channel.settle?.(tapped(undefined))?.body).toContain("editMessageReplyMarkup");
    expect(await sending).not.toMatchObject({ kind: "sent" });
    expect(channel.settle?.(tapped(undefined))).toBeUndefined();
    expect(await channel.send(next)).toMatchObject({ kind: "sent" });
    await channel.stop();
    expect(someone.messages().map(({ keyboard }) => keyboard.length)).toEqual([0, 1]);
  });

  it("a tap alone is answered by the answer to the webhook", async () => {
    const { api, channel } = await start();
    const someone = api.person(4400001);
    await channel.send(outgoing({ message: message(["Sure?"], [yes]) }));
    const query = someone.tap("latest", "Yes");
    expect(channel.settle?.(tapped(query))).toEqual({
      contentType: "application/json",
      body: JSON.stringify({ method: "answerCallbackQuery", callback_query_id: query }),
    });
    expect(channel.settle?.(tapped(undefined))).toBeUndefined();
    await channel.stop();
    expect(api.ledger.of("answerCallbackQuery")).toEqual([]);
  });
});

describe("without a webhook", () => {
  it("taps and answered buttons are calls of their own", async () => {
    const { channel, calls } = open();
    const sending = channel.send(outgoing({ message: message(["Very?"]), openKeyboard: "12" }));
    expect(channel.settle?.(tapped("17"))).toBeUndefined();
    expect(channel.settle?.(tapped(undefined))).toBeUndefined();
    await sending;
    await channel.stop();
    expect(calls.map(({ method, payload }) => [method, payload])).toEqual([
      ["sendMessage", html("Very?")],
      ["answerCallbackQuery", { callback_query_id: "17" }],
      ["editMessageReplyMarkup", { chat_id: 4400001, message_id: 12 }],
    ]);
  });
});
