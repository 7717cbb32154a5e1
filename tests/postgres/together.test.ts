import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { Changes } from "../../src/app/ports-store.ts";
import type { Tidings } from "../../src/app/ports-together.ts";
import type { PostgresStore } from "../../src/store/postgres/open.ts";
import { lease } from "../../src/store/postgres/worker.ts";
import {
  bytes,
  change,
  claimedIds,
  meet,
  newContact,
  nothing,
  queue,
  row,
  sent,
  text,
  turnOf,
} from "../contract/store/store-data.ts";
import { noon } from "../contract/store/store-engine.ts";
import { type Databases, openAt, startDatabases } from "./place.ts";
import { openWay } from "./way.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

const clock = { now: () => noon };
let database: string;
let one: PostgresStore;
let other: PostgresStore;
let heard: Tidings[];
beforeEach(async () => {
  database = await databases.make();
  const open = () => openAt(databases.postgres.url(database), { clock });
  one = await open();
  other = await open();
  heard = [];
  other.together.hear((tidings) => heard.push(tidings));
});
afterEach(async () => {
  await Promise.all([one.close(), other.close()]);
  await databases.empty(database);
});

const hears = (tidings: Tidings) =>
  vi.waitFor(() => expect(heard).toContainEqual(tidings), { timeout: 10_000 });

/** A process was stopped for so long that its lease ran out, and a third one notices. */
async function takenForDead(which: number): Promise<void> {
  const run = (sql: string) => databases.postgres.run(sql, database);
  const [worker] = await run(`SELECT id::text FROM workers ORDER BY id OFFSET ${which} LIMIT 1`);
  const id = worker?.["id"];
  // Again, where its own next sign of life came in between.
  await vi.waitFor(
    async () => {
      await run(`UPDATE workers SET lease_until = 'epoch' WHERE id = ${id}`);
      await (await openAt(databases.postgres.url(database), { clock })).close();
      expect(await run(`SELECT id FROM workers WHERE id = ${id}`)).toEqual([]);
    },
    { timeout: 10_000 },
  );
}

const append = (store: PostgresStore, letter: string) =>
  store.turn(
    turnOf("chat 1", (contact): Changes => {
      if (contact === undefined) throw new Error("the contact was not found");
      return { ...nothing, contact: { ...contact, session: bytes(`${text(contact.session)}${letter}`) } };
    }),
  );

describe("turns of several processes", () => {
  it("happen once for a delivery that reaches two of them at the same moment", async () => {
    const id = await meet(one, "chat 1");
    for (let round = 0; round < 10; round += 1) {
      const copy = turnOf("chat 1", () => ({ ...nothing, outbox: [row(one, id)], counts: ["turns"] }));
      const results = await Promise.all([one.turn(copy), other.turn(copy), one.turn(copy), other.turn(copy)]);
      expect(results.map(({ kind }) => kind).toSorted()).toEqual([
        "done",
        "duplicate",
        "duplicate",
        "duplicate",
      ]);
    }
    expect(await other.desk.counts()).toEqual({ turns: 10 });
  });

  it("see what the other wrote, and lose nothing of it", async () => {
    const id = await meet(one, "chat 1", { session: bytes("") });
    await Promise.all(
      [..."abcdefghijklmnop"].map((letter, at) => append(at % 2 === 0 ? one : other, letter)),
    );
    const contact = await other.contact(id);
    expect([...(text(contact?.session) ?? "")].toSorted().join("")).toBe("abcdefghijklmnop");
    expect(contact?.version).toBe(17);
  });

  it("let a stranger in once, though two of them meet them at the same moment", async () => {
    const greet = (store: PostgresStore) =>
      store.turn(
        turnOf("stranger", (found) => ({
          ...nothing,
          contact: found ?? newContact(store.nextId()),
          blinds: [bytes("stranger")],
        })),
      );
    await Promise.all([greet(one), greet(other), greet(one), greet(other)]);
    expect(await databases.postgres.run("SELECT version::integer AS v FROM contacts", database)).toEqual([
      { v: 4 },
    ]);
  });

  it("give ids that never meet", () => {
    const ids = [one, other].flatMap((store) => Array.from({ length: 1_000 }, store.nextId));
    expect(new Set(ids).size).toBe(2_000);
  });
});

