import { hexadecimal, type Random } from "../wire/seeded.ts";
import { isObject, type Payload, unknownKey } from "../wire/shapes.ts";
import { type Content, type Read, readTypes } from "./content-types.ts";
import { badCall, NOT_FOUND, type TwilioError } from "./errors.ts";
import { checkDefaults, readPlaceholders } from "./variables.ts";

export interface Approval {
  readonly name: string;
  readonly category: string;
  readonly status: "received" | "approved" | "rejected";
}

/** A Content record. */
export interface ContentRecord {
  readonly sid: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly friendlyName: string | null;
  readonly language: string;
  readonly variables: Payload;
  readonly types: Payload;
  readonly content: Content;
  readonly placeholders: readonly string[];
  readonly approval: Approval | undefined;
}

export interface ContentStore {
  readonly all: () => readonly ContentRecord[];
  readonly find: (sid: string) => ContentRecord | undefined;
  readonly create: (body: unknown) => ContentRecord | TwilioError;
  readonly remove: (sid: string) => boolean;
  /** Files the request for WhatsApp; Meta decides later (`decide`). */
  readonly requestApproval: (sid: string, body: unknown) => Approval | TwilioError;
  readonly decide: (sid: string, status: "approved" | "rejected") => void;
}

const CREATE_KEYS = new Set(["friendly_name", "language", "variables", "types"]);
const CATEGORIES = new Set(["UTILITY", "MARKETING", "AUTHENTICATION"]);

/** Gives an empty store. */
export function createContentStore(now: () => number, random: Random): ContentStore {
  const records = new Map<string, ContentRecord>();
  const rejectedNames = new Set<string>();
  return {
    all: () => [...records.values()],
    find: (sid) => records.get(sid),
    create(body) {
      const read = readRecord(body);
      if (read.kind === "wrong") return badCall(20001, read.reason);
      const record = { ...read.value, sid: `HX${hexadecimal(32, random)}`, createdAt: now() };
      records.set(record.sid, record);
      return record;
    },
    remove: (sid) => records.delete(sid),
    requestApproval(sid, body) {
      const record = records.get(sid);
      if (record === undefined) return NOT_FOUND;
      const read = readApproval(record, body, rejectedNames);
      if (read.kind === "wrong") return badCall(20001, read.reason);
      records.set(sid, { ...record, approval: read.value });
      return read.value;
    },
    decide(sid, status) {
      const record = records.get(sid);
      if (record?.approval === undefined) throw new Error(`no approval has been asked for ${sid}`);
      if (status === "rejected") rejectedNames.add(record.approval.name);
      records.set(sid, { ...record, approval: { ...record.approval, status } });
    },
  };
}

function readRecord(body: unknown): Read<Omit<ContentRecord, "sid" | "createdAt">> {
  if (!isObject(body)) return { kind: "wrong", reason: "the body is no JSON object" };
  const { friendly_name: friendlyName, language, variables, types } = body;
  const content = readTypes(types);
  if (content.kind === "wrong") return content;
  const placeholders = readPlaceholders(types);
  if (placeholders.kind === "wrong") return placeholders;
  const reason = checkHead(body) ?? checkDefaults(variables, placeholders.value);
  if (reason !== undefined) return { kind: "wrong", reason };
  return {
    kind: "read",
    value: {
      friendlyName: typeof friendlyName === "string" ? friendlyName : null,
      language: String(language),
      variables: isObject(variables) ? variables : {},
      types: isObject(types) ? types : {},
      content: content.value,
      placeholders: placeholders.value,
      approval: undefined,
    },
  };
}

function checkHead(body: Payload): string | undefined {
  const stranger = unknownKey(body, CREATE_KEYS);
  if (stranger !== undefined) return `unknown field "${stranger}"`;
  const { friendly_name: name, language } = body;
  if (typeof language !== "string" || !/^[a-z]{2,3}(_[A-Z]{2})?$/.test(language))
    return "language is not a code";
  return name === undefined || typeof name === "string" ? undefined : "friendly_name must be a string";
}

function readApproval(record: ContentRecord, body: unknown, rejected: ReadonlySet<string>): Read<Approval> {
  if (!isObject(body)) return { kind: "wrong", reason: "the body is no JSON object" };
  const { name, category } = body;
  if (typeof name !== "string" || !/^[a-z0-9_]{1,512}$/.test(name)) {
    return { kind: "wrong", reason: "name may have lower-case letters, digits and underscores only" };
  }
  if (typeof category !== "string" || !CATEGORIES.has(category))
    return { kind: "wrong", reason: "unknown category" };
  if (record.content.kind === "list-picker")
    return { kind: "wrong", reason: "a list picker cannot be approved" };
  if (rejected.has(name))
    return { kind: "wrong", reason: "the name of a rejected template cannot be used again" };
  return { kind: "read", value: { name, category, status: "received" } };
}
