import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../src/cli/parwana.ts", import.meta.url));

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A folder of its own for one test file, and the `parwana` command run there with nothing set but where its data is, and `more`. */
export class Workplace {
  readonly #more: Readonly<Record<string, string>>;

  constructor(more: Readonly<Record<string, string>> = {}) {
    this.#more = more;
  }

  readonly folder = mkdtempSync(join(tmpdir(), "parwana-cli-"));
  readonly dataDir = join(this.folder, "data");
  readonly env = {
    PATH: process.env["PATH"] ?? "",
    DATA_DIR: this.dataDir,
    PARWANA_KEY_FILE: join(this.folder, "parwana.key"),
    PORT: "0",
    LOG_LEVEL: "error",
  };

  /** Starts the command; `nodeOptions` stand before it. */
  start(args: readonly string[], nodeOptions: readonly string[] = []): ChildProcess {
    const env = { ...this.env, ...this.#more };
    return spawn(process.execPath, [...nodeOptions, entry, ...args], { cwd: this.folder, env });
  }

  /** Runs the command to its end. */
  async run(args: readonly string[], nodeOptions: readonly string[] = []): Promise<Ran> {
    const child = this.start(args, nodeOptions);
    const said = { stdout: "", stderr: "" };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
    await once(child, "close");
    return { code: child.exitCode, ...said };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Resolves with the first match in what the child writes to stdout; rejects with what it said when it ends before. */
export function whenSaid(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (text: string) => {
      said += text;
      const [found] = pattern.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    };
    child.stdout?.setEncoding("utf8").on("data", hear);
    child.stderr?.setEncoding("utf8").on("data", hear);
    child.once("close", () => reject(new Error(`it ended: ${said}`)));
  });
}
