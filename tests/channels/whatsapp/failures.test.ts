import { describe, expect, it } from "vitest";
import {
  failureFields,
  failureOf,
  failureOfCode,
  Throttled,
  UnreadableAnswer,
} from "../../../src/channels/whatsapp/failures.ts";

const minute = 60_000;

describe("Twilio's codes", () => {
  it.each<readonly [number, object]>([
    [21610, { kind: "contact-stopped" }],
    [63014, { kind: "contact-stopped" }],
    [63033, { kind: "contact-stopped" }],
    [63016, { kind: "window-closed" }],
    [20429, { kind: "retry-later", scope: "channel" }],
    [14107, { kind: "retry-later", scope: "channel" }],
    [63017, { kind: "retry-later", scope: "channel" }],
    [63018, { kind: "retry-later", scope: "contact" }],
    [30001, { kind: "retry-later", scope: "channel" }],
    [30008, { kind: "retry-later", scope: "contact" }],
    [63009, { kind: "retry-later", scope: "contact" }],
    [63012, { kind: "retry-later", scope: "contact" }],
    [63038, { kind: "retry-later", scope: "channel", afterMs: 60 * minute }],
    [20003, { kind: "retry-later", scope: "channel", afterMs: 5 * minute }],
    [63007, { kind: "retry-later", scope: "channel", afterMs: 5 * minute }],
    [20503, { kind: "retry-later", scope: "channel" }],
    [21211, { kind: "refused" }],
    [21614, { kind: "refused" }],
    [63003, { kind: "refused" }],
    [63013, { kind: "refused" }],
    [63024, { kind: "refused" }],
    [63032, { kind: "refused" }],
    [63049, { kind: "refused" }],
    [99999, { kind: "refused" }],
  ])("%i", (code, expected) => {
    expect(failureOfCode(code)).toMatchObject({ ...expected, reason: `twilio-${code}` });
  });
});

/** As both of the SDK's error classes look. */
function answered(status: number, code?: number): Error {
  return Object.assign(new Error("To +93700000001 is wrong"), { status, code });
}

describe("a call that failed", () => {
  it.each<readonly [string, unknown, object]>([
    ["with a known code", answered(400, 63016), { kind: "window-closed", reason: "twilio-63016" }],
    ["with an unknown code", answered(400, 12345), { kind: "refused", reason: "twilio-12345" }],
    ["without a code", answered(418), { kind: "refused", reason: "http-418" }],
    ["401", answered(401), { kind: "retry-later", scope: "channel", reason: "http-401" }],
    ["503", answered(503), { kind: "retry-later", scope: "channel", reason: "http-503" }],
    ["500: it may have been done", answered(500, 20500), { kind: "unknown", reason: "http-500" }],
    ["a gateway's page", answered(502), { kind: "unknown", reason: "http-502" }],
    ["429", new Throttled(undefined), { kind: "retry-later", scope: "channel", afterMs: undefined }],
    ["429 with a time", new Throttled(7), { kind: "retry-later", scope: "channel", afterMs: 7000 }],
    ["a success no one can read", new UnreadableAnswer(), { kind: "unknown" }],
    [
      "no connection",
      Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
      { kind: "retry-later", scope: "channel" },
    ],
    ["no name", Object.assign(new Error("x"), { syscall: "getaddrinfo" }), { kind: "retry-later" }],
    [
      "no connection, wrapped",
      new Error("x", { cause: Object.assign(new Error("y"), { code: "UND_ERR_CONNECT_TIMEOUT" }) }),
      { kind: "retry-later" },
    ],
    [
      "both addresses",
      new AggregateError([Object.assign(new Error("x"), { code: "ECONNREFUSED" })]),
      { kind: "retry-later" },
    ],
    ["broken after writing", Object.assign(new Error("x"), { code: "ECONNRESET" }), { kind: "unknown" }],
    [
      "no answer in time",
      Object.assign(new Error("x"), { code: "UND_ERR_HEADERS_TIMEOUT" }),
      { kind: "unknown" },
    ],
    ["something that is no error", "oh", { kind: "unknown" }],
  ])("%s", (_name, error, expected) => {
    expect(failureOf(error)).toMatchObject(expected);
  });

  it("is told of without Twilio's words, which can quote numbers", () => {
    expect(failureFields(answered(400, 21211))).toStrictEqual({ code: 21211, reason: "twilio-21211" });
  });
});
