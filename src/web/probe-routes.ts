import type { FastifyInstance } from "fastify";

/**
 * `content`: the files hold something that was refused; what was in use before is still. When not ok, `code` is a name that
 * stays the same, `reason` says it in words.
 */
export type Health =
  | { readonly ok: true; readonly content?: "refused" }
  | { readonly ok: false; readonly code: string; readonly reason: string };

export type Probes = {
  /** Where another thread does the work: resolves when that goes round. */
  readonly alive?: () => Promise<void>;
  /** Whether work can be done right now. */
  readonly health: () => Promise<Health>;
  /** Counters in the Prometheus text format. */
  readonly metrics: () => Promise<string>;
};

/** Adds `/healthz` (the process lives), `/readyz` (it can work; 503 and why when it cannot) and `/metrics`. */
export function probeRoutes(app: FastifyInstance, { alive, health, metrics }: Probes): void {
  app.get("/healthz", async () => {
    await alive?.();
    return { ok: true };
  });
  app.get("/readyz", async (_request, reply) => {
    const state = await health();
    return reply.code(state.ok ? 200 : 503).send(state);
  });
  app.get("/metrics", async (_request, reply) =>
    reply.type("text/plain; version=0.0.4; charset=utf-8").send(await metrics()),
  );
}
