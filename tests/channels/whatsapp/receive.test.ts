import { readFileSync } from "node:fs";
import fc from "fast-check";
import twilio from "twilio";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Channel, WebhookRequest } from "../../../src/app/ports-channel.ts";
import { openWhatsApp } from "../../../src/channels/whatsapp/channel.ts";
import { keepingLog } from "../../logs.ts";
import { accountSid, authToken, from, keepingRecords, noon, publicUrl } from "./given.ts";

const fixtures = z.array(
  z.object({
    name: z.string(),
    path: z.string(),
    query: z.string(),
    form: z.record(z.string(), z.string()),
    expect: z.union([z.string(), z.number(), z.record(z.string(), z.unknown())]),
  }),
);
type Fixture = z.infer<typeof fixtures>[number];

function read(name: string): readonly Fixture[] {
  return fixtures.parse(
    JSON.parse(readFileSync(new URL(`../../fixtures/whatsapp/${name}.json`, import.meta.url), "utf8")),
  );
}

function open(about: { readonly playground?: boolean; readonly publicUrl?: string } = {}): Channel {
  return openWhatsApp({
    id: about.playground === true ? "playground/whatsapp" : "whatsapp",
    accountSid,
    authToken,
    from,
    publicUrl: about.publicUrl ?? publicUrl,
    transport: () => Promise.reject(new Error("nothing is sent here")),
    records: keepingRecords(),
    templates: [],
    log: keepingLog(),
    clock: { now: () => noon },
  });
}

const channel = open();

type Asked = Pick<Fixture, "path" | "query" | "form">;

function signature({ path, query, form }: Asked, url = publicUrl): string {
  return twilio.getExpectedTwilioSignature(
    authToken,
    `${url}${path}${query === "" ? "" : `?${query}`}`,
    form,
  );
}

function signed(asked: Asked, headers: WebhookRequest["headers"] = {}): WebhookRequest {
  return {
    path: asked.path,
    query: asked.query,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "x-twilio-signature": signature(asked),
      ...headers,
    },
    body: new URLSearchParams(asked.form).toString(),
  };
}

function expectation(given: Fixture["expect"], make: (fields: object) => object): object {
  if (typeof given === "number") return { kind: "refused", httpStatus: given };
  return typeof given === "string" ? { kind: given } : make(given);
}

describe("what a person sends", () => {
  it.each(read("inbound"))("$name", (fixture) => {
    const expected = expectation(fixture.expect, (fields) => ({
      kind: "inbound",
      inbound: {
        channel: "whatsapp",
        externalId: fixture.form["MessageSid"],
        languageHint: undefined,
        opensWindow: true,
        tappedMessage: undefined,
        tapId: undefined,
        ...fields,
      },
    }));
    const received = channel.receive(signed(fixture));
    if (received.kind === "refused") expect(received).toMatchObject(expected);
    else expect(received).toStrictEqual(expected);
  });

  it("is answered with empty TwiML", () => {
    expect(channel.answer).toStrictEqual({ contentType: "text/xml", body: "<Response/>" });
  });
});

describe("a delivery report", () => {
  it.each(read("statuses"))("$name", (fixture) => {
    const expected = expectation(fixture.expect, (fields) => ({
      kind: "status",
      status: { channel: "whatsapp", providerId: fixture.form["MessageSid"], failure: undefined, ...fields },
    }));
    const received = channel.receive(signed(fixture));
    if (received.kind === "status") {
      const { outbox, ...rest } = received.status;
      expect({ kind: "status", status: { ...rest, outbox: outbox ?? null } }).toStrictEqual(expected);
    } else expect(received).toMatchObject(expected);
  });

  it.each(read("statuses"))("on a part that more follows says only that it failed: $name", (fixture) => {
    const whole = channel.receive(signed(fixture));
    const part = channel.receive(signed({ ...fixture, query: `${fixture.query}&more=1` }));
    const counts = whole.kind !== "status" || whole.status.status === "failed";
    expect(part).toEqual(counts ? whole : { kind: "ignored" });
  });
});

const asked: Asked = {
  path: "/webhooks/whatsapp",
  query: "",
  form: {
    MessageSid: `SM${"1".repeat(32)}`,
    AccountSid: accountSid,
    From: "whatsapp:+93700000001",
    NumMedia: "0",
    Body: "سلام + & = % «hello» 🦋",
  },
};

