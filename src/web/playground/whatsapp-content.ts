import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Drawn } from "./phone.ts";

/** What WhatsApp can draw of a content record. */
export type Content =
  | (Pick<Drawn, "text" | "rows"> & Pick<Required<Drawn>, "list">)
  | Pick<Drawn, "text" | "rows">;

const body = z.object({ body: z.string() });
const types = z.object({
  "twilio/text": body.optional(),
  "twilio/quick-reply": body
    .extend({ actions: z.array(z.object({ title: z.string(), id: z.string() })).min(1) })
    .optional(),
  "twilio/list-picker": body
    .extend({
      button: z.string(),
      items: z
        .array(z.object({ item: z.string(), id: z.string(), description: z.string().optional() }))
        .min(1),
    })
    .optional(),
});

const record = z.object({
  friendly_name: z.string().optional(),
  language: z.string(),
  variables: z.record(z.string(), z.string()).optional(),
  types: z.record(z.string(), z.unknown()),
});
type ContentRecord = z.infer<typeof record> & { readonly sid: string };

export type ContentAnswer = { readonly status: number; readonly json: object };

/** The records of the Content API, in memory. */
export type Contents = {
  /** Answers a call to `content.twilio.com`; `path` is without the query. */
  readonly answer: (method: string, path: string, body: unknown) => ContentAnswer;
  /** Fills the variables, a JSON text, into a record; undefined where there is no such record or they do not fit. */
  readonly resolve: (sid: string, variables: string | undefined) => Content | undefined;
};

/** More than the bot has, by far: a fault that makes records without end stops here. */
const mostRecords = 1_000;
const notFound: ContentAnswer = { status: 404, json: { code: 20404, message: "not found", status: 404 } };
const invalid: ContentAnswer = {
  status: 400,
  json: { code: 20001, message: "invalid parameter", status: 400 },
};
const root = "/v1/Content";

const paths = /^\/v1\/Content(?:\/([^/]+))?(\/ApprovalRequests(?:\/whatsapp)?)?$/;

/** Gives an empty store. */
export function createContents(): Contents {
  const records = new Map<string, ContentRecord>();
  return {
    answer(method, path, given) {
      if (path === root) return method === "POST" ? create(records, given) : list(records);
      const [, sid = "", approvals] = paths.exec(path) ?? [];
      const one = records.get(sid);
      if (one === undefined) return notFound;
      return approvals === undefined ? { status: 200, json: one } : approval(one);
    },
    resolve(sid, variables) {
      const one = records.get(sid);
      return one && filled(one, variables);
    },
  };
}

function create(records: Map<string, ContentRecord>, given: unknown): ContentAnswer {
  const read = record.safeParse(given);
  if (!read.success || !types.safeParse(read.data.types).success || records.size >= mostRecords)
    return invalid;
  const sid = `HX${randomBytes(16).toString("hex")}`;
  const made = { ...read.data, sid };
  records.set(sid, made);
  return { status: 201, json: made };
}

function list(records: ReadonlyMap<string, ContentRecord>): ContentAnswer {
  return {
    status: 200,
    json: { contents: [...records.values()], meta: { key: "contents", next_page_url: null } },
  };
}

/** WhatsApp takes a day or two to approve a template; here there is no one to ask. */
function approval({ sid, friendly_name: name = "" }: ContentRecord): ContentAnswer {
  const whatsapp = { name, category: "UTILITY", status: "approved", rejection_reason: "" };
  return { status: 200, json: { sid, whatsapp } };
}

function filled(one: ContentRecord, variables: string | undefined): Content | undefined {
  const values = { ...one.variables, ...valuesOf(variables) };
  const fill = (text: string) =>
    text.replaceAll(/\{\{\s*([^{}]+?)\s*\}\}/g, (_all, name: string) => values[name] ?? "");
  const read = types.parse(one.types);
  const { "twilio/quick-reply": reply, "twilio/list-picker": picker, "twilio/text": plain } = read;
  if (reply !== undefined) {
    const rows = reply.actions.map(({ id, title }) => [{ id: fill(id), label: fill(title) }]);
    return { text: fill(reply.body), rows };
  }
  if (picker !== undefined) {
    const rows = picker.items.map(({ id, item, description = "" }) => ({
      id: fill(id),
      label: fill(item),
      description: fill(description),
    }));
    return { text: fill(picker.body), rows: [], list: { label: fill(picker.button), rows } };
  }
  return plain === undefined ? undefined : { text: fill(plain.body), rows: [] };
}

function valuesOf(variables: string | undefined): Readonly<Record<string, string>> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(variables ?? "{}"));
  } catch {
    return {};
  }
}