describe("messages in the hands of several processes", () => {
  it("are handed out once", async () => {
    const people = await Promise.all(Array.from({ length: 20 }, (_, at) => meet(one, `chat ${at}`)));
    const id = one.nextId();
    await one.desk.addOrganisation("org", "Helpers", noon);
    await one.desk.addTopic({ id: "org/news", organisation: "org", titles: {} }, noon);
    for (const contact of people) await change(one, contact, { subscribe: ["org/news"] });
    await one.desk.createBroadcast({
      id,
      topic: "org/news",
      organisation: "org",
      texts: {},
      createdAt: noon,
    });
    await one.desk.queueBroadcastChunk(id, 100, ["fa-AF"], noon, noon + 1_000);
    await hears({ kind: "waiting" });
    const claims = await Promise.all([one, other, one, other].map((store) => store.claim(noon, "bulk", 15)));
    const rows = claims.flat().map((claimed) => claimed.id);
    expect(rows.length).toBe(new Set(rows).size);
    const rest = [...(await claimedIds(one, "bulk")), ...(await claimedIds(other, "bulk"))];
    expect(rows.length + rest.length).toBe(20);
  });

  it("of one person keep their order: what another process queues waits for what is under way here", async () => {
    const contact = await meet(one, "chat 1");
    const [first, second] = await queue(one, contact, {}, {});
    let later = 0;
    const result = await other.turn(
      turnOf("chat 1", () => {
        const message = row(other, contact);
        later = message.id;
        return { ...nothing, outbox: [message] };
      }),
    );
    expect(result).toMatchObject({ kind: "done", behind: true });
    expect(await claimedIds(other)).toEqual([]);
    expect(await claimedIds(one)).toEqual([first]);
    await one.settle([{ id: first ?? 0, contact, result: sent }]);
    expect(await claimedIds(other)).toEqual([]);
    expect(await claimedIds(one)).toEqual([second]);
    heard.splice(0);
    await one.settle([{ id: second ?? 0, contact, result: sent }]);
    await hears({ kind: "waiting" });
    expect(await claimedIds(other)).toEqual([later]);
  });

  it("keep it too where a look has taken the first and its answer is not there yet", async () => {
    const contact = await meet(one, "chat 1");
    const [first] = await queue(one, contact, {});
    await one.close();
    const way = await openWay(databases.postgres.port);
    const looking = await openAt(way.through(databases.postgres.tcpUrl(database)), { clock });
    way.holdCommitOf("claim");
    const looked = claimedIds(looking);
    const taken = "SELECT 1 FROM outbox WHERE owner = (SELECT max(id) FROM workers)";
    await vi.waitFor(async () => expect(await databases.postgres.run(taken, database)).toHaveLength(1));
    // The row is this process's and not in its memory: what comes after it has to be left to the store.
    expect(await change(looking, contact, { outbox: [row(looking, contact)] })).toMatchObject({
      behind: true,
    });
    way.unblock();
    expect(await looked).toEqual([first]);
    await looking.close();
    way.close();
  });

  it("may no longer leave once another process has dropped them; what did leave is recorded", async () => {
    const contact = await meet(other, "chat 1");
    const [first, second] = await queue(other, contact, {}, {});
    await claimedIds(other);
    const confirmation = row(one, contact);
    const drop = { lanes: ["reply"], reason: "opted-out" } as const;
    expect(await change(one, contact, { drop, outbox: [confirmation] })).not.toHaveProperty("behind");
    await hears({ kind: "dropped", contact });
    expect(await other.together.mayLeave(second ?? 0, false)).toBe(false);
    await other.settle([{ id: first ?? 0, contact, result: sent }]);
    expect(await claimedIds(one)).toEqual([confirmation.id]);
    const states = await databases.postgres.run(
      "SELECT id::text, state FROM outbox ORDER BY state",
      database,
    );
    expect(states).toEqual([
      { id: String(confirmation.id), state: 0 },
      { id: String(first), state: 3 },
      { id: String(second), state: 5 },
    ]);
  });

  it("are reported to the process that has them", async () => {
    const contact = await meet(other, "chat 1");
    const [id] = await queue(other, contact, {});
    const status = {
      channel: "whatsapp",
      providerId: "SM1",
      outbox: id,
      status: "sent",
      failure: undefined,
    } as const;
    expect(await one.reportStatus(status, noon)).toMatchObject({ outbox: id });
    await hears({ kind: "reported", outbox: id ?? 0 });
    expect(await other.together.mayLeave(id ?? 0, false)).toBe(false);
  });

  it("are free at once when a process ends in order", async () => {
    const contact = await meet(one, "chat 1");
    const [id] = await queue(one, contact, {});
    await claimedIds(one);
    await one.close();
    await hears({ kind: "waiting" });
    expect(await claimedIds(other)).toEqual([id]);
  });
});

