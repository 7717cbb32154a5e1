import { seeded } from "../../tests/stand-ins/wire/seeded.ts";
import type { LoadCommand, LoadTarget, Opening, Phase } from "./load.ts";
import { PostingSocket } from "./sockets.ts";

// The child that load.ts starts: it plays Telegram's webhook sender for many people at once, each of whom has at most
// one update on its way.

type Conversation = { readonly chat: number; next: number };

const clock = () => performance.timeOrigin + performance.now();

class People {
  readonly #target: LoadTarget;
  readonly #free: PostingSocket[];
  readonly #resting: Conversation[];
  readonly #random: () => number;
  #updateId: number;

  constructor(target: LoadTarget) {
    this.#target = target;
    this.#updateId = target.lastUpdate ?? 500_000_000;
    this.#random = seeded(target.seed);
    const ports = [target.port, ...(target.otherPorts ?? [])];
    this.#free = Array.from(
      { length: target.connections },
      (_, at) => new PostingSocket(ports[at % ports.length] ?? target.port),
    );
    this.#resting = Array.from({ length: target.conversations }, (_, at) => ({
      chat: target.firstChat + at * (target.stride ?? 1),
      next: 0,
    }));
  }

  close(): void {
    for (const socket of this.#free) socket.close();
  }

  async open(): Promise<Phase> {
    let last = new Recorder(() => undefined).phase(clock(), 0);
    for (const opening of this.#target.opening) last = await this.#openWith(opening);
    return last;
  }

  #openWith(opening: Opening): Promise<Phase> {
    let left = this.#resting.length;
    const update = ({ chat }: Conversation, id: number): unknown => opened(opening, chat, id);
    return this.#phase((record) => {
      const go = (): void => {
        if (left === 0) return;
        left -= 1;
        this.#post(clock(), record, update, go);
      };
      for (let at = 0; at < this.#target.connections; at++) go();
      return () => left === 0;
    });
  }

  saturate(ms: number): Promise<Phase> {
    const until = clock() + ms;
    return this.#phase((record) => {
      const go = (): void => {
        const now = clock();
        if (now < until) this.#post(now, record, this.#answer, go);
      };
      for (let at = 0; at < this.#target.connections; at++) go();
      return () => clock() >= until;
    });
  }

  steady(ms: number, perSecond: number): Promise<Phase> {
    const arrivals = this.#arrivals(ms, perSecond);
    let at = 0;
    return this.#phase((record) => {
      const from = clock();
      const go = (): void => {
        for (; at < arrivals.length && this.#free.length > 0 && this.#resting.length > 0; at++) {
          const due = from + (arrivals[at] ?? 0);
          if (due > clock()) return;
          this.#post(due, record, this.#answer, go);
        }
      };
      const timer = setInterval(go, 1);
      return () => {
        if (at < arrivals.length) return false;
        clearInterval(timer);
        return true;
      };
    });
  }

  /** Moments in ms from the start, at random but the same in each run, `perSecond` of them a second on average. */
  #arrivals(ms: number, perSecond: number): Float64Array {
    const count = Math.round((ms * perSecond) / 1000);
    return Float64Array.from({ length: count }, () => this.#random() * ms).sort();
  }

  /** Runs until `begin`'s result says that nothing more comes and all that was posted is acknowledged. */
  #phase(begin: (record: Recorder) => () => boolean): Promise<Phase> {
    const used = process.cpuUsage();
    const startedAt = clock();
    return new Promise((resolve) => {
      const record = new Recorder(() => {
        if (!over() || this.#free.length < this.#target.connections) return;
        const { user, system } = process.cpuUsage(used);
        resolve(record.phase(startedAt, (user + system) / 1000));
      });
      const over = begin(record);
    });
  }

  /** Posts the next update of whoever has rested longest, again and again until it is taken. */
  #post(
    begun: number,
    record: Recorder,
    body: (who: Conversation, id: number) => unknown,
    then: () => void,
  ): void {
    const who = this.#resting.shift();
    const socket = this.#free.pop();
    if (who === undefined || socket === undefined) throw new Error("more was posted than there is room for");
    this.#updateId += 1;
    const request = this.#request(JSON.stringify(body(who, this.#updateId)));
    const answered = (status: number, isCall: boolean): void => {
      if (status !== 200) {
        record.refused += 1;
        setTimeout(() => socket.post(request, answered), 50);
        return;
      }
      this.#resting.push(who);
      this.#free.push(socket);
      then();
      if (isCall) record.carried += 1;
      record.add(who.chat, begun, clock());
    };
    socket.post(request, answered);
  }

  #request(body: string): string {
    const { path, secret } = this.#target;
    return (
      `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n` +
      `X-Telegram-Bot-Api-Secret-Token: ${secret}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
    );
  }

  readonly #answer = (who: Conversation, id: number): unknown => {
    const { answers } = this.#target;
    const text = answers[who.next % answers.length] ?? "";
    who.next += 1;
    return message(who.chat, id, text);
  };
}

function opened(opening: Opening, chat: number, id: number): unknown {
  if ("text" in opening) return message(chat, id, opening.text);
  const from = { id: chat, is_bot: false, first_name: "P", language_code: "en" };
  const shown = {
    message_id: 1,
    date: 1_767_000_000,
    chat: { id: chat, type: "private", first_name: "P" },
  };
  return {
    update_id: id,
    callback_query: { id: String(id), from, message: shown, chat_instance: "1", data: opening.tap },
  };
}

function message(chat: number, id: number, text: string): unknown {
  const from = { id: chat, is_bot: false, first_name: "P", language_code: "en" };
  const where = { id: chat, type: "private", first_name: "P" };
  return { update_id: id, message: { message_id: id, from, chat: where, date: 1_767_000_000, text } };
}

/** Three numbers an update, so that a hundred thousand of them cost nothing to keep or to hand over. */
class Recorder {
  refused = 0;
  carried = 0;
  readonly #chats: number[] = [];
  readonly #begun: number[] = [];
  readonly #acknowledged: number[] = [];
  readonly #added: () => void;

  constructor(added: () => void) {
    this.#added = added;
  }

  add(chat: number, begun: number, acknowledged: number): void {
    this.#chats.push(chat);
    this.#begun.push(begun);
    this.#acknowledged.push(acknowledged);
    this.#added();
  }

  phase(startedAt: number, cpuMs: number): Phase {
    return {
      startedAt,
      chats: Float64Array.from(this.#chats),
      begun: Float64Array.from(this.#begun),
      acknowledged: Float64Array.from(this.#acknowledged),
      refused: this.refused,
      carried: this.carried,
      cpuMs,
    };
  }
}

let people: People | undefined;

async function obey(command: LoadCommand): Promise<Phase> {
  if (command.kind === "target") {
    people?.close();
    people = new People(command.target);
    return new Recorder(() => undefined).phase(clock(), 0);
  }
  if (people === undefined) throw new Error("the load has no target");
  if (command.kind === "open") return people.open();
  return command.kind === "saturate"
    ? people.saturate(command.ms)
    : people.steady(command.ms, command.perSecond);
}

process.on("message", ({ id, command }: { readonly id: number; readonly command: LoadCommand }) => {
  obey(command).then(
    (phase) => process.send?.({ id, phase }),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => process.exit(0));
