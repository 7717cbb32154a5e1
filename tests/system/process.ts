import { type ChildProcess, spawn } from "node:child_process";
import { vi } from "vitest";
import { projectRoot } from "../project-root.ts";

// Whole processes are started here, on machines that may have other things to do.
vi.setConfig({ testTimeout: 90_000 });

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type Running = {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
  readonly end: (signal: NodeJS.Signals) => Promise<Ended>;
};

export type Command = {
  readonly environment: Readonly<Record<string, string>>;
  /** The folder whose `src/main.ts` runs; default this project. */
  readonly root?: string;
  /** Default: this very Node with `src/main.ts`. */
  readonly program?: readonly [string, ...string[]];
  /** Whether it can be sent messages. */
  readonly talks?: boolean;
};

const running = new Set<ChildProcess>();

/** Starts a process, with nothing in its environment but what is given and a path to programs. */
export function launch({ environment, root = projectRoot, program, talks = false }: Command): Running {
  const [file, ...args] = program ?? [process.execPath, "src/main.ts"];
  const path = `${projectRoot}/node_modules/.bin:${process.env["PATH"]}`;
  const child = spawn(file, args, {
    cwd: root,
    env: { PATH: path, HOME: process.env["HOME"] ?? "/", ...environment },
    stdio: ["ignore", "pipe", "pipe", ...(talks ? (["ipc"] as const) : [])],
  });
  running.add(child);
  const said = { stdout: "", stderr: "" };
  child.stdout?.on("data", (chunk: Buffer) => (said.stdout += chunk.toString("utf8")));
  child.stderr?.on("data", (chunk: Buffer) => (said.stderr += chunk.toString("utf8")));
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  return {
    child,
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs the `parwana` command in a process of its own, to its end. */
export async function parwana(environment: Command["environment"], ...args: readonly string[]) {
  const command = launch({ environment, program: [process.execPath, "src/cli/parwana.ts", ...args] });
  const { code } = await command.ended;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}

/** Starts a server, and resolves when it is ready. Rejects with what it said when it ends before. */
export async function launchServer(command: Command): Promise<Running> {
  const server = launch(command);
  await said(server, "Stop with Ctrl-C");
  return server;
}

/** Resolves when the process has said this on its standard output. */
export function said(server: Running, words: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!server.stdout().includes(words)) return;
      server.child.stdout?.off("data", look);
      resolve();
    };
    server.child.stdout?.on("data", look);
    look();
    void server.ended.then(({ code, signal }) =>
      reject(new Error(`it ended (${code ?? signal}) before it said "${words}": ${server.stderr()}`)),
    );
  });
}

/** Ends whatever a failed test has left running. */
export async function endAll(): Promise<void> {
  const ends = [...running].map(
    (child) =>
      new Promise((resolve) => {
        child.once("close", resolve);
        child.kill("SIGKILL");
      }),
  );
  await Promise.all(ends);
}
