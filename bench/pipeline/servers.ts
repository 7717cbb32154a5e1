import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { projectRoot } from "../../tests/project-root.ts";
import { tenQuestions, words } from "../ten-questions.ts";
import type { LoadTarget } from "./load.ts";

/** Where scripts that run elsewhere find what the peers share. */
export const peerFlow = new URL("../engine-peers/peer-flow.ts", import.meta.url).href;
/** What the product tells the platform; nothing is ever posted to it. */
export const publicUrl = "https://bench.invalid";
export const secret = "a-secret-of-the-bench-0123456789";

/** A server under load, in a process of its own. */
export type Running = {
  readonly pid: number;
  readonly port: number;
  readonly path: string;
  readonly opening: LoadTarget["opening"];
  /** Milliseconds from the start of the process to the first 200 of `/readyz`. */
  readonly readyAfter: number;
  readonly stop: () => Promise<void>;
  /** Further processes that share its store. */
  readonly beside?: readonly Running[];
};

/**
 * `grammY`: answered keyboards are taken away, each with a call; `grammY, keyboards left`: a call a reply;
 * `bare path`: no bot, but what the machine gives at most.
 */
export type ServerName =
  | "Parwana"
  | "Parwana in the clear"
  | "grammY"
  | "grammY, keyboards left"
  | "bare path";
export type ServerOptions = {
  /** A folder of this server's own. */
  readonly folder: string;
  readonly apiRoot: string;
  readonly token: string;
  /** More arguments for Node (`--cpu-prof` …). */
  readonly nodeArguments: readonly string[];
  /** More variables for the server. */
  readonly environment?: NodeJS.ProcessEnv;
};

/**
 * A copy of the product with the bench's flow among its content: content is read next to `src`. Where it is to be in the
 * clear, with a vault that leaves everything as it is.
 */
export function copyProduct(folder: string, vault: "sealed" | "clear" = "sealed"): void {
  mkdirSync(folder, { recursive: true });
  for (const part of ["src", "flows", "locales", "package.json"])
    cpSync(join(projectRoot, part), join(folder, part), { recursive: true });
  symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"));
  if (vault === "clear")
    cpSync(join(projectRoot, "bench/clear-vault.ts"), join(folder, "src/vault/vault.ts"));
  // JSON is YAML.
  writeFileSync(join(folder, "flows/bench.yaml"), JSON.stringify(tenQuestions));
  for (const entry of readdirSync(join(folder, "locales"), { withFileTypes: true })) {
    if (entry.isDirectory())
      writeFileSync(join(folder, "locales", entry.name, "bench.json"), JSON.stringify(words));
  }
}

/** What `npm start` says to Node. */
function startFlags(): readonly string[] {
  const { scripts }: { readonly scripts: { readonly start: string } } = JSON.parse(
    readFileSync(join(projectRoot, "package.json"), "utf8"),
  );
  return scripts.start.split(/\s+/).filter((word) => word.startsWith("--"));
}

/** As people begin: the language is chosen first, so that no message has to tell it any more. */
const firstMinute: LoadTarget["opening"] = [{ text: "/start" }, { text: "English" }, { tap: "f:bench" }];

/** Starts the product, from its copy, as a webhook bot. */
export function startProduct(product: string, options: ServerOptions): Promise<Running> {
  const variables = (port: number) => ({
    PORT: String(port),
    PUBLIC_URL: publicUrl,
    DATA_DIR: join(options.folder, "data"),
    PARWANA_KEY_FILE: join(options.folder, "parwana.key"),
    TELEGRAM_BOT_TOKEN: options.token,
    TELEGRAM_API_ROOT: options.apiRoot,
    TELEGRAM_WEBHOOK_SECRET: secret,
    PLAYGROUND: "off",
    LOG_LEVEL: "error",
    // As `npm start` does.
    NODE_COMPILE_CACHE: join(product, "node_modules/.cache/parwana"),
  });
  return start(
    { path: "/webhooks/telegram", opening: firstMinute },
    join(product, "src/main.ts"),
    variables,
    { ...options, nodeArguments: [...startFlags(), ...options.nodeArguments] },
  );
}

/** Starts a peer: grammY's, or another script that is told the same. */
export function startPeer(
  options: ServerOptions,
  script = join(projectRoot, "bench/pipeline/peer-child.ts"),
): Promise<Running> {
  const variables = (port: number) => ({
    PEER_PORT: String(port),
    PEER_DB: join(options.folder, "peer.db"),
    PEER_TOKEN: options.token,
    PEER_API_ROOT: options.apiRoot,
    PEER_SECRET: secret,
    PEER_FLOW: peerFlow,
  });
  return start({ path: "/", opening: [{ text: "/start" }] }, script, variables, options);
}

type About = Pick<Running, "path" | "opening">;

async function start(
  about: About,
  script: string,
  variables: (port: number) => NodeJS.ProcessEnv,
  { folder, nodeArguments, environment = {} }: ServerOptions,
): Promise<Running> {
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const env = { PATH: process.env["PATH"], ...variables(port), ...environment };
  const from = performance.now();
  const child = spawn(process.execPath, [...nodeArguments, script], {
    cwd: folder,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  await untilReady(child, port);
  const readyAfter = performance.now() - from;
  return { ...about, pid: child.pid ?? 0, port, readyAfter, stop: () => ended(child) };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function untilReady(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    if (await isReady(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`a server ended with ${child.exitCode ?? child.signalCode} before it was ready`);
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ port, host: "127.0.0.1", path: "/readyz", agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("error", () => resolve(false));
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

type Usage = { readonly cpuSeconds: number; readonly peakMiB: number };

/** The same of all processes of a server: seconds together, and the most memory that one of them has held. */
export function usageOfAll({ pid, beside = [] }: Running): Usage {
  const all = [pid, ...beside.map((other) => other.pid)].map(usageOf);
  return {
    cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    peakMiB: Math.max(...all.map(({ peakMiB }) => peakMiB)),
  };
}

/** Processor seconds that a process has used, and the most memory (MiB) it has held. Linux only. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // proc(5): fields 14 and 15, in ticks of 1/100 s; here counted from the third.
  const ticks = Number(fields[11]) + Number(fields[12]);
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { cpuSeconds: ticks / 100, peakMiB: Number(peak) / 1024 };
}

/** Processor seconds that the whole machine has used. Linux only. */
export function machineCpuSeconds(): number {
  const [, user = 0, nice = 0, system = 0] = readFileSync("/proc/stat", "utf8").split(/\s+/, 4).map(Number);
  return (user + nice + system) / 100;
}
