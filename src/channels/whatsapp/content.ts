import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Log } from "../../app/ports.ts";
import type { TwilioApi } from "./client.ts";
import { failureFields, statusOf } from "./failures.ts";
import type { RecordSpec } from "./generic-records.ts";

/** Where the SIDs of content records are remembered between runs. */
export type ContentRecords = {
  readonly get: (name: string) => Promise<string | undefined>;
  readonly set: (name: string, sid: string) => Promise<void>;
};

export type ContentBook = {
  /** Recalls what earlier runs created. */
  readonly recall: (specs: readonly RecordSpec[]) => Promise<void>;
  /** Sees to it that all of these exist; whether they do. What could not be created is logged once and tried next time. */
  readonly ensure: (specs: readonly RecordSpec[], signal: AbortSignal) => Promise<boolean>;
  readonly sidOf: (name: string) => string | undefined;
  /** The record is gone at Twilio: the next `ensure` makes another. */
  readonly forget: (name: string) => void;
};

const created = z.object({ sid: z.string().min(1) });
const listed = z.object({
  contents: z.array(
    z.object({
      sid: z.string(),
      friendly_name: z.string().nullish(),
      language: z.string().nullish(),
      types: z.unknown(),
    }),
  ),
  meta: z.object({ next_page_url: z.string().nullish() }).optional(),
});
type Listed = z.infer<typeof listed>["contents"][number];

/** Creates content records through the Content API, each once, and remembers their SIDs. */
export function createContentBook(api: TwilioApi, records: ContentRecords, log: Log): ContentBook {
  const sids = new Map<string, string>();
  const logged = new Set<string>();

  const ensureOne = async (spec: RecordSpec, existing: readonly Listed[]): Promise<boolean> => {
    try {
      const sid = existing.find((one) => isSame(one, spec))?.sid ?? (await create(api, spec));
      await records.set(spec.name, sid);
      sids.set(spec.name, sid);
      return true;
    } catch (error) {
      if (!logged.has(spec.name))
        log.error("whatsapp.record-not-created", { name: spec.name, ...failureFields(error) });
      logged.add(spec.name);
      return false;
    }
  };

  return {
    async recall(specs) {
      for (const { name } of specs) {
        const sid = await records.get(name);
        if (sid !== undefined) sids.set(name, sid);
      }
    },
    async ensure(specs, signal) {
      const missing = specs.filter(({ name }) => !sids.has(name));
      if (missing.length === 0) return true;
      const existing = await listAll(api, log);
      let complete = true;
      for (const spec of missing) {
        complete = !signal.aborted && (await ensureOne(spec, existing)) && complete;
      }
      return complete;
    },
    sidOf: (name) => sids.get(name),
    forget(name) {
      sids.delete(name);
    },
  };
}

async function create(api: TwilioApi, { name, language, variables, types }: RecordSpec): Promise<string> {
  const answer = await api.content("post", "/v1/Content", {
    friendly_name: name,
    language,
    variables,
    types,
  });
  return created.parse(answer).sid;
}

const maxPages = 20;

/**
 * The account's records: one that an installation before this one created, or whose answer was lost, is taken over
 * instead of made again (a template's name cannot be given twice). Without the list, there are none to take over.
 */
async function listAll(api: TwilioApi, log: Log): Promise<readonly Listed[]> {
  const all: Listed[] = [];
  let path: string | undefined = "/v1/Content?PageSize=500";
  try {
    for (let page = 0; path !== undefined && page < maxPages; page += 1) {
      const { contents, meta } = listed.parse(await api.content("get", path));
      all.push(...contents);
      path = pathOf(meta?.next_page_url);
    }
  } catch (error) {
    log.warn("whatsapp.records-not-listed", { status: statusOf(error), ...failureFields(error) });
  }
  return all;
}

function pathOf(url: string | null | undefined): string | undefined {
  const next = typeof url === "string" && URL.canParse(url) ? new URL(url) : undefined;
  return next === undefined ? undefined : `${next.pathname}${next.search}`;
}

function isSame(one: Listed, { name, language, types }: RecordSpec): boolean {
  return one.friendly_name === name && one.language === language && isDeepStrictEqual(one.types, types);
}
