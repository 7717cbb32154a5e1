import { describe, expect, it } from "vitest";
import { type Config, type ConfigProblem, readConfig } from "../src/config.ts";

type Environment = Readonly<Record<string, string | undefined>>;

const token = `123456:${"a".repeat(35)}`;
const sid = `AC${"0123456789abcdef".repeat(2)}`;
const twilio = {
  TWILIO_ACCOUNT_SID: sid,
  TWILIO_AUTH_TOKEN: "0123456789abcdef0123456789abcdef",
  TWILIO_WHATSAPP_FROM: "+15551234567",
  PUBLIC_URL: "https://bot.example.org",
} satisfies Environment;

function config(environment: Environment): Config {
  const read = readConfig(environment);
  if (!("host" in read)) throw new Error(`refused: ${read.map(({ variable }) => variable).join(", ")}`);
  return read;
}

function problems(environment: Environment): readonly ConfigProblem[] {
  const read = readConfig(environment);
  if ("host" in read) throw new Error("nothing was refused");
  return read;
}

describe("an empty environment", () => {
  it("is enough: this machine only, with the playground", () => {
    expect(config({})).toEqual({
      host: "127.0.0.1",
      port: 3000,
      publicUrl: undefined,
      dataDir: "data",
      masterKey: undefined,
      keyFile: "./parwana.key",
      logLevel: "info",
      sendsInFlight: 512,
      telegram: undefined,
      whatsapp: undefined,
      playground: true,
      operator: { name: undefined, contact: undefined, privacy: undefined },
    });
  });

  it("is what variables set to nothing make, as an .env file leaves them", () => {
    const names = ["PORT", "HOST", "TELEGRAM_BOT_TOKEN", "TWILIO_AUTH_TOKEN", "DATABASE_URL", "PLAYGROUND"];
    expect(config(Object.fromEntries(names.map((name) => [name, " "])))).toEqual(config({}));
  });

  it("may hold anything else that is none of ours", () => {
    expect(config({ PATH: "/bin", LANG: "C" })).toEqual(config({}));
  });
});

describe("settings that can be used", () => {
  it.each<{ readonly environment: Environment; readonly gives: Partial<Config> }>([
    { environment: { PORT: "0" }, gives: { port: 0 } },
    { environment: { PORT: "65535", HOST: "0.0.0.0" }, gives: { port: 65_535, host: "0.0.0.0" } },
    {
      environment: { DATA_DIR: "/srv/p", PARWANA_KEY_FILE: "/k" },
      gives: { dataDir: "/srv/p", keyFile: "/k" },
    },
    { environment: { PARWANA_MASTER_KEY: "x" }, gives: { masterKey: "x" } },
    { environment: { LOG_LEVEL: "silent" }, gives: { logLevel: "silent" } },
    { environment: { SENDS_IN_FLIGHT: "1" }, gives: { sendsInFlight: 1 } },
    { environment: { PUBLIC_URL: "https://a.example//" }, gives: { publicUrl: "https://a.example" } },
    { environment: { PLAYGROUND: "off" }, gives: { playground: false } },
    {
      environment: { OPERATOR_NAME: " Help Desk ", PRIVACY_URL: "https://help.example/privacy" },
      gives: { operator: { name: "Help Desk", contact: undefined, privacy: "https://help.example/privacy" } },
    },
    {
      environment: { TELEGRAM_BOT_TOKEN: token },
      gives: { telegram: { token, apiRoot: undefined, webhookSecret: undefined }, playground: false },
    },
    {
      environment: {
        TELEGRAM_BOT_TOKEN: token,
        TELEGRAM_API_ROOT: "http://localhost:8081/",
        TELEGRAM_WEBHOOK_SECRET: "s".repeat(16),
        PLAYGROUND: "on",
      },
      gives: {
        telegram: { token, apiRoot: "http://localhost:8081", webhookSecret: "s".repeat(16) },
        playground: true,
      },
    },
    {
      environment: twilio,
      gives: {
        whatsapp: {
          accountSid: sid,
          authToken: twilio.TWILIO_AUTH_TOKEN,
          from: "whatsapp:+15551234567",
          apiRoot: undefined,
        },
        playground: false,
      },
    },
    {
      environment: { ...twilio, TWILIO_WHATSAPP_FROM: "whatsapp:+15551234567" },
      gives: { publicUrl: "https://bot.example.org" },
    },
    // An address alone turns nothing on.
    { environment: { PUBLIC_URL: "https://a.example" }, gives: { whatsapp: undefined, playground: true } },
  ])("$environment", ({ environment, gives }) => {
    expect(config(environment)).toMatchObject(gives);
  });
});

