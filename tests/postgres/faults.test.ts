import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Speaker, telegramSpeaker, whatsappSpeaker } from "../faults/speakers.ts";
import { openWorld, type World } from "../system/world.ts";
import { type Databases, startDatabases } from "./place.ts";
import { password } from "./real-postgres.ts";
import { openWay, type Way } from "./way.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let databases: Databases;
let database: string;
let way: Way;
let world: World;
const everybody: Speaker[] = [];

beforeAll(async () => {
  // It is ended as by a power cut: what it has acknowledged has to be there then.
  databases = await startDatabases({ durable: true });
  database = await databases.make();
  way = await openWay(databases.postgres.port);
  await databases.postgres.run(
    `CREATE ROLE tenant LOGIN PASSWORD '${password.replaceAll("'", "''")}';
    GRANT ALL ON SCHEMA public TO tenant; GRANT ALL ON ALL TABLES IN SCHEMA public TO tenant;
    GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO tenant`,
    database,
  );
  world = await openWorld({
    telegram: "webhook",
    whatsapp: true,
    bot: { strict: false },
    twilio: { strict: false },
    environment: { DATABASE_URL: way.through(databases.postgres.tcpUrl(database, "tenant")) },
  });
});
afterAll(async () => {
  await world?.close();
  way?.close();
  await databases.stop();
});

function newcomers(): readonly Speaker[] {
  const number = everybody.length;
  const pair = [
    telegramSpeaker(world.url, world.bot, 4_700_000 + number),
    whatsappSpeaker(world.url, world.twilio, 93_700_100_000 + number),
  ];
  everybody.push(...pair);
  return pair;
}

const say = (speakers: readonly Speaker[]) => Promise.all(speakers.map(({ step }) => step()));

async function ready() {
  const answer = await fetch(`${world.url}/readyz`);
  return { status: answer.status, state: (await answer.json()) as unknown };
}

const within = { timeout: 10_000, interval: 100 };
const cutAll = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'tenant'";

type Fault = {
  readonly code: string;
  readonly reason: string;
  readonly begin: () => unknown;
  readonly end: () => unknown;
};

const asAdmin = (...statements: readonly string[]) =>
  statements.reduce<Promise<unknown>>(
    (done, statement) => done.then(() => databases.postgres.run(statement, database)),
    Promise.resolve(),
  );

const faults: Readonly<Record<string, Fault>> = {
  "is stopped": {
    // The way there still takes connections, and cuts them.
    code: "lost",
    reason: "the connection was lost",
    begin: () => databases.postgres.kill(),
    end: () => databases.postgres.start(),
  },
  "has no connection free": {
    code: "no-connection",
    reason: "max_connections",
    begin: () => asAdmin("ALTER ROLE tenant CONNECTION LIMIT 0", cutAll),
    end: () => asAdmin("ALTER ROLE tenant CONNECTION LIMIT -1"),
  },
  "is read-only": {
    code: "read-only",
    reason: "standby",
    begin: () => asAdmin("ALTER ROLE tenant SET default_transaction_read_only = on", cutAll),
    end: () => asAdmin("ALTER ROLE tenant RESET default_transaction_read_only", cutAll),
  },
  "does not let its user write any more": {
    code: "no-right",
    reason: "lacks a right",
    begin: () => asAdmin("REVOKE INSERT ON inbox, meta FROM tenant"),
    end: () => asAdmin("GRANT INSERT ON inbox, meta TO tenant"),
  },
  "has another password": {
    code: "wrong-password",
    reason: "password is wrong",
    begin: () => asAdmin("ALTER ROLE tenant PASSWORD 'another'", cutAll),
    end: () => asAdmin(`ALTER ROLE tenant PASSWORD '${password.replaceAll("'", "''")}'`),
  },
  "can't be heard from": {
    code: "no-answer",
    reason: "does not answer",
    begin: () => way.block(),
    end: () => way.unblock(),
  },
};

describe("while the database", () => {
  it.each(Object.entries(faults))(
    "%s, nothing is acknowledged, and all goes on by itself",
    async (_name, fault) => {
      const people = newcomers();
      expect(await say(people)).toEqual([200, 200]);
      await fault.begin();
      try {
        const refused = { ok: false, code: fault.code, reason: expect.stringContaining(fault.reason) };
        await vi.waitFor(async () => expect(await ready()).toEqual({ status: 503, state: refused }), within);
        expect(await say(people)).toEqual([503, 503]);
        expect(people.map(({ acknowledged }) => acknowledged.length)).toEqual([1, 1]);
      } finally {
        await fault.end();
      }
      await vi.waitFor(async () => expect((await ready()).status).toBe(200), within);
      await vi.waitFor(async () => expect(await say(people)).toEqual([200, 200]), within);
    },
  );
});

describe("a connection that is cut while a turn is committed", () => {
  it("costs nothing: what became of it is looked up, and the platform is told the truth", async () => {
    const people = newcomers();
    for (let round = 0; round < 5; round += 1) {
      way.cutAtCommit();
      expect(await say(people)).toEqual([200, 200]);
    }
  });
});

describe("after all that", () => {
  it("what was acknowledged is there once, and answered", async () => {
    const left = async () => databases.postgres.run("SELECT id FROM outbox WHERE state IN (0, 1)", database);
    await vi.waitFor(async () => expect(await left()).toEqual([]), { timeout: 60_000, interval: 200 });
    const kept = await databases.postgres.run("SELECT external_id FROM inbox WHERE state = 0", database);
    const acknowledged = everybody.flatMap((one) => one.acknowledged);
    expect(kept.map((row) => String(row["external_id"])).toSorted()).toEqual(acknowledged.toSorted());
    for (const { heard } of everybody) expect(heard().length).toBeGreaterThan(0);
  });
});
