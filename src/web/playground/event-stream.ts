import type { ServerResponse } from "node:http";
import { type Ms, second } from "../../core/nouns/time.ts";

/** The open Server-Sent Events streams of one server. */
export type Streams = {
  readonly areFull: () => boolean;
  /** Begins a stream on a response; `watch` is given what writes to it, and gives what ends the watching. */
  readonly open: (response: ServerResponse, watch: (tell: (data: object) => void) => () => void) => void;
  readonly closeAll: () => void;
};

const mostStreams = 500;
/** Shorter than any connection's idle limit. */
const heartbeat: Ms = 20 * second;
/** What may wait for a reader who does not read, in bytes; beyond it the stream ends, and the page asks again. */
const mostWaiting = 4 * 1024 * 1024;

/** Gives the streams; none is open yet. */
export function createStreams(): Streams {
  const open = new Set<ServerResponse>();
  return {
    areFull: () => open.size >= mostStreams,
    open(response, watch) {
      open.add(response);
      response.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "x-accel-buffering": "no",
      });
      const stop = watch((data) => {
        if (response.writableLength > mostWaiting) response.destroy();
        else response.write(`data: ${JSON.stringify(data)}\n\n`);
      });
      const beat = setInterval(() => response.write(":\n\n"), heartbeat);
      response.on("close", () => {
        clearInterval(beat);
        open.delete(response);
        stop();
      });
    },
    closeAll() {
      for (const response of open) response.end();
    },
  };
}
