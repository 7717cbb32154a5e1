import { z } from "zod";

/** Everything the installation can set, read and checked. */
export type Config = {
  readonly host: string;
  readonly port: number;
  readonly publicUrl: string | undefined;
  readonly dataDir: string;
  /** The PostgreSQL that holds the data instead of a file in the folder. It may hold a password: never to be shown. */
  readonly databaseUrl: string | undefined;
  readonly masterKey: string | undefined;
  readonly keyFile: string;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
  /** Requests to the platforms under way at once: what a crash may send twice at most. */
  readonly sendsInFlight: number;
  readonly telegram:
    | {
        readonly token: string;
        readonly apiRoot: string | undefined;
        readonly webhookSecret: string | undefined;
      }
    | undefined;
  readonly whatsapp:
    | {
        readonly accountSid: string;
        readonly authToken: string;
        readonly from: string;
        readonly apiRoot: string | undefined;
      }
    | undefined;
  readonly playground: boolean;
  /** Who runs the installation, as the answer to "who runs this?" tells it. */
  readonly operator: {
    readonly name: string | undefined;
    readonly contact: string | undefined;
    readonly privacy: string | undefined;
  };
};

/** A variable that can't be used: which, what is wrong, and how to mend it. The value itself is never repeated. */
export type ConfigProblem = { readonly variable: string; readonly what: string };

const url = z
  .url({ protocol: /^https?$/, error: "is no URL; write it with https://" })
  .refine(isPlain, "has to be the https:// address alone, without a name, a password, ? or #")
  .transform((value) => value.replace(/\/+$/, ""));
const publicUrl = z
  .url({
    protocol: /^https$/,
    error: "has to be the https:// address under which the platforms reach this server",
  })
  .refine(isPlain, "has to be the https:// address alone, without a name, a password, ? or #")
  .transform((value) => value.replace(/\/+$/, ""));

/** Paths are put behind it, and it is shown to the platforms. */
function isPlain(value: string): boolean {
  const parsed = URL.parse(value);
  return parsed === null || `${parsed.username}${parsed.password}${parsed.search}${parsed.hash}` === "";
}

/** Stands in an answer of at most 350 characters. */
const publicPage = z
  .url({ protocol: /^https$/, error: "has to be an https:// address" })
  .max(120, "has to be at most 120 characters");
const shortText = (most: number) =>
  z
    .string()
    .trim()
    .max(most, `has to be at most ${most} characters`)
    .refine((text) => !/[\p{Cc}\p{Cf}]/u.test(text), "has to be one line of plain text")
    .optional();

/** Digits alone: what else JavaScript takes for a number (0x50, 1e3) is more likely a slip. */
const digits = (words: string) =>
  z
    .string()
    .regex(/^\d{1,9}$/, words)
    .transform(Number);

function isDatabase(value: string): boolean {
  const parsed = URL.parse(value);
  return parsed !== null && /^postgres(?:ql)?:$/.test(parsed.protocol) && parsed.pathname.length > 1;
}

const variables = z.object({
  HOST: z
    .string()
    .regex(
      /^[\w.:%-]+$/,
      "has to be an address or a name of this machine alone: 127.0.0.1, or 0.0.0.0 for all",
    )
    .default("127.0.0.1"),
  PORT: digits("has to be a whole number, 0 to 65535")
    .refine((port) => port <= 65_535, "has to be 0 to 65535")
    .default(3000),
  PUBLIC_URL: publicUrl.optional(),
  DATA_DIR: z.string().default("data"),
  DATABASE_URL: z
    .string()
    .refine(isDatabase, "is no address of a database: write it postgres://user:password@host:5432/database")
    .optional(),
  PARWANA_MASTER_KEY: z.string().optional(),
  PARWANA_KEY_FILE: z.string().default("./parwana.key"),
  LOG_LEVEL: z
    .enum(["debug", "info", "warn", "error", "silent"], "has to be debug, info, warn, error or silent")
    .default("info"),
  SENDS_IN_FLIGHT: digits("has to be a whole number")
    .refine((count) => count >= 1, "has to be at least 1")
    .refine((count) => count <= 1_000, "has to be at most 1000")
    .default(512),
  TELEGRAM_BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]{20,}$/, "is no bot token: copy it from @BotFather, it looks like 123456:ABC…")
    .optional(),
  TELEGRAM_API_ROOT: url.optional(),
  TELEGRAM_WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{16,256}$/, "has to be 16 to 256 letters, digits, _ and -")
    .optional(),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/, "is no account SID: AC and 32 hexadecimal digits")
    .optional(),
  TWILIO_AUTH_TOKEN: z
    .string()
    .regex(
      /^[\w-]*$/,
      "has to be letters and digits alone, without quotes or spaces: copy it from the console",
    )
    .min(16, "is too short for an auth token")
    .optional(),
  TWILIO_WHATSAPP_FROM: z
    .string()
    .transform((value) => (value.startsWith("whatsapp:") ? value : `whatsapp:${value}`))
    .pipe(z.string().regex(/^whatsapp:\+\d{6,15}$/, "has to be the sender's number like +15551234567"))
    .optional(),
  TWILIO_API_ROOT: url.optional(),
  PLAYGROUND: z.enum(["on", "off"], "has to be on or off").optional(),
  OPERATOR_NAME: shortText(80),
  OPERATOR_CONTACT: shortText(120),
  PRIVACY_URL: publicPage.optional(),
});

