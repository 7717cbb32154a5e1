import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, vi } from "vitest";
import { People } from "../../src/app/people.ts";
import { configFrom } from "../../src/wiring/installation.ts";
import { openStore } from "../../src/wiring/open-store.ts";
import { silent } from "../logs.ts";
import { type BotApi, startBotApi } from "../stand-ins/bot-api.ts";
import { startTwilio, type Twilio } from "../stand-ins/twilio.ts";
import { type Command, endAll, launchServer, type Running } from "../system/process.ts";
import {
  account,
  botToken,
  drained,
  makePlace,
  type Place,
  publicUrl,
  telegramAt,
  webhookSecret,
} from "../system/world.ts";
import { smallTree } from "./small-tree.ts";
import { type Speaker, telegramSpeaker, whatsappSpeaker } from "./speakers.ts";

/** How many inputs each person has at most. */
const most = 5;

export type FaultWorld = {
  readonly place: Place;
  readonly server: Running;
  /** Somebody new on each channel. */
  readonly newcomers: () => readonly [telegram: Speaker, whatsapp: Speaker];
  /** Lets new people write until somebody new is refused on both channels; gives the HTTP statuses of that. */
  readonly untilRefused: () => Promise<readonly number[]>;
  readonly ready: () => Promise<{ readonly status: number; readonly state: unknown }>;
  /** Ends the server in order, and gives every promise that was broken, in words. */
  readonly settle: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
};

export type FaultOptions = Pick<Command, "root" | "talks"> & {
  /** What runs the server's Node; default nothing. */
  readonly runner?: readonly string[];
  /** Where the server's data is; default in the place. */
  readonly dataDir?: string;
  /** Brings the data to where it can be read, when the server has ended; gives where that is. */
  readonly bringOut?: () => string;
};

