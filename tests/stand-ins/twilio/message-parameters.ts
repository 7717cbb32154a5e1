import { isAddress } from "./addresses.ts";
import type { ContentRecord, ContentStore } from "./content-store.ts";
import { badCall, type TwilioError } from "./errors.ts";
import { type Filled, fillIn } from "./variables.ts";

/** What a POST to Messages.json asks for, checked. */
export interface AskedMessage {
  readonly to: string;
  readonly body: string;
  readonly media: readonly string[];
  readonly statusCallback: string | undefined;
  /** Undefined for free-form text. */
  readonly template: { readonly record: ContentRecord; readonly filled: Filled } | undefined;
}

/** Every parameter of CreateMessage in Twilio's public OpenAPI; any other is refused. */
const KNOWN = new Set(
  (
    "To StatusCallback ApplicationSid MaxPrice ProvideFeedback Attempt ValidityPeriod ForceDelivery ContentRetention " +
    "AddressRetention SmartEncoded PersistentAction TrafficType ShortenUrls ScheduleType SendAt SendAsMms " +
    "ContentVariables RiskCheck From FallbackFrom MessagingServiceSid Body MediaUrl ContentSid"
  ).split(" "),
);
const MAY_REPEAT = new Set(["MediaUrl", "PersistentAction"]);
/** UTF-16 units; error 21617 above. */
const LONGEST_BODY = 1600;

type Rule = (form: URLSearchParams, from: string) => TwilioError | undefined;

const RULES: readonly Rule[] = [
  (form) => {
    const stranger = [...form.keys()].find((name) => !KNOWN.has(name));
    return stranger === undefined ? undefined : badCall(20001, `Unknown parameter '${stranger}'`);
  },
  (form) => {
    const twice = [...form.keys()].find((name) => !MAY_REPEAT.has(name) && form.getAll(name).length > 1);
    return twice === undefined ? undefined : badCall(20001, `Parameter '${twice}' is given twice`);
  },
  (form) => (form.get("To") ? undefined : badCall(21604, "A 'To' phone number is required.")),
  (form) =>
    isAddress(form.get("To") ?? "")
      ? undefined
      : badCall(21211, "The 'To' number is not a valid phone number."),
  (form) => (form.get("From") ? undefined : badCall(21603, "A 'From' phone number is required.")),
  (form, from) =>
    form.get("From") === from
      ? undefined
      : badCall(63007, "Twilio could not find a Channel with the specified From address"),
  (form) =>
    form.get("Body") || form.has("MediaUrl") || form.has("ContentSid")
      ? undefined
      : badCall(21619, "A text message body or media urls must be specified."),
  (form) =>
    (form.get("Body") ?? "").length > LONGEST_BODY
      ? badCall(21617, "The concatenated message body exceeds the 1600 character limit")
      : undefined,
  (form) =>
    (form.get("Body") ?? "").isWellFormed() ? undefined : badCall(20001, "Body is not well-formed Unicode"),
  (form) =>
    form.has("ContentSid") && (form.has("Body") || form.has("MediaUrl"))
      ? badCall(20001, "ContentSid goes with neither Body nor MediaUrl")
      : undefined,
  (form) =>
    form.has("ContentVariables") && !form.has("ContentSid")
      ? badCall(21654, "ContentSid is required with ContentVariables")
      : undefined,
  (form) => {
    const url = form.get("StatusCallback");
    const fine = url === null || (URL.canParse(url) && /^https?:\/\//.test(url));
    return fine ? undefined : badCall(21609, "Invalid 'StatusCallback' URL");
  },
];

/** Reads the form of a POST to Messages.json. Where not `strict`, only the content is looked up. */
export function readMessage(
  form: URLSearchParams,
  from: string,
  contents: ContentStore,
  strict: boolean,
): AskedMessage | TwilioError {
  const error = strict ? firstError(form, from) : undefined;
  if (error !== undefined) return error;
  const template = readTemplate(form, contents);
  if (template !== undefined && "code" in template) return template;
  return {
    to: form.get("To") ?? "",
    body: template === undefined ? (form.get("Body") ?? "") : template.filled.content.body,
    media: form.getAll("MediaUrl"),
    statusCallback: form.get("StatusCallback") ?? undefined,
    template,
  };
}

function firstError(form: URLSearchParams, from: string): TwilioError | undefined {
  for (const rule of RULES) {
    const error = rule(form, from);
    if (error !== undefined) return error;
  }
  return undefined;
}

function readTemplate(form: URLSearchParams, contents: ContentStore): AskedMessage["template"] | TwilioError {
  const sid = form.get("ContentSid");
  if (sid === null) return undefined;
  const record = contents.find(sid);
  if (record === undefined) return badCall(21655, "The ContentSid is Invalid");
  const filled = fillIn(
    record.content,
    record.variables,
    record.placeholders,
    form.get("ContentVariables") ?? undefined,
  );
  if (filled.kind === "wrong") return badCall(21656, filled.reason);
  return { record, filled: filled.value };
}
