import type { Tidings } from "../../app/ports-together.ts";
import { channels } from "../schema/codes.ts";
import type { Statement } from "./connection.ts";

/** What processes tell one another through the database. A lost one costs time, never truth: each is looked up again, too. */
export const listen: Statement = { name: "listen", text: "LISTEN parwana" };
export const tell: Statement = { name: "tell", text: "SELECT pg_notify('parwana', $1)" };

/** What is sent: `from` is the sender's id, who knows it already (except that rows wait: that concerns its queue, too). */
export function payloadOf(from: number, tidings: Tidings): string {
  return JSON.stringify({ from, ...tidings });
}

/** What was heard; undefined where it is our own, or nothing that this version knows. */
export function tidingsFrom(payload: string | undefined, me: number): Tidings | undefined {
  const read: unknown = JSON.parse(payload ?? "null");
  if (typeof read !== "object" || read === null || !("kind" in read)) return undefined;
  if (read.kind === "waiting") return { kind: "waiting" };
  if ("from" in read && read.from === me) return undefined;
  return aboutOthers({ ...read, kind: read.kind });
}

type Heard = { readonly kind: unknown; readonly [field: string]: unknown };

function aboutOthers(heard: Heard): Tidings | undefined {
  const { kind } = heard;
  const number = (field: string): number | undefined => {
    const value = heard[field];
    return typeof value === "number" ? value : undefined;
  };
  if (kind === "topics") return { kind };
  const contact = number("contact");
  if (kind === "dropped" && contact !== undefined) return { kind, contact };
  const outbox = number("outbox");
  if (kind === "reported" && outbox !== undefined) return { kind, outbox };
  const forMs = number("forMs");
  const channel = Object.keys(channels).find((one) => one === heard["channel"]);
  if (kind === "held" && forMs !== undefined && isChannel(channel)) return { kind, channel, forMs };
  return undefined;
}

function isChannel(name: string | undefined): name is keyof typeof channels {
  return name !== undefined && Object.hasOwn(channels, name);
}
