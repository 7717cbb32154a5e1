import type { Settled } from "../../../src/app/ports-store.ts";
import type { ContactId, OutboxId } from "../../../src/core/nouns/ids.ts";
import type { Lane } from "../../../src/core/nouns/message.ts";

type Row = {
  readonly id: OutboxId;
  readonly contact: ContactId;
  lane: Lane;
  notBefore: number;
  state: "queued" | "held" | "over";
};

const order: readonly Lane[] = ["reply", "nudge", "bulk"];

/** The outbox's rules in the plainest form: every row in one list, looked through from the beginning each time. */
export class OutboxModel {
  readonly #rows: Row[] = [];
  readonly #inHand = new Map<ContactId, OutboxId>();

  queue(id: OutboxId, contact: ContactId, lane: Lane, notBefore: number): void {
    this.#rows.push({ id, contact, lane, notBefore, state: "queued" });
  }

  /** The rows to hand out now, in no order. */
  claim(now: number, lane: Lane): readonly OutboxId[] {
    const contacts = new Set(this.#rows.map(({ contact }) => contact));
    const heads = [...contacts].map((contact) => this.#head(contact)).filter((row) => row !== undefined);
    const given = heads.filter(
      (row) => row.lane === lane && row.notBefore <= now && !this.#inHand.has(row.contact),
    );
    for (const { contact, id } of given) this.#inHand.set(contact, id);
    return given.map(({ id }) => id);
  }

  /** What a contact is to be sent next: the oldest of the earliest lane in which anything waits. */
  #head(contact: ContactId): Row | undefined {
    const queued = this.#rows.filter((row) => row.contact === contact && row.state === "queued");
    const lane = order.find((one) => queued.some((row) => row.lane === one));
    return queued.find((row) => row.lane === lane);
  }

  /** The row of a contact that is in someone's hands. */
  inHand(contact: ContactId): OutboxId | undefined {
    return this.#inHand.get(contact);
  }

  settle(contact: ContactId, result: Settled["result"]): void {
    const row = this.#rows.find(({ id }) => id === this.#inHand.get(contact));
    this.#inHand.delete(contact);
    if (row?.state !== "queued") return;
    if (result.kind === "let-go") return;
    if (result.kind === "again") row.notBefore = result.at;
    else row.state = result.kind === "held" || result.kind === "announced" ? "held" : "over";
  }

  release(contact: ContactId, now: number): void {
    for (const row of this.#rows) {
      if (row.contact !== contact || row.state !== "held") continue;
      row.state = "queued";
      row.lane = "reply";
      row.notBefore = now;
    }
  }

  drop(contact: ContactId, lane: Lane): void {
    for (const row of this.#rows) if (row.contact === contact && row.lane === lane) row.state = "over";
  }

  restart(): void {
    this.#inHand.clear();
  }
}
