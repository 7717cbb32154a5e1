import { createServer, connect as dial, type Socket } from "node:net";

/** A way to a database that can be cut at the moment that hurts most, or be blocked without a word. */
export type Way = {
  /** The same address, by this way. */
  readonly through: (url: string) => string;
  /** The next commit arrives, its answer does not, and the connection is gone. */
  readonly cutAtCommit: () => void;
  /** The next commit of a transaction with this statement arrives; its answer is held until the way is opened again. */
  readonly holdCommitOf: (statement: string) => void;
  /** Nothing passes any more, in either direction, until it is opened again. */
  readonly block: () => void;
  /** Everything still arrives, and no answer comes back until it is opened again. */
  readonly holdAnswers: () => void;
  readonly unblock: () => void;
  readonly close: () => void;
};

type State = { cuts: number; blocked: boolean; held: string | undefined };

/** For one connection: tells the commit of the next transaction with the statement whose commit is to be held. */
function commitOf(state: State): (sent: Buffer) => boolean {
  let isIn = false;
  return (sent) => {
    // PostgreSQL's messages end a statement's name with a zero.
    if (state.held !== undefined && sent.includes(`${state.held}\0`)) {
      isIn = true;
      state.held = undefined;
    }
    const isIt = isIn && sent.includes("COMMIT\0");
    if (isIt) isIn = false;
    return isIt;
  };
}

/** Opens a way to what listens on a port of this machine. */
export async function openWay(port: number): Promise<Way> {
  const state: State = { cuts: 0, blocked: false, held: undefined };
  const sockets = new Set<Socket>();
  const upstreams = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = dial(port, "127.0.0.1");
    upstreams.add(upstream);
    upstream.on("close", () => upstreams.delete(upstream));
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
      if (state.blocked) socket.pause();
    }
    const isCommitToHold = commitOf(state);
    client.on("data", (data) => {
      if (isCommitToHold(data)) upstream.pause();
      if (state.cuts > 0 && data.includes("COMMIT\0")) {
        state.cuts -= 1;
        upstream.removeAllListeners("data");
        upstream.on("data", () => client.destroy());
      }
      upstream.write(data);
    });
    upstream.on("data", (data) => client.write(data));
    client.on("close", () => upstream.end());
    upstream.on("close", () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const own = typeof address === "object" && address !== null ? address.port : 0;
  return {
    through: (url) => url.replace(`:${port}/`, `:${own}/`),
    cutAtCommit: () => {
      state.cuts += 1;
    },
    holdCommitOf: (statement) => {
      state.held = statement;
    },
    block: () => {
      state.blocked = true;
      for (const socket of sockets) socket.pause();
    },
    holdAnswers: () => {
      for (const socket of upstreams) socket.pause();
    },
    unblock: () => {
      state.blocked = false;
      for (const socket of sockets) socket.resume();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
