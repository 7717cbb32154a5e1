import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { smallContent } from "../core/flow/small-content.ts";
import { copyTree, type Patch } from "../system/copy-tree.ts";

const flow = `start: word
nav: []
steps:
  word: { kind: ask, answer: { kind: text }, nav: [], next: said }
  said: { kind: say, next: word }
`;
const words = JSON.stringify({ word: { text: "And now?" }, said: { text: "You said: {{answers.word}}." } });

/** The tap that opens the flow. */
export const opening = "f:echo";

/** What answers the word `n12`, and its number. Words that others wrote stand in marks of their own. */
export const answerPattern = /You said: \p{Cf}*n(\d+)\p{Cf}*\./u;

const content: Readonly<Record<string, string>> = {
  ...smallContent,
  "flows/echo.yaml": flow,
  "locales/en/echo.json": words,
  "locales/es/echo.json": words,
};

/** Leases of a tenth, so that a process that was stopped is taken for dead within seconds. */
export const shortLeases: readonly Patch[] = [
  { file: "src/store/postgres/worker.ts", from: "lease: Ms = 30 * second", to: "lease: Ms = 4 * second" },
  { file: "src/store/postgres/worker.ts", from: "heartbeat: Ms = 5 * second", to: "heartbeat: Ms = 500" },
  { file: "src/store/postgres/worker.ts", from: "heartbeat + 6 * second", to: "heartbeat + 2 * second" },
  { file: "src/store/postgres/session.ts", from: "watchEvery: Ms = 2 * second", to: "watchEvery: Ms = 200" },
  { file: "src/store/postgres/session.ts", from: "margin: Ms = 5 * second", to: "margin: Ms = second" },
  {
    file: "src/store/postgres/connection.ts",
    from: "longestIdle: Ms = 10_000",
    to: "longestIdle: Ms = 1_000",
  },
];

/**
 * A copy of the server with these patches and a content of its own: small, so that it starts in half the time, and with a
 * flow that says back each word it is told, so that every answer can be told from every other.
 */
export function echoTree(patches: readonly Patch[] = []): {
  readonly root: string;
  readonly remove: () => void;
} {
  const root = mkdtempSync(join(tmpdir(), "parwana-echo-"));
  copyTree(root, patches);
  for (const folder of ["flows", "locales"]) rmSync(join(root, folder), { recursive: true });
  for (const [path, text] of Object.entries(content)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
