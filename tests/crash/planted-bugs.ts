import type { Patch } from "../system/copy-tree.ts";
import type { FailPoint } from "./fail-points.ts";
import { whatsapp } from "./on-whatsapp.ts";
import type { Platform } from "./platform.ts";

/** A bug that the harness has to see. */
export type PlantedBug = {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** Where people write; default Telegram. */
  readonly platform?: Platform;
  /** Where kills are aimed to bring it out. */
  readonly aims: readonly FailPoint[];
  /** What is said of it when it is seen. */
  readonly seenAs: RegExp;
  /** Whether it takes many kills: seen by the bench only. */
  readonly slow?: boolean;
  /** Whether nobody has to be killed for it to be seen. */
  readonly seenWithoutKill?: boolean;
};

/** Ends the transaction that runs, and begins another. */
const anotherTransaction = `db.exec("COMMIT"); crash.at("after-commit"); db.exec("BEGIN IMMEDIATE");`;

const lost =
  /a text came that nobody decided on|texts were sent|came after \d+ texts|not in the inbox|turns for/;
const doubled = /a text came that nobody decided on|sent twice without a crash|turns for/;

const copied = /copies after \d+ crashes/;

/** Bugs that are one slip away, each a patch of a tree with fail points. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "acknowledges before the commit",
    patches: [
      {
        file: "src/web/webhook-routes.ts",
        from: "taken = await receive(content);",
        to: 'void receive(content); taken = "done";',
      },
    ],
    aims: ["before-commit", "after-inbox"],
    seenAs: lost,
  },
  {
    name: "takes each delivery for a new one",
    patches: [
      {
        file: "src/app/receive.ts",
        from: "externalId: received.externalId },",
        to: "externalId: received.externalId + Math.random() },",
      },
    ],
    aims: ["after-commit"],
    seenAs: doubled,
    seenWithoutKill: true,
  },
  {
    name: "remembers a delivery in a transaction of its own",
    patches: [
      {
        file: "src/store/sqlite/inbox-rows.ts",
        from: "insert.run(key.channel, key.externalId, now).changes === 1;\n",
        to: `{\n    const { changes } = insert.run(key.channel, key.externalId, now);\n    ${anotherTransaction}\n    return changes === 1;\n  };\n`,
      },
    ],
    aims: ["after-commit"],
    seenAs: lost,
    slow: true,
  },
  {
    name: "writes session and outbox in two transactions",
    patches: [
      {
        file: "src/store/sqlite/changes.ts",
        from: "    const inLine = insertAll(outbox, changes.outbox);\n",
        to: `    const { db } = needs; ${anotherTransaction}\n    const inLine = insertAll(outbox, changes.outbox);\n`,
      },
    ],
    aims: ["after-commit"],
    seenAs: lost,
  },
  {
    name: "lets a person's newest message go first",
    patches: [
      {
        file: "src/app/contact-queues.ts",
        from: "queue.rows.splice(at < 0 ? queue.rows.length : at, 0, delivery);",
        to: "queue.rows.splice(from, 0, delivery);",
      },
    ],
    aims: ["before-send"],
    seenAs: /came after \d+ texts/,
    seenWithoutKill: true,
  },
  {
    name: "marks a message before it is sent",
    patches: [
      {
        file: "src/app/deliver-outbox.ts",
        from: "    const attempted = await this.#attempt.send(row);\n",
        to: `    await this.#results.write({ ...row, result: { kind: "sent", providerId: "0", keyboard: undefined } });\n    const attempted = await this.#attempt.send(row);\n`,
      },
    ],
    aims: ["before-send"],
    seenAs: lost,
  },
  {
    name: "marks what was sent at its leisure",
    patches: [
      {
        file: "src/app/deliver-outbox.ts",
        from: "    if (!attempted.contactStopped) await this.#finish(row, attempted);\n",
        to: "    if (!attempted.contactStopped) setTimeout(() => void this.#finish(row, attempted), 500);\n",
      },
    ],
    aims: ["after-commit"],
    seenAs: /copies after one crash/,
    slow: true,
  },
  {
    name: "forgets what was queued when it starts again",
    patches: [
      {
        file: "src/store/sqlite/claim.ts",
        from: "  const held = new Map<ContactId, OutboxId>();\n",
        to: "  const held = new Map<ContactId, OutboxId>();\n  const startedAt = Date.now() * 1000;\n",
      },
      {
        file: "src/store/sqlite/claim.ts",
        from: ".filter(({ contact }) => !held.has(contact));",
        to: ".filter(({ contact, id }) => !held.has(contact) && id > startedAt);",
      },
    ],
    aims: ["before-send"],
    seenAs: lost,
    slow: true,
  },
  {
    name: "changes the schema outside a transaction",
    patches: [
      {
        file: "src/store/sqlite/migrate.ts",
        from: "    inTransaction(db, () => {\n",
        to: "    ((_: unknown, run: () => void) => run())(inTransaction, () => {\n",
      },
    ],
    aims: ["in-migration"],
    seenAs: /ended by itself|did not start again/,
  },
  {
    name: "sends on WhatsApp what was in flight, and does not look whether it is there",
    platform: whatsapp,
    patches: [
      {
        file: "src/channels/whatsapp/send.ts",
        from: "await (looksBack ? seek(outgoing) : undefined);",
        to: "await (looksBack && process.pid < 0 ? seek(outgoing) : undefined);",
      },
    ],
    aims: ["after-send-before-mark"],
    seenAs: copied,
  },
  {
    name: "takes what was queued before its start for never sent",
    platform: whatsapp,
    patches: [
      {
        file: "src/app/attempt.ts",
        from: "      if (this.#isOthers(row)) row.doubtSince ??= row.queuedAt;\n",
        to: "",
      },
    ],
    aims: ["between-steps", "after-send-before-mark"],
    seenAs: copied,
  },
];