const twilio = ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_WHATSAPP_FROM", "PUBLIC_URL"] as const;

/**
 * Reads the environment; variables set to nothing count as absent. Gives the configuration, or everything that is
 * wrong at once.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
): Config | readonly ConfigProblem[] {
  const present = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ""),
  );
  const read = variables.safeParse(present);
  const wrong = read.error?.issues ?? [];
  const problems = [
    ...wrong.map((issue) => ({ variable: String(issue.path[0]), what: issue.message })),
    ...incomplete(present),
    ...unreachable(present),
  ];
  return read.success && problems.length === 0 ? configOf(read.data) : problems;
}

type Variables = z.infer<typeof variables>;

function incomplete(present: Readonly<Record<string, unknown>>): readonly ConfigProblem[] {
  const started = twilio.some((name) => name !== "PUBLIC_URL" && present[name] !== undefined);
  const missing = started ? twilio.filter((name) => present[name] === undefined) : [];
  return missing.map((variable) => ({
    variable,
    what: `is missing: WhatsApp needs ${twilio.join(", ")} together`,
  }));
}

/** Where Telegram posts updates to (API, setWebhook); a Bot API server of one's own posts anywhere. */
const webhookPorts: ReadonlySet<string> = new Set(["", "80", "88", "443", "8443"]);

function unreachable(present: Readonly<Record<string, unknown>>): readonly ConfigProblem[] {
  if (present["TELEGRAM_BOT_TOKEN"] === undefined || present["TELEGRAM_API_ROOT"] !== undefined) return [];
  const address = URL.parse(String(present["PUBLIC_URL"]));
  if (address === null || webhookPorts.has(address.port)) return [];
  return [
    { variable: "PUBLIC_URL", what: "has a port that Telegram does not post to: use 443, 80, 88 or 8443" },
  ];
}

function configOf(read: Variables): Config {
  const {
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_WHATSAPP_FROM: from,
    TELEGRAM_BOT_TOKEN: token,
  } = read;
  const telegram =
    token === undefined
      ? undefined
      : { token, apiRoot: read.TELEGRAM_API_ROOT, webhookSecret: read.TELEGRAM_WEBHOOK_SECRET };
  const whatsapp =
    accountSid === undefined || authToken === undefined || from === undefined
      ? undefined
      : { accountSid, authToken, from, apiRoot: read.TWILIO_API_ROOT };
  return {
    host: read.HOST,
    port: read.PORT,
    publicUrl: read.PUBLIC_URL,
    dataDir: read.DATA_DIR,
    databaseUrl: read.DATABASE_URL,
    masterKey: read.PARWANA_MASTER_KEY,
    keyFile: read.PARWANA_KEY_FILE,
    logLevel: read.LOG_LEVEL,
    sendsInFlight: read.SENDS_IN_FLIGHT,
    telegram,
    whatsapp,
    operator: {
      name: read.OPERATOR_NAME,
      contact: read.OPERATOR_CONTACT,
      privacy: read.PRIVACY_URL,
    },
    playground:
      read.PLAYGROUND === undefined
        ? telegram === undefined && whatsapp === undefined
        : read.PLAYGROUND === "on",
  };
}
