import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { startBotApi } from "../stand-ins/bot-api.ts";
import { endAll, launchServer, parwana } from "./process.ts";
import { answerTo, labelsOf, meet, say, tap } from "./talk.ts";
import { botToken, drained, makePlace, type Place, telegramAt } from "./world.ts";

const chatId = 7_391_846_205;
/** What a person wrote: it may stand nowhere in the clear, and after a deletion nowhere at all. */
const label = "zanbaq canary";

afterEach(endAll);

const backupOf = ({ dir }: Place) => join(dir, "backup.db");

/** Every file below the data folder: database, log file, and whatever else there is. */
function filesIn(place: Place): readonly { readonly name: string; readonly bytes: Buffer }[] {
  if (!existsSync(place.dataDir)) return [];
  return readdirSync(place.dataDir, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => ({ name, bytes: readFileSync(join(place.dataDir, name)) }));
}

/** The places where any of these byte strings stands: a backup, the log, and the data folder's files. */
function found(place: Place, log: string, canaries: readonly (string | Buffer)[]): readonly string[] {
  const copies = existsSync(backupOf(place))
    ? [{ name: "backup", bytes: readFileSync(backupOf(place)) }]
    : [];
  const all = [...copies, ...filesIn(place), { name: "log", bytes: Buffer.from(log) }];
  return all.flatMap(({ name, bytes }) =>
    canaries.flatMap((canary, index) => (bytes.includes(canary) ? [`canary ${index} in ${name}`] : [])),
  );
}

function read(place: Place, sql: string): readonly Readonly<Record<string, unknown>>[] {
  const db = new DatabaseSync(join(place.dataDir, "parwana.db"), { readOnly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

const numberBytes = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return [bytes, Buffer.from(bytes).reverse()];
};

const canaries = [
  label,
  Buffer.from(label, "utf16le"),
  String(chatId),
  ...numberBytes(chatId).map((bytes) => bytes.subarray(2, 8)),
];

describe("delete", () => {
  it("leaves nothing of a person: no row, no key, no byte; the receipt arrives; whoever writes again is new", async () => {
    const place = await makePlace();
    const bot = await startBotApi({ token: botToken });
    const environment = { ...place.environment, ...telegramAt(bot), LOG_LEVEL: "debug" };
    try {
      const server = await launchServer({ environment });
      const stays = bot.person(4_470_001, { languageCode: "en" });
      const goes = bot.person(chatId, { languageCode: "en", name: "Qanari" });
      await meet(bot, stays);
      await meet(bot, goes);
      for (const choice of ["Dates, reminders", "Yes", "The end of a paper", "I-94: parole ends"])
        await tap(bot, goes, choice);
      await say(bot, goes, label);
      await tap(bot, goes, "Kabul");
      await say(bot, goes, "3 June 2027");
      await tap(bot, goes, "Yes");
      await drained(place.url);
      expect((await parwana(environment, "backup", backupOf(place))).code).toBe(0);
      // Nothing is in the clear even while the person is there, nor in a backup made then.
      expect(found(place, server.stderr(), [...canaries, "Qanari"])).toEqual([]);
      expect(read(place, "SELECT count(*) AS count FROM contacts")).toEqual([{ count: 2 }]);
      expect(read(place, "SELECT count(*) AS count FROM fires")).not.toEqual([{ count: 0 }]);
      const blobs = read(
        place,
        "SELECT wrapped_key, address, session FROM contacts ORDER BY id DESC LIMIT 1",
      );
      const sealed = Object.values(blobs[0] ?? {}).map((value) => Buffer.from(value as Uint8Array));
      const [wrappedKey = Buffer.alloc(0)] = sealed;
      expect(filesIn(place).some(({ bytes }) => bytes.includes(wrappedKey))).toBe(true);
      expect(readFileSync(backupOf(place)).includes(wrappedKey)).toBe(true);
      rmSync(backupOf(place));

      await say(bot, goes, "delete");
      const receipt = await tap(bot, goes, "Yes");
      expect(receipt.text).toContain("Your key and everything I kept about you are destroyed");
      await bot.waitFor(
        () => goes.messages().every(({ keyboard }) => keyboard.length === 0),
        "the last buttons to go",
      );
      await drained(place.url);
      expect(read(place, "SELECT count(*) AS count FROM contacts")).toEqual([{ count: 1 }]);
      expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });

      expect(found(place, server.stderr() + server.stdout(), [...canaries, ...sealed, "Qanari"])).toEqual([]);
      const left = {
        contacts: 1,
        lookups: 1,
        fires: 0,
        outbox: 2,
        subscriptions: 0,
        cases: 0,
        tombstones: 1,
        erasures: 0,
      };
      for (const [table, count] of Object.entries(left)) {
        expect([table, read(place, `SELECT count(*) AS count FROM ${table}`)]).toEqual([table, [{ count }]]);
      }

      const again = await launchServer({ environment });
      const first = await answerTo(bot, goes, () => goes.say("menu"));
      expect(labelsOf(first)).toEqual(["English", "دری", "پښتو", "Español"]);
      await tap(bot, goes, "English");
      expect((await tap(bot, goes, "Dates, reminders")).text).toContain("You have no dates saved");
      expect((await say(bot, stays, "menu")).text).toContain("What would you like to do?");
      expect(found(place, again.stderr(), canaries)).toEqual([]);
      expect(await again.end("SIGTERM")).toEqual({ code: 0, signal: null });
    } finally {
      await endAll();
      await bot.close();
      place.remove();
    }
  });
});