describe("a process that was taken for dead", () => {
  it("loses what it held to the others, and none of its writes about it is accepted", async () => {
    const contact = await meet(other, "chat 1");
    const [id] = await queue(other, contact, {});
    expect(await claimedIds(other)).toEqual([id]);
    await takenForDead(1);
    expect(await claimedIds(one)).toEqual([id]);
    await other.settle([{ id: id ?? 0, contact, result: { kind: "failed", reason: "zombie" } }]);
    expect(await databases.postgres.run("SELECT state, reason FROM outbox", database)).toEqual([
      { state: 0, reason: null },
    ]);
    await one.settle([{ id: id ?? 0, contact, result: sent }]);
    await hears({ kind: "disowned" });
    expect(await other.together.mayLeave(id ?? 0, false)).toBe(false);
  });

  it("sends nothing of what it was only just given: not when it goes on, and not when it has entered anew", async () => {
    // Nothing reminds it to say that it lives.
    vi.useFakeTimers({ toFake: ["setInterval"] });
    const still = await openAt(databases.postgres.url(database), { clock });
    vi.useRealTimers();
    const contact = await meet(still, "chat 1");
    const [id] = await queue(still, contact, {});
    const mayLeave = async () => still.together.mayLeave(id ?? 0, true);
    expect(await mayLeave()).toBe(true);
    await databases.postgres.run(
      "DELETE FROM workers WHERE id = (SELECT max(id) FROM workers); UPDATE outbox SET owner = NULL",
      database,
    );
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + lease);
    expect(await mayLeave()).toBe(false);
    expect(await mayLeave()).toBe(false);
    vi.restoreAllMocks();
    await still.close();
  });

  it("goes by no answer that it was given before it was stopped", async () => {
    const way = await openWay(databases.postgres.port);
    const stopped = await openAt(way.through(databases.postgres.tcpUrl(database)), { clock });
    const contact = await meet(stopped, "chat 1");
    const [id] = await queue(stopped, contact, {});
    expect(await claimedIds(stopped)).toEqual([id]);
    expect(await stopped.together.mayLeave(id ?? 0, false)).toBe(true);
    const [before] = await databases.postgres.run("SELECT clock_timestamp()::text AS at", database);
    way.holdAnswers();
    const answer = Promise.resolve(stopped.together.mayLeave(id ?? 0, false)).catch(() => false);
    // The database has said yes, and nobody has read it yet.
    const said = `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%o.owner = $2%' AND state = 'idle'
      AND state_change > '${before?.["at"]}'`;
    await vi.waitFor(async () => expect(await databases.postgres.run(said, database)).toHaveLength(1));
    await takenForDead(2);
    expect(await claimedIds(one)).toEqual([id]);
    const now = performance.now.bind(performance);
    vi.spyOn(performance, "now").mockImplementation(() => now() + lease);
    way.unblock();
    expect(await answer).toBe(false);
    vi.restoreAllMocks();
    await stopped.close();
    way.close();
  });

  it("takes nothing under the name that it had before", async () => {
    const contact = await meet(one, "chat 1");
    const [id] = await queue(one, contact, {});
    await one.close();
    // The look is under way while this process is struck off and enters anew.
    const holder = new Client({ connectionString: databases.postgres.url(database) });
    await holder.connect();
    await holder.query("BEGIN; LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE");
    const looked = claimedIds(other);
    const waits =
      "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%o.owner = $4%'";
    await vi.waitFor(async () => expect(await databases.postgres.run(waits, database)).toHaveLength(1));
    await databases.postgres.run("DELETE FROM workers", database);
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + lease);
    const entered = Promise.resolve(other.together.mayLeave(id ?? 0, true)).catch(() => false);
    await hears({ kind: "disowned" });
    vi.restoreAllMocks();
    await holder.query("COMMIT");
    await holder.end();
    await entered;
    await looked;
    const nobodys = "SELECT id FROM outbox WHERE owner IS NOT NULL AND owner NOT IN (SELECT id FROM workers)";
    expect(await databases.postgres.run(nobodys, database)).toEqual([]);
    expect([...(await looked), ...(await claimedIds(other))]).toEqual([id]);
  });

  it("enters anew, and what it queues from then on is its own again", async () => {
    const contact = await meet(other, "chat 1");
    await takenForDead(1);
    const [id] = await queue(other, contact, {});
    expect(await claimedIds(one)).toEqual([]);
    expect(await claimedIds(other)).toEqual([id]);
  });

  it("leaves its inputs to be handled one by one for a minute", async () => {
    const contact = await meet(one, "chat 1");
    await takenForDead(1);
    const third = await openAt(databases.postgres.url(database), { clock });
    // Somebody else holds the person, so that the attempt can be looked at while it is under way.
    const holder = new Client({ connectionString: databases.postgres.url(database) });
    await holder.connect();
    await holder.query("BEGIN");
    await holder.query(`SELECT 1 FROM contacts WHERE id = ${contact} FOR UPDATE`);
    const turn = third.turn(
      turnOf("chat 1", () => undefined, { inbox: { channel: "whatsapp", externalId: "x" } }),
    );
    const begun = "SELECT state, attempts FROM inbox WHERE external_id = 'x'";
    await vi.waitFor(async () =>
      expect(await databases.postgres.run(begun, database)).toEqual([{ state: 1, attempts: 1 }]),
    );
    await holder.query("COMMIT");
    await holder.end();
    expect(await turn).toMatchObject({ kind: "done" });
    expect(await databases.postgres.run(begun, database)).toEqual([{ state: 0, attempts: null }]);
    await third.close();
  });
});

