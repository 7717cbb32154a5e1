import { readFileSync, writeSync } from "node:fs";
import { Worker } from "node:worker_threads";

// Loaded before a server that is to die (`node --import`): what the patches of fail-points.ts call stands here.
// CRASH_AT="<name> <count>": where to die, and at which passing of it. CRASH_AIM=<file>: the same stands there by the time that
// the process is sent SIGUSR2, and counts from then on.

type Step = { readonly number: number; readonly sql: string };

declare global {
  /** Only in a copy with fail points. */
  var crash: {
    /** Ends this process the way kill -9 does, when it is this point's turn. */
    readonly at: (name: string) => void;
    /** Does the work; when it is this point's turn, another thread kills the process while it runs, or just after. */
    readonly during: <T>(name: string, work: () => T) => T;
    /** The schema with as many more steps as CRASH_STEPS says; one that ran twice or by half makes the start fail. */
    readonly steps: (shipped: readonly Step[]) => readonly Step[];
  };
}

let armed: string | undefined;
let left = Number.NaN;

function arm(aim: string): void {
  const [name, count] = aim.split(" ");
  armed = name;
  left = Number(count ?? Number.NaN);
}

arm(process.env["CRASH_AT"] ?? "");
const { CRASH_AIM: aimed } = process.env;
if (aimed !== undefined) process.on("SIGUSR2", () => arm(readFileSync(aimed, "utf8")));

function isTurnOf(name: string): boolean {
  if (name !== armed) return false;
  left -= 1;
  return left === 0;
}

/** Tells the parent; at once, as nothing later will. */
function tell(what: string): void {
  writeSync(1, `crash: ${what}\n`);
}

/** Most milliseconds between the begin of the work and the blow. */
const within = 1;

/** 0: the thread starts, 1: it waits, 2: the work begins. */
const signal = new Int32Array(new SharedArrayBuffer(4));
const murderer = `
  const { workerData: signal } = require("node:worker_threads");
  Atomics.store(signal, 0, 1);
  Atomics.notify(signal, 0);
  Atomics.wait(signal, 0, 1);
  const until = performance.now() + Math.random() * ${within};
  while (performance.now() < until);
  process.kill(process.pid, "SIGKILL");
`;

const parent = process.ppid;
// Nobody else would end a server whose test was ended.
setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, "SIGKILL");
}, 1_000).unref();

tell("begin");

globalThis.crash = {
  at(name) {
    if (!isTurnOf(name)) return;
    tell(`at ${name}`);
    process.kill(process.pid, "SIGKILL");
  },
  during(name, work) {
    if (!isTurnOf(name)) return work();
    new Worker(murderer, { eval: true, workerData: signal }).unref();
    Atomics.wait(signal, 0, 0);
    tell(`at ${name}`);
    Atomics.store(signal, 0, 2);
    Atomics.notify(signal, 0);
    return work();
  },
  steps(shipped) {
    const more = Number(process.env["CRASH_STEPS"] ?? 0);
    return [
      ...shipped,
      ...Array.from({ length: more }, (_, index) => {
        const number = shipped.length + index + 1;
        return {
          number,
          sql: `CREATE TABLE crash_step_${number} AS SELECT id, version FROM contacts;
            INSERT INTO counters (name, count) VALUES ('crash step ${number}', 1);`,
        };
      }),
    ];
  },
};
