import { hash } from "node:crypto";
import { z } from "zod";
import type { Log } from "../../app/ports.ts";
import type { Language } from "../../core/nouns/language.ts";
import type { TwilioApi } from "./client.ts";
import type { ContentBook, ContentRecords } from "./content.ts";
import { failureFields, statusOf } from "./failures.ts";
import type { RecordSpec } from "./generic-records.ts";

/** A message for outside the reply window, in the words that WhatsApp is asked to approve. */
export type TemplateSpec = {
  /** `broadcast` or `nudge`. */
  readonly name: string;
  /** What the text's `{{name}}` placeholders are called. */
  readonly variables: readonly string[];
  /** For each language WhatsApp's own code for it, and the words. */
  readonly languages: Readonly<Record<Language, { readonly code: string; readonly text: string }>>;
};

/** An approved template: its record, its variables in their order, and its text, in which they are `{{1}}`, `{{2}}` … */
export type Approved = { readonly sid: string; readonly variables: readonly string[]; readonly body: string };

export type TemplateBook = {
  readonly records: readonly RecordSpec[];
  /** Recalls what was approved when last asked. */
  readonly recall: () => Promise<void>;
  /** Asks WhatsApp what became of each template, and submits those that never were; whether all could be asked. */
  readonly refresh: (signal: AbortSignal) => Promise<boolean>;
  readonly approved: (name: string, language: Language) => Approved | undefined;
  /** Whether WhatsApp has ever been asked what became of it; of one that does not exist it is known. */
  readonly isKnown: (name: string, language: Language) => boolean;
};

type Template = {
  readonly name: string;
  readonly language: Language;
  readonly variables: readonly string[];
  readonly body: string;
  readonly record: RecordSpec;
};

const approval = z.object({ whatsapp: z.object({ status: z.string().nullish() }).nullish() });

/** Twilio's word for a record that was never submitted. */
const unsubmitted = "unsubmitted";
const approvedStatus = "approved";
/** Meta's verdict or sanction. The same name cannot be submitted again: other words make another name. */
const turnedDown: ReadonlySet<string> = new Set(["rejected", "disabled", "paused"]);

/** Keeps watch over the templates' approvals. */
export function createTemplateBook(
  specs: readonly TemplateSpec[],
  api: TwilioApi,
  book: ContentBook,
  records: ContentRecords,
  log: Log,
): TemplateBook {
  const templates = specs.flatMap(templatesOf);
  const states = new Map<string, string>();
  const logged = new Set<string>();

  const find = (name: string, language: Language): Template | undefined =>
    templates.find((one) => one.name === name && one.language === language);

  const note = async ({ name }: RecordSpec, state: string): Promise<void> => {
    if (states.get(name) === state) return;
    states.set(name, state);
    await records.set(stateKey(name), state);
    if (turnedDown.has(state)) log.error("whatsapp.template-turned-down", { name, state });
    else log.info("whatsapp.template", { name, state });
  };

  const failed = (name: string, error: unknown): void => {
    if (statusOf(error) === 404) book.forget(name);
    if (!logged.has(name)) log.warn("whatsapp.template-unknown", { name, ...failureFields(error) });
    logged.add(name);
  };

  const refreshOne = async ({ record }: Template): Promise<boolean> => {
    const sid = book.sidOf(record.name);
    if (sid === undefined) return false;
    try {
      await note(record, (await stateOf(api, sid)) ?? (await submit(api, sid, record.name)));
      return true;
    } catch (error) {
      failed(record.name, error);
      return false;
    }
  };

  return {
    records: templates.map(({ record }) => record),
    async recall() {
      for (const { record } of templates) {
        const state = await records.get(stateKey(record.name));
        if (state !== undefined) states.set(record.name, state);
      }
    },
    async refresh(signal) {
      let complete = true;
      for (const template of templates) {
        complete = !signal.aborted && (await refreshOne(template)) && complete;
      }
      return complete;
    },
    isKnown(name, language) {
      const template = find(name, language);
      return template === undefined || states.has(template.record.name);
    },
    approved(name, language) {
      const template = find(name, language);
      if (template === undefined || states.get(template.record.name) !== approvedStatus) return undefined;
      const sid = book.sidOf(template.record.name);
      return sid === undefined ? undefined : { sid, variables: template.variables, body: template.body };
    },
  };
}

const stateKey = (name: string): string => `${name}.state`;

/** What WhatsApp says of a record; undefined when it was never asked. */
async function stateOf(api: TwilioApi, sid: string): Promise<string | undefined> {
  const { whatsapp } = approval.parse(await api.content("get", `/v1/Content/${sid}/ApprovalRequests`));
  const status = whatsapp?.status ?? unsubmitted;
  return status === unsubmitted || status === "" ? undefined : status;
}

/** Utility, honestly: people asked for what is announced. Marketing templates do not reach U.S. numbers at all. */
async function submit(api: TwilioApi, sid: string, name: string): Promise<string> {
  await api.content("post", `/v1/Content/${sid}/ApprovalRequests/whatsapp`, { name, category: "UTILITY" });
  return "received";
}

function templatesOf({ name, variables, languages }: TemplateSpec): readonly Template[] {
  return Object.entries(languages).map(([language, { code, text }]) => {
    const body = numbered(text, variables);
    return { name, language, variables, body, record: recordOf(name, variables, code, body) };
  });
}

function numbered(text: string, variables: readonly string[]): string {
  return variables.reduce(
    (words, variable, index) => words.replaceAll(`{{${variable}}}`, `{{${index + 1}}}`),
    text,
  );
}

/** The name says what the text is, so that other words are another template. */
function recordOf(name: string, variables: readonly string[], code: string, body: string): RecordSpec {
  const digest = hash("sha256", JSON.stringify([code, body])).slice(0, 10);
  return {
    name: `parwana_${name}_${code}_${digest}`.toLowerCase().replaceAll(/[^a-z0-9_]/g, "_"),
    language: code,
    variables: Object.fromEntries(variables.map((variable, index) => [String(index + 1), variable])),
    types: { "twilio/text": { body } },
  };
}