describe("what only one process does", () => {
  it("passes on to the next when it ends", async () => {
    expect([await one.together.leads(), await other.together.leads(), await one.together.leads()]).toEqual([
      true,
      false,
      true,
    ]);
    await one.close();
    await vi.waitFor(async () => expect(await other.together.leads()).toBe(true));
  });
});

describe("a channel's pace", () => {
  it("is shared: nobody is given a moment twice", async () => {
    const { moments } = one.together;
    if (moments === undefined || other.together.moments === undefined) throw new Error("not shared");
    const waits = [
      await moments("telegram", 10, 1_000),
      await other.together.moments("telegram", 10, 1_000),
      await moments("telegram", 10, 1_000),
    ];
    expect(waits[0]).toBe(0);
    expect(waits[1]).toBeGreaterThan(5_000);
    expect(waits[2]).toBeGreaterThan(15_000);
    expect(await moments("whatsapp", 1, 1_000)).toBe(0);
  });

  it("is held for all when a platform asks one of them", async () => {
    one.together.hold("telegram", 60_000);
    await hears({ kind: "held", channel: "telegram", forMs: 60_000 });
    expect(await other.together.moments?.("telegram", 1, 10)).toBeGreaterThan(50_000);
  });
});

it("new topics are told to the others", async () => {
  await one.desk.addOrganisation("org", "Helpers", noon);
  await one.desk.addTopic({ id: "org/news", organisation: "org", titles: {} }, noon);
  await hears({ kind: "topics" });
});
