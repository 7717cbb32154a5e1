import { type ChildProcess, fork } from "node:child_process";

/** Whom the load is for: where it posts, as whom. */
export type LoadTarget = {
  readonly port: number;
  /** Where it posts as well, in turn, where several processes share the work. */
  readonly otherPorts?: readonly number[];
  readonly path: string;
  readonly secret: string;
  readonly connections: number;
  readonly conversations: number;
  readonly firstChat: number;
  /** How far the chats are apart; 1 where it is not given. */
  readonly stride?: number;
  /** The id before that of the first update: a server that has seen an id takes it for a repetition. */
  readonly lastUpdate?: number;
  /** How a conversation is opened: taps on buttons with this data, or texts, one after another. */
  readonly opening: readonly Opening[];
  readonly answers: readonly string[];
  readonly seed: number;
};

export type Opening = { readonly tap: string } | { readonly text: string };

export type LoadCommand =
  | { readonly kind: "target"; readonly target: LoadTarget }
  /** The updates that open each conversation, everybody's first before anybody's second. */
  | { readonly kind: "open" }
  /** A closed loop: each connection posts the next update as soon as the last is acknowledged. */
  | { readonly kind: "saturate"; readonly ms: number }
  /** An open loop: updates arrive at moments drawn in advance, whether or not those before them are done. */
  | { readonly kind: "steady"; readonly ms: number; readonly perSecond: number };

/** What became of the updates of a phase, in the order they were acknowledged; times in ms since the epoch. */
export type Phase = {
  readonly startedAt: number;
  readonly chats: Float64Array;
  /** When each was sent, or was due to be sent. */
  readonly begun: Float64Array;
  readonly acknowledged: Float64Array;
  /** Answers other than 200; the update was posted again. */
  readonly refused: number;
  /** Answers whose body was a call: Telegram makes it, and tells nobody what came of it. */
  readonly carried: number;
  /** Processor time of the load itself. */
  readonly cpuMs: number;
};

export type LoadReport = { readonly id: number; readonly phase: Phase };

/** The load, in a process of its own. */
export class Load {
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, (phase: Phase) => void>();
  #lastId = 0;

  constructor() {
    this.#child = fork(new URL("./load-child.ts", import.meta.url), {
      execArgv: [],
      serialization: "advanced",
    });
    this.#child.on("message", ({ id, phase }: LoadReport) => {
      this.#asked.get(id)?.(phase);
      this.#asked.delete(id);
    });
  }

  /** Carries out a command; resolves when its last update is acknowledged. */
  run(command: LoadCommand): Promise<Phase> {
    return new Promise((resolve) => {
      this.#lastId += 1;
      this.#asked.set(this.#lastId, resolve);
      this.#child.send({ id: this.#lastId, command });
    });
  }

  close(): void {
    this.#child.kill("SIGKILL");
  }
}