describe("settings that can't be used", () => {
  it.each<{ readonly variable: string; readonly value: string; readonly mend: RegExp }>([
    { variable: "PORT", value: "web", mend: /number/ },
    { variable: "PORT", value: "80.5", mend: /whole number/ },
    { variable: "PORT", value: "-1", mend: /0 to 65535/ },
    { variable: "PORT", value: "65536", mend: /0 to 65535/ },
    { variable: "PORT", value: "0x50", mend: /whole number/ },
    { variable: "PORT", value: "1e3", mend: /whole number/ },
    { variable: "PORT", value: "3000;", mend: /whole number/ },
    { variable: "HOST", value: "http://canary", mend: /127\.0\.0\.1/ },
    { variable: "HOST", value: "canary host", mend: /127\.0\.0\.1/ },
    { variable: "PUBLIC_URL", value: "bot.example.org", mend: /https:\/\// },
    { variable: "PUBLIC_URL", value: "http://bot.example.org", mend: /https:\/\// },
    { variable: "PUBLIC_URL", value: "https://bot.example.org/?a=b", mend: /https:\/\// },
    { variable: "PUBLIC_URL", value: "https://someone:pass@bot.example.org", mend: /https:\/\// },
    { variable: "DATABASE_URL", value: "mysql://someone:canary@db/p", mend: /postgres:\/\/user:password@/ },
    { variable: "DATABASE_URL", value: "postgres://someone:canary@db", mend: /\/database/ },
    { variable: "DATABASE_URL", value: "canary", mend: /postgres:\/\// },
    { variable: "LOG_LEVEL", value: "trace", mend: /debug, info, warn, error or silent/ },
    { variable: "LOG_LEVEL", value: "loud", mend: /debug, info, warn, error or silent/ },
    { variable: "SENDS_IN_FLIGHT", value: "0", mend: /at least 1/ },
    { variable: "SENDS_IN_FLIGHT", value: "1001", mend: /at most 1000/ },
    { variable: "TELEGRAM_BOT_TOKEN", value: "canary-token", mend: /BotFather/ },
    { variable: "TELEGRAM_API_ROOT", value: "canary root", mend: /https:\/\// },
    { variable: "SENDS_IN_FLIGHT", value: "many", mend: /whole number/ },
    { variable: "SENDS_IN_FLIGHT", value: "1.5", mend: /whole number/ },
    { variable: "TELEGRAM_API_ROOT", value: "https://canary.example/?a=b", mend: /https:\/\/ address alone/ },
    { variable: "TELEGRAM_API_ROOT", value: "ftp://canary.example", mend: /https:\/\// },
    { variable: "TWILIO_API_ROOT", value: "canary", mend: /https:\/\// },
    { variable: "TWILIO_API_ROOT", value: "https://someone:canary@proxy.example", mend: /address alone/ },
    { variable: "TELEGRAM_BOT_TOKEN", value: `"${token}"`, mend: /BotFather/ },
    { variable: "TWILIO_AUTH_TOKEN", value: `"${twilio.TWILIO_AUTH_TOKEN}"`, mend: /without quotes/ },
    {
      variable: "TWILIO_AUTH_TOKEN",
      value: `${twilio.TWILIO_AUTH_TOKEN} `,
      mend: /without quotes or spaces/,
    },
    { variable: "TWILIO_WHATSAPP_FROM", value: "00 1 555 123 4567", mend: /\+15551234567/ },
    { variable: "OPERATOR_NAME", value: "x".repeat(81), mend: /at most 80/ },
    { variable: "OPERATOR_NAME", value: "a\u202eb", mend: /one line of plain text/ },
    { variable: "OPERATOR_CONTACT", value: "a\nb", mend: /one line of plain text/ },
    { variable: "OPERATOR_CONTACT", value: "x".repeat(121), mend: /at most 120/ },
    { variable: "PRIVACY_URL", value: "http://canary.example", mend: /https:\/\// },
    { variable: "PRIVACY_URL", value: `https://${"x".repeat(120)}.example`, mend: /at most 120/ },
    { variable: "TELEGRAM_WEBHOOK_SECRET", value: "canary", mend: /16 to 256/ },
    { variable: "TWILIO_ACCOUNT_SID", value: "AC-canary", mend: /32 hexadecimal/ },
    { variable: "TWILIO_AUTH_TOKEN", value: "canary", mend: /too short/ },
    { variable: "TWILIO_WHATSAPP_FROM", value: "canary", mend: /\+15551234567/ },
    { variable: "PLAYGROUND", value: "yes", mend: /on or off/ },
  ])(
    "$variable=$value names the variable and how to mend it, and not the value",
    ({ variable, value, mend }) => {
      const whole = { ...twilio, [variable]: value };
      const [problem, ...more] = problems(whole);
      expect(more).toEqual([]);
      expect(problem?.variable).toBe(variable);
      expect(problem?.what).toMatch(mend);
      expect(JSON.stringify(problem)).not.toContain(value);
    },
  );

  it("an address that Telegram does not post to, unless the Bot API is one of our own", () => {
    const environment = { TELEGRAM_BOT_TOKEN: token, PUBLIC_URL: "https://bot.example.org:9999" };
    expect(problems(environment)).toEqual([
      { variable: "PUBLIC_URL", what: expect.stringMatching(/443, 80, 88 or 8443/) },
    ]);
    expect(config({ ...environment, TELEGRAM_API_ROOT: "http://localhost:8081" }).publicUrl).toBe(
      "https://bot.example.org:9999",
    );
    expect(config({ ...environment, PUBLIC_URL: "https://bot.example.org:8443" }).publicUrl).toBeDefined();
    expect(config({ ...twilio, PUBLIC_URL: "https://bot.example.org:9999" }).whatsapp).toBeDefined();
  });

  it.each(Object.keys(twilio))("WhatsApp without %s says that they belong together", (missing) => {
    const found = problems({ ...twilio, [missing]: undefined });
    expect(found.map(({ variable }) => variable)).toEqual([missing]);
    expect(found[0]?.what).toContain("TWILIO_WHATSAPP_FROM");
  });

  it("are told all at once, missing ones too", () => {
    const found = problems({ PORT: "web", LOG_LEVEL: "loud", TWILIO_ACCOUNT_SID: sid });
    expect(found.map(({ variable }) => variable).sort()).toEqual([
      "LOG_LEVEL",
      "PORT",
      "PUBLIC_URL",
      "TWILIO_AUTH_TOKEN",
      "TWILIO_WHATSAPP_FROM",
    ]);
  });

  it("are told without the value of any secret", () => {
    const canaries: Environment = {
      TELEGRAM_BOT_TOKEN: "canary-1",
      TELEGRAM_WEBHOOK_SECRET: "canary 2",
      TWILIO_ACCOUNT_SID: "canary-3",
      TWILIO_AUTH_TOKEN: "canary-4",
      PARWANA_MASTER_KEY: "canary-5",
      DATABASE_URL: "postgres://canary-6",
      PORT: "canary-7",
      HOST: "http://canary-8",
      TWILIO_API_ROOT: "https://a:canary-9@proxy.example",
    };
    expect(JSON.stringify(problems(canaries))).not.toContain("canary");
  });
});