/** A server as a process of its own, with webhooks of both channels and people who write to them. */
export async function openFaultWorld(options: FaultOptions = {}): Promise<FaultWorld> {
  const place = await makePlace();
  const now = Date.now;
  // Slow enough that a fault can begin while something is on its way.
  const shared = { now, publicUrl, deliverTo: place.url, strict: false, latencyMs: 150 };
  const bot = await startBotApi({ token: botToken, ...shared });
  const twilio = await startTwilio({ ...account, ...shared });
  const { runner = [], dataDir = place.dataDir, bringOut, ...command } = options;
  const root = command.root ?? smallTree(place.dir);
  const environment = {
    ...place.environment,
    ...telegramAt(bot),
    DATA_DIR: dataDir,
    PUBLIC_URL: publicUrl,
    TELEGRAM_WEBHOOK_SECRET: webhookSecret,
    TWILIO_ACCOUNT_SID: account.accountSid,
    TWILIO_AUTH_TOKEN: account.authToken,
    TWILIO_WHATSAPP_FROM: account.from,
    TWILIO_API_ROOT: twilio.url,
    LOG_LEVEL: "info",
  };
  const [file = "", ...args] = [...runner, process.execPath, "src/main.ts"];
  const close = async () => {
    await endAll();
    await Promise.all([bot.close(), twilio.close()]);
    place.remove();
  };
  try {
    const server = await launchServer({ environment, ...command, root, program: [file, ...args] });
    // Its menus are buttons from then on.
    await vi.waitUntil(() => server.stderr().includes("whatsapp.template"), { timeout: 30_000 });
    const people = crowd(place.url, bot, twilio);
    const controls = await learn(place.url, people.newcomers());
    return {
      place,
      server,
      newcomers: people.newcomers,
      untilRefused: () => untilRefused(people.newcomers),
      ready: () => ready(place.url),
      settle: async () => {
        await drained(place.url);
        const ended = await server.end("SIGTERM");
        const brought = bringOut?.() ?? dataDir;
        return [
          ...(ended.code === 0 ? [] : [`the server ended with ${ended.code ?? ended.signal}`]),
          ...people.everybody.flatMap((one) => wronglyAnswered(one, controls)),
          ...brokenData(brought, people.everybody),
          ...(await wrongTurns({ ...environment, DATA_DIR: brought }, people.everybody)),
        ];
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function crowd(url: string, bot: BotApi, twilio: Twilio) {
  const everybody: Speaker[] = [];
  let number = 0;
  const newcomers = (): readonly [Speaker, Speaker] => {
    number += 1;
    const pair = [
      telegramSpeaker(url, bot, 4_700_000 + number),
      whatsappSpeaker(url, twilio, 93_700_100_000 + number),
    ] as const;
    everybody.push(...pair);
    return pair;
  };
  return { everybody, newcomers };
}

/** What is said after how many inputs, when nothing is in the way. */
type Control = { readonly speaker: Speaker; readonly after: readonly number[] };

async function learn(url: string, speakers: readonly Speaker[]): Promise<readonly Control[]> {
  return Promise.all(
    speakers.map(async (speaker) => {
      const after = [0];
      while (after.length <= most) {
        expect(await speaker.step()).toBe(200);
        await drained(url);
        after.push(speaker.heard().length);
      }
      return { speaker, after };
    }),
  );
}

async function untilRefused(newcomers: FaultWorld["newcomers"]): Promise<readonly number[]> {
  for (let people = 0; people < 500; people += 1) {
    const speakers = newcomers();
    const statuses = await Promise.all(speakers.map(({ step }) => step()));
    if (statuses.every((status) => status !== 200)) return statuses;
    for (let more = 1; more < most; more += 1) await Promise.all(speakers.map(({ step }) => step()));
  }
  throw new Error("nobody was refused");
}

async function ready(url: string) {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, state: (await answer.json()) as unknown };
}

/** Nothing is left out, said twice or said in another order than to whoever had no trouble. */
function wronglyAnswered(
  { address, acknowledged, heard }: Speaker,
  controls: readonly Control[],
): readonly string[] {
  const isWhatsApp = address.startsWith("whatsapp:");
  const control = controls.find(({ speaker }) => speaker.address.startsWith("whatsapp:") === isWhatsApp);
  const count = control?.after[acknowledged.length];
  if (control === undefined || count === undefined) return [`${address}: too many inputs`];
  const due = control.speaker.heard().slice(0, count);
  const said = heard();
  const same = said.length === due.length && said.every((text, at) => text === due[at]);
  return same ? [] : [`${address}: heard ${said.length} of ${due.length}, or others, or in another order`];
}

function brokenData(dataDir: string, everybody: readonly Speaker[]): readonly string[] {
  const db = new DatabaseSync(join(dataDir, "parwana.db"), { readOnly: true });
  try {
    const listOf = (sql: string) =>
      db
        .prepare(sql)
        .all()
        .map((row) => String(Object.values(row)[0]));
    const kept = new Set(listOf("SELECT external_id FROM inbox WHERE state = 0"));
    const lost = everybody.flatMap(({ acknowledged }) => acknowledged.filter((id) => !kept.has(id)));
    return [
      ...lost.map((id) => `${id} was acknowledged and is lost`),
      ...listOf("PRAGMA integrity_check").filter((found) => found !== "ok"),
      ...listOf("PRAGMA foreign_key_check").map((table) => `a row of ${table} points nowhere`),
    ];
  } finally {
    db.close();
  }
}

/** A session counts its turns: as many as inputs were acknowledged, no more and no fewer. */
async function wrongTurns(
  environment: Readonly<Record<string, string>>,
  everybody: readonly Speaker[],
): Promise<readonly string[]> {
  const config = configFrom(environment);
  const { store, vault } = await openStore({ config, log: silent, clock: { now: Date.now } });
  try {
    const people = new People(vault);
    const turns = new Map<string, number>();
    let rows = await store.contactsAfter(0, 1_000);
    while (rows.length > 0) {
      for (const { addresses, session } of rows.map((row) => people.open(row)))
        turns.set((addresses[0] ?? "").replace(/^(?:whatsapp:)?\+/, ""), session.turn);
      rows = await store.contactsAfter(rows.at(-1)?.id ?? 0, 1_000);
    }
    return everybody.flatMap(({ address, acknowledged }) => {
      const counted = turns.get(address.replace(/^(?:whatsapp:)?\+/, "")) ?? 0;
      return counted === acknowledged.length
        ? []
        : [`${address}: ${counted} turns for ${acknowledged.length} inputs`];
    });
  } finally {
    await store.close();
  }
}
