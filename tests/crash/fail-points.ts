import type { Patch } from "../system/copy-tree.ts";

/** Places in the code at which a server can be made to die, whichever its platform. */
export const failPoints = [
  "after-inbox",
  "before-commit",
  "in-commit",
  "after-commit",
  "before-send",
  "after-send-before-mark",
  "in-checkpoint",
  "in-migration",
] as const;

/** `between-steps`: only on WhatsApp, where a message may be several. */
export type FailPoint = (typeof failPoints)[number] | "between-steps";

/** At which passing at most a point strikes: most are passed for each message. */
export const passings: Readonly<Record<FailPoint, number>> = {
  "after-inbox": 40,
  "before-commit": 90,
  "in-commit": 90,
  "after-commit": 90,
  "before-send": 40,
  "after-send-before-mark": 40,
  "in-checkpoint": 60,
  "in-migration": 1,
  "between-steps": 6,
};

/** What a server needs to be loaded with: `node --import`. */
export const failPointModule = new URL("./fail-point.ts", import.meta.url).href;

/** The fail points around a send, whatever the store. */
export const sendPatch: Patch = {
  file: "src/app/attempt.ts",
  from: "      const outcome = await channel.send(outgoing).catch((error: unknown) => this.#broken(row, error));\n",
  to: `      crash.at("before-send");
      const outcome = await channel.send(outgoing).catch((error: unknown) => this.#broken(row, error));
      crash.at("after-send-before-mark");
`,
};

/**
 * Sets the fail points into a copy of the source. Four more settings stand there: CRASH_LOG_PAGES, at which size the log
 * file is brought into the database within a commit; CRASH_CALM=yes, which makes a server commit in groups as if its
 * last one had ended a minute ago; CRASH_DOUBT_MS, how long a WhatsApp message waits for a delivery report, and
 * CRASH_SETTLING_MS, how long one that was queued before the start waits.
 */
export const failPointPatches: readonly Patch[] = [
  {
    file: "src/store/sqlite/turn.ts",
    from: `  return {\n    kind: "done",\n    changes,\n`,
    to: `  crash.at("after-inbox");\n  return {\n    kind: "done",\n    changes,\n`,
  },
  {
    file: "src/store/sqlite/transaction.ts",
    from: '    db.exec("COMMIT");\n',
    to: `    crash.at("before-commit");\n    crash.during(process.env["CRASH_LOG_PAGES"] === undefined ? "in-commit" : "in-checkpoint", () => db.exec("COMMIT"));\n    crash.at("after-commit");\n`,
  },
  sendPatch,
  {
    file: "src/app/attempt.ts",
    from: "Math.max(doubtWait",
    to: `Math.max(process.env["CRASH_DOUBT_MS"] ? Number(process.env["CRASH_DOUBT_MS"]) : doubtWait`,
  },
  {
    file: "src/app/attempt.ts",
    from: "const settling: Ms = 5 * second;",
    to: `const settling: Ms = Number(process.env["CRASH_SETTLING_MS"] ?? 5 * second);`,
  },
  {
    file: "src/channels/whatsapp/send.ts",
    from: "      at += 1;\n",
    to: `      at += 1;\n      if (at < steps.length) crash.at("between-steps");\n`,
  },
  {
    file: "src/store/sqlite/checkpoint.ts",
    from: "    return work();\n",
    to: `    return crash.during("in-checkpoint", work);\n`,
  },
  {
    file: "src/store/sqlite/migrate.ts",
    from: "      db.exec(step.sql);\n",
    to: `      db.exec(step.sql);\n      crash.at("in-migration");\n`,
  },
  {
    file: "src/store/sqlite/connection.ts",
    from: "      migrations.map(({ number, sqlite }) => ({ number, sql: sqlite })),\n",
    to: "      crash.steps(migrations.map(({ number, sqlite }) => ({ number, sql: sqlite }))),\n",
  },
  {
    file: "src/store/sqlite/connection.ts",
    from: "PRAGMA wal_autocheckpoint = 10000;",
    to: `PRAGMA wal_autocheckpoint = \${process.env["CRASH_LOG_PAGES"] ?? 10000};`,
  },
  {
    file: "src/store/sqlite/open.ts",
    from: "markOpen(meta, log) ?",
    to: `markOpen(meta, log) && process.env["CRASH_CALM"] !== "yes" ?`,
  },
];
