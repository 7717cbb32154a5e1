import { connect, type Socket } from "node:net";

/** The status of an answer; 0 when the connection ended before it came. `isCall`: its body is a call of the Bot API. */
export type Answered = (status: number, isCall: boolean) => void;

/**
 * One kept-alive HTTP/1.1 connection that posts one prepared request at a time. It reads no more of an answer than where
 * it ends: the load must cost little beside the server, which shares the machine.
 */
export class PostingSocket {
  readonly #port: number;
  #socket: Socket | undefined;
  #waiting: Answered | undefined;
  #received = "";

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends a whole request; `answered` is called once. */
  post(request: string, answered: Answered): void {
    this.#waiting = answered;
    this.#received = "";
    this.#open().write(request);
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    if (this.#socket !== undefined && !this.#socket.destroyed) return this.#socket;
    const socket = connect({ port: this.#port, host: "127.0.0.1", noDelay: true });
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => this.#read(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#end(0, false));
    this.#socket = socket;
    return socket;
  }

  #read(chunk: string): void {
    this.#received += chunk;
    if (isWhole(this.#received))
      this.#end(Number(this.#received.slice(9, 12)), this.#received.includes('"method":'));
  }

  #end(status: number, isCall: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(status, isCall);
  }
}

function isWhole(received: string): boolean {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(received)?.[1];
  return length === undefined
    ? received.endsWith("0\r\n\r\n")
    : received.length >= headEnd + 4 + Number(length);
}
