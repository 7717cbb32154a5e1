import type { Program } from "../core/flow/program.ts";
import type { Translator } from "../core/render/translator.ts";
import { problemCode } from "./errors.ts";
import type { TurnParts } from "./take-turn.ts";
import { stranded, type WaitingRow, waitingPeople } from "./waiting-people.ts";

/** Content read from files and checked, ready to be talked with; or what is wrong with it, as lines `file:line: …`. */
export type Candidate =
  | {
      readonly kind: "loaded";
      readonly program: Program;
      readonly translator: Translator;
      /** Makes ready what the first turn would else wait for, while people are answered from the content in use. */
      readonly warm: () => Promise<void>;
    }
  | { readonly kind: "refused"; readonly issues: readonly string[] };

/**
 * Reads and checks content: the installation's own, with everything that can be proved of it; or that below another folder,
 * as far as a start would look. Rejects only where it could not be tried.
 */
export type LoadCandidate = (other?: string) => Promise<Candidate>;

/** What became of a publish, or would become of it: `waiting` says where people who are in the middle go on. */
export type Published = {
  readonly kind: "published" | "unchanged" | "refused" | "fits";
  readonly issues: readonly string[];
  readonly waiting: readonly WaitingRow[];
};

type PublisherParts = Pick<TurnParts, "store" | "people" | "content" | "log">;

/** Under this name the store remembers which content people talked with last. */
const lastContent = "content hash";

/** Puts changed content into use, whole or not at all, and only where nobody who is in the middle would be lost. */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #load: LoadCandidate;
  #last: Promise<unknown> = Promise.resolve();
  #refused = false;

  constructor(parts: PublisherParts, load: LoadCandidate) {
    this.#parts = parts;
    this.#load = load;
  }

  /** Whether the files hold something else than what is in use, because it was refused. */
  get refused(): boolean {
    return this.#refused;
  }

  /** Publishes what the files hold now. One after another; a refusal is noted in the log and changes nothing. */
  publish(): Promise<Published> {
    const published = this.#last.then(() => this.#publish());
    this.#last = published.catch(() => {});
    return published;
  }

  /** What a publish of the content below a folder would come to; changes nothing. */
  async compare(root: string): Promise<Published> {
    const candidate = await this.#load(root);
    if (candidate.kind === "refused") return { kind: "refused", issues: candidate.issues, waiting: [] };
    const waiting = await waitingPeople(this.#parts, candidate.program);
    return { kind: stranded(waiting).length > 0 ? "refused" : "fits", issues: [], waiting };
  }

  /**
   * After a start: where the content is not the one that people talked with last, tells in the log where those in the
   * middle go on. It is in use already: a bot that does not start would lose everyone.
   */
  async lookBack(): Promise<void> {
    const { store, content, log } = this.#parts;
    const { program } = content.current;
    const before = await store.readMeta(lastContent);
    if (before !== undefined && Buffer.from(before).toString("utf8") === program.hash) return;
    if (before !== undefined) {
      const waiting = await waitingPeople(this.#parts, program);
      log.info("content changed while the server was stopped", { people: sum(waiting) });
      this.#tell(stranded(waiting), "people wait at a place that is no more");
    }
    await this.#remember(program);
  }

  async #publish(): Promise<Published> {
    const { content, log } = this.#parts;
    const candidate = await this.#load();
    if (candidate.kind === "refused") {
      for (const issue of candidate.issues) log.warn("content refused", { issue });
      return this.#refuse({ issues: candidate.issues, waiting: [] });
    }
    const { program, translator, warm } = candidate;
    if (program.hash === content.current.program.hash) {
      this.#refused = false;
      return { kind: "unchanged", issues: [], waiting: [] };
    }
    await warm();
    const waiting = await waitingPeople(this.#parts, program);
    const lost = stranded(waiting);
    this.#tell(lost, "content refused: people wait at a place that is no more");
    if (lost.length > 0) return this.#refuse({ issues: [], waiting });
    content.replace(program, translator);
    this.#refused = false;
    log.info("content published", { hash: program.hash, people: sum(waiting) });
    await this.#remember(program).catch((error: unknown) =>
      log.warn("which content is in use could not be written down", { code: problemCode(error) }),
    );
    return { kind: "published", issues: [], waiting };
  }

  #refuse(found: Pick<Published, "issues" | "waiting">): Published {
    this.#refused = true;
    this.#parts.log.error("content refused: the one before stays in use", {
      issues: found.issues.length,
      places: stranded(found.waiting).length,
    });
    return { kind: "refused", ...found };
  }

  #tell(lost: readonly WaitingRow[], event: string): void {
    for (const { place, people, goesTo } of lost)
      this.#parts.log.warn(event, { place, people, goesTo: goesTo === "" ? "the menu" : goesTo });
  }

  #remember({ hash }: Program): Promise<void> {
    return this.#parts.store.writeMeta(lastContent, Buffer.from(hash, "utf8"));
  }
}

function sum(rows: readonly WaitingRow[]): number {
  return rows.reduce((all, { people }) => all + people, 0);
}