describe("the signature", () => {
  it("is one that Twilio's own description gives as an example", () => {
    const example = open({ publicUrl: "https://example.com" });
    const request = signed({ ...asked, query: "foo=1&bar=2" });
    const right = signature({ ...asked, query: "foo=1&bar=2" }, "https://example.com");
    const headers = { ...request.headers, "x-twilio-signature": right };
    expect(example.receive({ ...request, headers }).kind).toBe("inbound");
    expect(example.receive(request).kind).toBe("refused");
  });

  it.each<
    readonly [string, Partial<WebhookRequest> | ((request: WebhookRequest) => Partial<WebhookRequest>)]
  >([
    ["missing", (r) => ({ headers: { ...r.headers, "x-twilio-signature": undefined } })],
    ["empty", (r) => ({ headers: { ...r.headers, "x-twilio-signature": "" } })],
    ["of another length", (r) => ({ headers: { ...r.headers, "x-twilio-signature": "c2lnbmF0dXJl" } })],
    [
      "another token's",
      (r) => ({
        headers: {
          ...r.headers,
          "x-twilio-signature": twilio.getExpectedTwilioSignature(
            "other",
            `${publicUrl}${asked.path}`,
            asked.form,
          ),
        },
      }),
    ],
    [
      "for http",
      (r) => ({
        headers: { ...r.headers, "x-twilio-signature": signature(asked, "http://bot.example.org") },
      }),
    ],
    [
      "for another host",
      (r) => ({
        headers: {
          ...r.headers,
          host: "evil.example",
          "x-forwarded-host": "evil.example",
          "x-twilio-signature": signature(asked, "https://evil.example"),
        },
      }),
    ],
    ["for the other path", { path: "/webhooks/whatsapp/status" }],
    ["for another query", { query: "o=1" }],
    ["with one parameter more", (r) => ({ body: `${r.body}&Extra=1` })],
    ["with a trimmed parameter", (r) => ({ body: r.body.replace("NumMedia=0", "NumMedia=") })],
    ["with a parameter twice", (r) => ({ body: `${r.body}&Body=other` })],
  ])("is refused when %s", (_name, change) => {
    const request = signed(asked);
    const changed = { ...request, ...(typeof change === "function" ? change(request) : change) };
    expect(channel.receive(changed)).toMatchObject({ kind: "refused", httpStatus: 403 });
  });

  it("does not care what the request says of its host", () => {
    const request = signed(asked, { host: "10.0.0.1:3000", "x-forwarded-proto": "http" });
    expect(channel.receive(request).kind).toBe("inbound");
  });

  it("is checked on the public URL with its own path and a slash at its end", () => {
    const below = open({ publicUrl: "https://host.example/bot/" });
    const headers = { "x-twilio-signature": signature(asked, "https://host.example/bot") };
    expect(below.receive(signed(asked, headers)).kind).toBe("inbound");
  });

  it("takes the query with its question mark as without", () => {
    const request = signed({ ...asked, query: "a=1" });
    expect(channel.receive({ ...request, query: "?a=1" }).kind).toBe("inbound");
  });

  it("is not asked for where posts come from inside the process", () => {
    const request = { ...signed(asked), headers: {} };
    expect(open({ playground: true }).receive(request)).toMatchObject({
      kind: "inbound",
      inbound: { channel: "playground/whatsapp" },
    });
    expect(channel.receive(request)).toMatchObject({ kind: "refused", httpStatus: 403 });
  });

  it.each<readonly [string, Partial<WebhookRequest>]>([
    ["JSON", { headers: { "content-type": "application/json" }, body: "{}" }],
    ["nothing", { body: "" }],
  ])("cannot be on what is no form: %s", (_name, change) => {
    expect(channel.receive({ ...signed(asked), ...change })).toMatchObject({
      kind: "refused",
      httpStatus: 400,
    });
  });

  it("holds against every change of a character in the form, the path, the query or itself", () => {
    const original = signed({ ...asked, query: "o=1234" });
    const texts = {
      body: original.body,
      path: original.path,
      query: original.query,
      signature: original.headers["x-twilio-signature"] ?? "",
    };
    // What Twilio signs: names and values in a row, without anything between them.
    const run = (text: string) =>
      [...new URLSearchParams(text)]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flat()
        .join("");
    fc.assert(
      fc.property(
        fc.constantFrom("body", "path", "query", "signature"),
        fc.nat(),
        fc.string({ unit: "binary-ascii", maxLength: 2 }),
        (where, position, put) => {
          const text = texts[where];
          const at = position % text.length;
          const changed = `${text.slice(0, at)}${put}${text.slice(at + 1)}`;
          fc.pre(changed !== text);
          // The scheme itself cannot tell `NumMedia=0` from `NumMedia0=`.
          fc.pre(where === "path" || where === "signature" || run(changed) !== run(text));
          const received = channel.receive({
            ...original,
            ...(where === "signature"
              ? { headers: { ...original.headers, "x-twilio-signature": changed } }
              : { [where]: changed }),
          });
          expect(received).toMatchObject({ kind: "refused" });
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("never makes it throw, whatever comes", () => {
    const text = fc.string({ unit: "binary", maxLength: 80 });
    fc.assert(
      fc.property(text, text, text, text, (path, query, body, given) => {
        const headers = { "x-twilio-signature": given };
        expect(channel.receive({ path, query, body, headers }).kind).toBe("refused");
      }),
    );
  });
});
