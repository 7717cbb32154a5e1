import type { Json } from "../core/flow/source.ts";

/** The largest content file that is read. */
export const maxFileBytes = 1024 * 1024;
/** How deep lists and objects may stand in each other. */
export const maxDepth = 32;
/** How many values (keys not counted) a file may hold. */
export const maxNodes = 20_000;

/** Where a value begins in its file (UTF-16 offset; of its key, where it has one), and where what it holds begins. */
export type Mark = { readonly at: number; readonly inside?: ReadonlyMap<string, Mark> };

/** A file's data and where each part stands. */
export type Understood = { readonly data: Json; readonly mark: Mark };

/** Why a text can't be read: where (UTF-16 offset), what, and how to mend it. Never leaves the content layer. */
export class Refusal extends Error {
  readonly at: number;
  readonly mend: string;

  constructor(at: number, what: string, mend: string) {
    super(what);
    this.at = at;
    this.mend = mend;
  }
}

/** Holds a file to its limits while it is read. */
export class Gauge {
  #nodes = 0;

  /** Counts a value that stands `depth` lists and objects deep; throws a Refusal when it is one too many or too deep. */
  count(at: number, depth: number): void {
    if (depth > maxDepth) {
      throw new Refusal(at, `it stands more than ${maxDepth} levels deep`, "make it flatter");
    }
    this.#nodes += 1;
    if (this.#nodes > maxNodes) {
      throw new Refusal(at, `the file holds more than ${maxNodes} values`, "divide it into several files");
    }
  }
}

const forbidden: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Throws a Refusal for a key that JavaScript gives a meaning of its own, or that stands there already. */
export function checkKey(key: string, at: number, known: ReadonlyMap<string, unknown>): void {
  if (forbidden.has(key)) throw new Refusal(at, `\`${key}\` can't be a key`, "use another name");
  if (known.has(key)) {
    throw new Refusal(at, `the key \`${key}\` stands here twice`, "keep one of the two, or rename one");
  }
}
