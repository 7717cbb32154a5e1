import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { Outbox } from "../app/deliver-outbox.ts";
import { loadTopics } from "../app/desk.ts";
import { Problem, problemText } from "../app/errors.ts";
import { IntakeGate } from "../app/intake-gate.ts";
import { People } from "../app/people.ts";
import type { Clock, Log } from "../app/ports.ts";
import type { Channel } from "../app/ports-channel.ts";
import { Publisher } from "../app/publish.ts";
import { contactStopped } from "../app/record-status.ts";
import { Content } from "../app/runtime.ts";
import type { TurnParts } from "../app/take-turn.ts";
import { type Config, readConfig } from "../config.ts";
import { formatIssues } from "../content/format-issues.ts";
import type { ChannelId } from "../core/nouns/ids.ts";
import { VaultError } from "../vault/vault-error.ts";
import { openContent } from "./kept-content.ts";
import { loaderApart } from "./load-apart.ts";
import { openStore } from "./open-store.ts";
import type { ServerContent } from "./server-content.ts";

/** The folder that holds `flows/` and `locales/`. */
export const contentRoot = fileURLToPath(new URL("../..", import.meta.url));

/** Beside the code, and so no easier to write to than that: what stands there is believed. */
const keptContent = join(contentRoot, "node_modules/.cache/parwana/content");

/** The machine's own clock. */
export const wallClock: Clock = { now: () => Date.now() };

/** Content, vault, store and the paths over them: what a server and a lone command both need. */
export type Installation = {
  readonly parts: TurnParts & { readonly publisher: Publisher };
  readonly gate: IntakeGate;
  readonly words: ServerContent["words"];
  /** Leaves the content, compiled, for the next start; never throws. */
  readonly keepContent: () => void;
  /** Where the master key came from, to tell the host about a new key file. */
  readonly keyOrigin: "variable" | "file" | "made";
  readonly addChannels: (channels: readonly Channel[]) => void;
  readonly close: () => Promise<void>;
};

/** Structured notes on standard error; nothing personal is ever given to them. */
export function openLog(level: Config["logLevel"]): Log {
  const logger = pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: true }),
  );
  return {
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    error: (event, fields) => logger.error(fields ?? {}, event),
  };
}

/** The configuration from the environment; a Problem that lists everything that is wrong with it. */
export function configFrom(environment: NodeJS.ProcessEnv): Config {
  const read = readConfig(environment);
  if ("dataDir" in read) return read;
  throw new Problem(
    "config",
    ["The settings can't be used:", ...read.map(({ variable, what }) => `  ${variable} ${what}`)].join("\n"),
  );
}

/** Opens everything that does not listen. Throws Problems; nothing stays open then. */
export async function openInstallation(
  config: Config,
  log: Log,
  clock: Clock = wallClock,
): Promise<Installation> {
  const loaded = await openContent(contentRoot, keptContent);
  if ("issues" in loaded)
    throw new Problem("content", `The flows and words can't be used:\n${formatIssues(loaded.issues)}`);
  const { store, vault, master } = await openStore({ config, log, clock });
  try {
    const channels = new Map<ChannelId, Channel>();
    const base = {
      store,
      vault,
      clock,
      log,
      content: new Content(loaded.program, loaded.translator, config.operator),
      channels,
      people: new People(vault),
    };
    const gate: IntakeGate = new IntakeGate(() => outbox.backlog);
    const outbox: Outbox = new Outbox(base, {
      inFlight: config.sendsInFlight,
      chance: Math.random,
      onLeft: () => gate.left(),
      onContactStopped: (contact, channel) => contactStopped(parts, contact, channel),
    });
    const publisher = new Publisher(base, loaderApart(contentRoot, loaded));
    const parts = { ...base, outbox, publisher };
    await loadTopics(parts);
    const addChannels = (added: readonly Channel[]) => {
      for (const channel of added) channels.set(channel.id, channel);
    };
    return {
      parts,
      gate,
      words: loaded.words,
      keepContent: loaded.keep,
      keyOrigin: master.origin,
      addChannels,
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The words of an error that is meant for the host; undefined for a foreign one. */
export function ownWords(error: unknown): string | undefined {
  if (error instanceof Problem || error instanceof VaultError) return error.message;
  return listenProblem(error);
}

const wrongHost = "HOST is no address of this machine: set it to 127.0.0.1, or to 0.0.0.0 for all of them.";

/** What may be in the way of listening, by the system's code. */
const listenProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: "The port is in use by another program: set PORT to a free one (PORT=3001 npm start).",
  EACCES: "This user may not listen on the port: set PORT to one above 1023, and let a proxy have the other.",
  EADDRNOTAVAIL: wrongHost,
  ENOTFOUND: wrongHost,
  EAI_AGAIN: wrongHost,
  EINVAL: wrongHost,
};

function listenProblem(error: unknown): string | undefined {
  if (!(error instanceof Error && "code" in error && "syscall" in error)) return undefined;
  // Where the commands' socket can't be made, it is a path that is wrong.
  const isOfPort = error.syscall === "getaddrinfo" || ("port" in error && error.port !== -1);
  return isOfPort ? listenProblems[String(error.code)] : undefined;
}

/** What kept the server from starting. Nothing personal has been read at that point: a foreign error may speak for itself. */
export function startProblem(error: unknown): string {
  return (
    ownWords(error) ??
    `Parwana could not start: ${error instanceof Error ? error.message : problemText(error)}`
  );
}
