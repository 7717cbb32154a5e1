import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { vi } from "vitest";
import { Outbox } from "../../src/app/deliver-outbox.ts";
import { loadTopics } from "../../src/app/desk.ts";
import { IntakeGate } from "../../src/app/intake-gate.ts";
import { People } from "../../src/app/people.ts";
import type { Vault } from "../../src/app/ports.ts";
import type { DeliveryStatus, Inbound } from "../../src/app/ports-channel.ts";
import type { Changes, Store } from "../../src/app/ports-store.ts";
import { receive } from "../../src/app/receive.ts";
import { contactStopped } from "../../src/app/record-status.ts";
import { Content } from "../../src/app/runtime.ts";
import type { TurnParts } from "../../src/app/take-turn.ts";
import { emptyChanges } from "../../src/app/turn-changes.ts";
import { loadContent } from "../../src/content/load.ts";
import type { ChannelId, ContactId, OutboxId } from "../../src/core/nouns/ids.ts";
import type { Input } from "../../src/core/nouns/input.ts";
import type { Lane, Message } from "../../src/core/nouns/message.ts";
import { day } from "../../src/core/nouns/time.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { SecretKey } from "../../src/vault/secret-key.ts";
import { openVault } from "../../src/vault/vault.ts";
import { keepingLog } from "../logs.ts";
import { type FakeChannel, fakeChannel } from "./fake-channel.ts";

const loaded = loadContent(fileURLToPath(new URL("../..", import.meta.url)));
if ("issues" in loaded) throw new Error("the shipped content does not load");
export const shipped = { program: loaded.program, translator: loaded.translator };

/** Where the tests' clock starts: noon, when nudges may be said in most of the world. */
export const noon = Date.UTC(2026, 10, 23, 10);

/** Timers and the clock stand still until `advance` moves them; the store's own commits go on. */
export function stillTime(): void {
  vi.useFakeTimers({
    toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"],
    now: noon,
  });
}

export type AppOptions = {
  /** Put around the store, to delay or refuse some of its work. */
  readonly around?: (store: Store) => Store;
  readonly vaultAround?: (vault: Vault) => Vault;
  readonly inFlight?: number;
  readonly bulkPerSecond?: number;
  /** What spreads retries; default the middle. */
  readonly chance?: () => number;
  readonly content?: () => Content;
};

type Counting = { pending: number };

/** The store, counting what it has not yet answered. */
function counted(store: Store, counting: Counting): Store {
  const count =
    <Args extends readonly unknown[], T>(work: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      counting.pending += 1;
      try {
        return await work(...args);
      } finally {
        counting.pending -= 1;
      }
    };
  const { desk } = store;
  return {
    ...store,
    turn: count(store.turn),
    settle: count(store.settle),
    claim: count(store.claim),
    leaving: count(store.leaving),
    contact: count(store.contact),
    reportStatus: count(store.reportStatus),
    desk: { ...desk, queueBroadcastChunk: count(desk.queueBroadcastChunk), broadcast: count(desk.broadcast) },
  };
}

let deliveries = 0;

/** Something a person sent. */
export function inbound(address: string, input: Input, fields: Partial<Inbound> = {}): Inbound {
  deliveries += 1;
  return {
    channel: "telegram",
    externalId: `delivery ${deliveries}`,
    addresses: [address],
    input,
    languageHint: "en",
    opensWindow: true,
    tappedMessage: undefined,
    tapId: undefined,
    ...fields,
  };
}

export const written = (text: string): Input => ({ kind: "text", text });

function plain(text: string): Message {
  return { language: "en", parts: [{ style: "text", text }], buttons: [], nav: [], listLabel: "Choose" };
}

export type App = Awaited<ReturnType<typeof openApp>>;

