import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Patch } from "../system/copy-tree.ts";
import type { BlowKind } from "./blows.ts";
import { crashRun } from "./crash-run.ts";
import { type Databases, startDatabases } from "./place.ts";

let databases: Databases;
beforeAll(async () => {
  databases = await startDatabases();
});
afterAll(() => databases.stop());

type Planted = {
  readonly bugs: readonly Patch[];
  readonly kind: BlowKind;
  readonly blows: number;
  readonly seen: RegExp;
};

const planted: Readonly<Record<string, Planted>> = {
  "a lease without a fence: what a process writes that was taken for dead is accepted": {
    bugs: [
      {
        file: "src/store/postgres/session.ts",
        from: `if ((await query(fence, [this.#id])).count === 0) throw new Disowned("taken for dead");`,
        to: "await query(fence, [this.#id]);",
      },
    ],
    kind: "freeze",
    blows: 4,
    seen: /belong to a process that is gone/,
  },
  "a process that was taken for dead goes on sending what it held": {
    bugs: [
      {
        file: "src/store/postgres/together.ts",
        from: "if (fresh && session.isSure() && !session.isNew()) return true;",
        to: "if (fresh || !fresh) return true;",
      },
      { file: "src/app/act-on-tidings.ts", from: "return outbox.forsake();", to: "return outbox.wake();" },
    ],
    kind: "freeze",
    blows: 4,
    seen: /copies after one freeze/,
  },
  "people without a lock, and no comparison of versions": {
    bugs: [
      {
        file: "src/store/postgres/contacts.ts",
        from: "ORDER BY id FOR UPDATE`,\n};\n\n/** The same",
        to: "ORDER BY id`,\n};\n\n/** The same",
      },
      {
        file: "src/store/postgres/contacts.ts",
        from: "AND c.version = t.version RETURNING",
        to: "RETURNING",
      },
    ],
    kind: "cut",
    blows: 4,
    seen: /turns for \d+ inputs/,
  },
  "messages taken whoever has them": {
    bugs: [
      {
        file: "src/store/postgres/claim.ts",
        from: " AND (o.owner IS NULL OR o.owner = $4)",
        to: "",
      },
      {
        file: "src/store/postgres/claim.ts",
        from: "AND (e.owner <> $4 OR (e.state = 0 AND e.lane < $1))",
        to: "AND e.state = 0 AND e.lane < $1 AND e.owner = $4",
      },
    ],
    kind: "kill",
    blows: 2,
    seen: /copies/,
  },
  "messages that leave at once, whatever of the same person is in another process's hands": {
    bugs: [
      {
        file: "src/app/take-turn.ts",
        from: "behind === true || isOvertaking ? { ...decided, prepared: [] } : decided",
        to: "decided",
      },
      {
        file: "src/store/postgres/line.ts",
        from: "owner: behind ? undefined : me",
        to: "owner: me",
      },
    ],
    kind: "kill",
    blows: 2,
    seen: /after \d+(?: and \d+)? came the answer to/,
  },
  "deliveries that are not known again": {
    bugs: [
      {
        file: "src/store/postgres/turn-load.ts",
        from: "if (entered.has(text) && inbox.retry !== true) return { ...nothing, entered: true };",
        to: "if (inbox.retry !== true) return { ...nothing, entered: true };",
      },
    ],
    kind: "cut",
    blows: 4,
    seen: /turns for \d+ inputs/,
  },
};

describe("the harness of blows sees", () => {
  it.each(Object.entries(planted))(
    "%s",
    { timeout: 600_000 },
    async (_name, { bugs, kind, blows: aRun, seen }) => {
      const found: string[] = [];
      // Chance decides where a blow falls: a bug has to be seen within forty.
      for (let blows = 0; blows < 40 && !seen.test(found.join("\n")); blows += aRun) {
        const { violations } = await crashRun({
          databases,
          bugs,
          strikes: Array.from({ length: aRun }, () => ({ kind })),
          processes: 2,
          seed: 7 + blows,
          inFlight: 4,
        });
        found.push(...violations);
      }
      expect(found.join("\n")).toMatch(seen);
    },
  );
});
