import { Outbox } from "../../src/app/deliver-outbox.ts";
import { People } from "../../src/app/people.ts";
import type { Vault } from "../../src/app/ports.ts";
import type { Channel } from "../../src/app/ports-channel.ts";
import type { Store } from "../../src/app/ports-store.ts";
import { Content } from "../../src/app/runtime.ts";
import { takeTurn } from "../../src/app/take-turn.ts";
import type { Program } from "../../src/core/flow/program.ts";
import type { Translator } from "../../src/core/render/translator.ts";
import { openSqliteStore } from "../../src/store/sqlite/open.ts";
import { SecretKey } from "../../src/vault/secret-key.ts";
import { openVault } from "../../src/vault/vault.ts";
import { clearVault } from "../clear-vault.ts";
import { noLog } from "../million/population.ts";
import { answers } from "../ten-questions.ts";

/** Conversations over a store, without a network: what arrives becomes a turn, what it queues is sent to nowhere and settled. */
export type Talk = {
  /** A person's next message; resolves when its answer is settled. */
  readonly say: (person: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Opens a store of its own, with encryption or without, and everybody's first message in it. */
export async function openTalk(
  dataDir: string,
  content: { readonly program: Program; readonly translator: Translator },
  encryption: "on" | "off",
  people: number,
): Promise<Talk> {
  const store = await openSqliteStore({ dataDir, log: noLog });
  const vault = encryption === "on" ? openVault(SecretKey.fresh(), store.metaSync) : clearVault;
  const { parts, sent } = partsOver(store, vault, content);
  const said = new Array<number>(people).fill(0);
  let update = 0;
  const take = (person: number, input: Parameters<typeof takeTurn>[1]["input"]) => {
    update += 1;
    return takeTurn(parts, {
      channel: "telegram",
      who: { kind: "address", addresses: [String(7_000_001 + person)] },
      input,
      languageHint: "en",
      opensWindow: true,
      inbox: { channel: "telegram", externalId: String(500_000_000 + update) },
      fire: undefined,
    });
  };
  const waitFor = (person: number) =>
    new Promise<void>((resolve) => sent.set(String(7_000_001 + person), resolve));
  for (let person = 0; person < people; person += 1) {
    await take(person, { kind: "text", text: "English" });
    const answered = waitFor(person);
    await take(person, { kind: "tap", button: "f:bench" });
    await answered;
  }
  return {
    say: async (person) => {
      const at = said[person] ?? 0;
      said[person] = at + 1;
      const answered = waitFor(person);
      await take(person, { kind: "text", text: answers[at % answers.length] ?? "" });
      await answered;
    },
    close: async () => {
      await parts.outbox.stop();
      await store.close();
    },
  };
}

function partsOver(
  store: Store,
  vault: Vault,
  { program, translator }: { readonly program: Program; readonly translator: Translator },
) {
  /** By address, who waits for an answer. */
  const sent = new Map<string, () => void>();
  let message = 0;
  const channel: Channel = {
    id: "telegram",
    receive: () => ({ kind: "ignored" }),
    answer: { contentType: "text/plain", body: "" },
    send: async ({ address }) => {
      message += 1;
      sent.get(address)?.();
      return { kind: "sent", providerId: String(message), hasKeyboard: false };
    },
    reach: () => "now",
    doubtWait: 0,
    bulkPerSecond: 30,
    start: async () => undefined,
    stop: async () => undefined,
  };
  const base = {
    store,
    vault,
    clock: { now: () => Date.now() },
    log: noLog,
    content: new Content(program, translator),
    channels: new Map([[channel.id, channel]]),
    people: new People(vault),
  };
  const outbox = new Outbox(base, {
    inFlight: 128,
    chance: Math.random,
    onLeft: () => undefined,
    onContactStopped: async () => undefined,
  });
  return { parts: { ...base, outbox }, sent };
}