/** The app over a real store in a folder of its own, with channels in memory. */
export async function openApp(options: AppOptions = {}) {
  const dataDir = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "parwana-app-"));
  const master = SecretKey.fresh();
  const clock = { now: () => Date.now() };
  const log = keepingLog();
  const channels = new Map<ChannelId, FakeChannel>(
    (["telegram", "whatsapp"] as const).map((id) => [id, fakeChannel(id, clock.now, options.bulkPerSecond)]),
  );
  const counting: Counting = { pending: 0 };

  const assemble = async () => {
    const sqlite = await openSqliteStore({ dataDir, log, clock });
    const real = openVault(master, sqlite.metaSync);
    const vault = options.vaultAround?.(real) ?? real;
    const store = counted(options.around?.(sqlite) ?? sqlite, counting);
    const content = options.content?.() ?? new Content(shipped.program, shipped.translator);
    const base = { store, vault, clock, log, content, channels, people: new People(vault) };
    const gate: IntakeGate = new IntakeGate(() => outbox.backlog);
    const outbox: Outbox = new Outbox(base, {
      inFlight: options.inFlight ?? 16,
      chance: options.chance ?? (() => 0.5),
      onLeft: () => gate.left(),
      onContactStopped: (contact, channel) => contactStopped(parts, contact, channel),
    });
    const parts: TurnParts = { ...base, outbox };
    await loadTopics(parts);
    return { parts, gate, sqlite };
  };
  let running = await assemble();

  const quiet = async (): Promise<void> => {
    for (let still = 0; still < 4; ) {
      await new Promise((resolve) => setImmediate(resolve));
      still = counting.pending === 0 ? still + 1 : 0;
    }
  };
  const app = {
    dataDir,
    log,
    counting,
    telegram: channels.get("telegram") ?? fakeChannel("telegram", clock.now),
    whatsapp: channels.get("whatsapp") ?? fakeChannel("whatsapp", clock.now),
    get parts() {
      return running.parts;
    },
    get gate() {
      return running.gate;
    },
    get store() {
      return running.sqlite;
    },
    /** Waits until the store has nothing left to do. */
    quiet,
    /** Moves time on, in steps, so that what timers begin is committed before the next goes off. */
    advance: async (ms: number, step = 250): Promise<void> => {
      for (let left = ms; left > 0; left -= step) {
        await vi.advanceTimersByTimeAsync(Math.min(step, left));
        await quiet();
      }
    },
    receive: (received: Inbound | DeliveryStatus) =>
      receive({ ...running.parts, gate: running.gate }, received),
    /** Ends this process's part and begins again over the same data; what is in memory is gone. */
    restart: async (): Promise<void> => {
      await running.parts.outbox.stop();
      await running.sqlite.close();
      running = await assemble();
    },
    end: async (): Promise<void> => {
      for (const channel of channels.values()) channel.gate().letAll();
      await running.parts.outbox.stop();
      await running.sqlite.close();
      vi.useRealTimers();
      rmSync(dataDir, { recursive: true });
    },
  };
  return app;
}

/** Somebody who has written once; gives who they are to the store. */
export async function meet(app: App, address: string, fields: Partial<Inbound> = {}): Promise<ContactId> {
  const { channel = "telegram" } = fields;
  await app.receive(inbound(address, { kind: "start", payload: "" }, fields));
  await app.quiet();
  const found = await contactAt(app, address, channel);
  if (found === undefined) throw new Error("nobody was met");
  return found;
}

/** Who an address leads to. */
export async function contactAt(
  app: App,
  address: string,
  channel: ChannelId = "telegram",
): Promise<ContactId | undefined> {
  let id: ContactId | undefined;
  await app.parts.store.turn({
    who: { kind: "address", blinds: [app.parts.vault.blind(channel, address)] },
    inbox: undefined,
    fire: undefined,
    now: app.parts.clock.now(),
    decide: (row) => {
      id = row?.id;
      return undefined;
    },
    keep: () => {
      throw new Error("nothing should be kept");
    },
  });
  return id;
}

export type Queued = { readonly lane: Lane; readonly text: string; readonly notAfter?: number };

/** Queues messages for a contact in one committed turn; `offered`: they are handed on as a fresh turn's are. */
export async function queue(
  app: App,
  contact: ContactId,
  messages: readonly Queued[],
  { offered = true, changes = {} }: { readonly offered?: boolean; readonly changes?: Partial<Changes> } = {},
): Promise<readonly OutboxId[]> {
  const { parts } = app;
  const now = parts.clock.now();
  const rows = messages.map(({ lane, text, notAfter = now + day }) => ({
    id: parts.store.nextId(),
    lane,
    notAfter,
    message: plain(text),
  }));
  let offer: Parameters<Outbox["offer"]>[0] | undefined;
  await parts.store.turn({
    who: { kind: "contact", id: contact },
    inbox: undefined,
    fire: undefined,
    now,
    decide: (row) => {
      if (row === undefined) throw new Error("no such contact");
      const person = parts.people.open(row);
      offer = {
        contact,
        channel: row.channel,
        address: person.addresses[0] ?? "",
        lastInbound: row.lastInbound,
        openKeyboard: row.openKeyboard,
        messages: rows.map(({ message, ...rest }) => ({ ...rest, body: { message } })),
      };
      return {
        ...emptyChanges(false),
        outbox: rows.map(({ id, lane, notAfter, message }) => ({
          id,
          contact,
          channel: row.channel,
          lane,
          language: "en",
          notBefore: now,
          notAfter,
          body: parts.vault.seal(
            person.key,
            { table: "outbox", column: "body", row: id },
            JSON.stringify({ message }),
          ),
        })),
        ...changes,
      };
    },
    keep: () => {
      throw new Error("nothing should be kept");
    },
  });
  if (offered && offer !== undefined) parts.outbox.offer(offer);
  return rows.map(({ id }) => id);
}
