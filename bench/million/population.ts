import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { People } from "../../src/app/people.ts";
import type { Log, Vault } from "../../src/app/ports.ts";
import type { ContactRow } from "../../src/app/ports-store.ts";
import { advance } from "../../src/core/conversation/advance.ts";
import { newSession, type Session } from "../../src/core/conversation/session.ts";
import type { Program } from "../../src/core/flow/program.ts";
import type { Language } from "../../src/core/nouns/language.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { loadMasterKey } from "../../src/vault/master-key.ts";
import { openVault } from "../../src/vault/vault.ts";
import { answers } from "../ten-questions.ts";

/** A store's folder and the key beside it, as a server is given them. */
export type Place = { readonly dataDir: string; readonly keyFile: string };

/** Who is put into a store. */
export type Population = {
  /** The content that their conversations stand in. */
  readonly program: Program;
  /** The chat of the first of them; the others follow. */
  readonly firstChat: number;
  readonly from: number;
  readonly to: number;
  /** Who will be opened again. The rows of the others only have the same length. */
  readonly isReal: (number: number) => boolean;
  /** Each has subscribed to this topic. */
  readonly topic?: string;
  readonly languageOf?: (number: number) => Language;
};

const quiet = (): void => undefined;
/** Says nothing. */
export const noLog: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

const inOneTransaction = 20_000;

/**
 * Puts people into a store whom it would take hours of conversation to come by: rows as turns leave them, everything
 * personal sealed. Each has been through the ten questions once and is at the first again.
 */
export async function populate(place: Place, population: Population): Promise<void> {
  const store = await openSqliteStore({ dataDir: place.dataDir, log: noLog });
  const vault = openVault(loadMasterKey(place).key, store.metaSync);
  const nextId = store.nextId;
  await organise(store, population.topic);
  await store.close();
  const db = new DatabaseSync(join(place.dataDir, "parwana.db"));
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144");
  const put = rowsOf(db, vault, population, nextId);
  for (let from = population.from; from < population.to; from += inOneTransaction) {
    db.exec("BEGIN");
    for (let number = from; number < Math.min(from + inOneTransaction, population.to); number += 1)
      put(number);
    db.exec("COMMIT");
  }
  db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
  flush(join(place.dataDir, "parwana.db"));
}

/** What was written without waiting goes to the disk now, and not in the first commit of whoever is measured. */
function flush(file: string): void {
  const handle = openSync(file, "r+");
  fsyncSync(handle);
  closeSync(handle);
}

async function organise(
  { desk }: Awaited<ReturnType<typeof openSqliteStore>>,
  topic: string | undefined,
): Promise<void> {
  if (topic === undefined) return;
  const [organisation = ""] = topic.split("/");
  await desk.addOrganisation(organisation, "Helpline", 0);
  await desk.addTopic({ id: topic, organisation, titles: { en: "News" } }, 0);
}

function rowsOf(db: DatabaseSync, vault: Vault, population: Population, nextId: () => number) {
  const { firstChat, topic, languageOf = () => "en" } = population;
  const contact = db.prepare(
    `INSERT INTO contacts (id, channel, language, state, version, last_seen, last_inbound, wrapped_key, address, session)
    VALUES (?, 'telegram', ?, 'active', 12, ?, ?, ?, ?, ?)`,
  );
  const lookup = db.prepare("INSERT INTO lookups (blind, contact_id) VALUES (?, ?)");
  const subscription = db.prepare("INSERT INTO subscriptions (topic_id, contact_id) VALUES (?, ?)");
  const sealed = sealer(vault, population);
  const now = Date.now();
  const likeness = new Map<Language, ContactRow>();
  return (number: number): void => {
    const language = languageOf(number);
    const chat = String(firstChat + number);
    const id = nextId();
    const isReal = population.isReal(number);
    const row = isReal ? sealed(id, chat, language) : (likeness.get(language) ?? sealed(id, chat, language));
    likeness.set(language, row);
    contact.run(id, language, now, now, row.wrappedKey, row.address, row.session);
    lookup.run(isReal ? vault.blind("telegram", chat) : randomBytes(16), id);
    if (topic !== undefined) subscription.run(topic, id);
  };
}

function sealer(vault: Vault, population: Population) {
  const people = new People(vault);
  const sessionIn = sessions(population);
  return (id: number, chat: string, language: Language): ContactRow => {
    const person = people.create(id, [chat], language, population.program.hash);
    return people.seal(
      { ...person, session: sessionIn(language) },
      {
        channel: "telegram",
        state: "active",
        version: 12,
        lastSeen: 0,
        lastInbound: 0,
        openKeyboard: undefined,
      },
    );
  };
}

/** The session of somebody who has answered ten questions and is at the first again, in each language. */
function sessions({ program, topic }: Population): (language: Language) => Session {
  const made = new Map<Language, Session>();
  return (language) => {
    const session = made.get(language) ?? answered(program, language, topic);
    made.set(language, session);
    return session;
  };
}

function answered(program: Program, language: Language, topic: string | undefined): Session {
  const now = Date.now();
  const subscriptions = topic === undefined ? [] : [topic];
  const begun: Session = { ...newSession(language, program.hash), met: true, subscriptions };
  const { session } = advance(program, begun, { kind: "tap", button: "f:bench" }, now);
  return answers.reduce((at, text) => advance(program, at, { kind: "text", text }, now).session, session);
}
