import Fastify, { type FastifyInstance, type FastifyPluginAsync } from "fastify";
import type { Log } from "../app/ports.ts";
import { second } from "../core/nouns/time.ts";
import type { PlaygroundOptions } from "./playground/routes.ts";
import { type Probes, probeRoutes } from "./probe-routes.ts";
import { answerFailure, answerMalformed, createNotFound } from "./refusals.ts";
import { type Receive, type Webhook, webhookRoutes } from "./webhook-routes.ts";

export type ServerOptions = Probes & {
  readonly webhooks: readonly Webhook[];
  /** Takes what a channel has read; resolves when it is durable (`done`) or could not be taken. */
  readonly receive: Receive;
  /** Absent: there is no playground. */
  readonly playground?: PlaygroundOptions;
  readonly log: Log;
};

/** How long a request may take to arrive, and a connection may be silent. */
const requestTimeout = 30 * second;
const connectionTimeout = 60 * second;
/** Above the 60 s of usual proxies, so that it is they who close an idle connection. */
const keepAliveTimeout = 72 * second;
/**
 * How long requests under way may take when the server closes. A connection on which nothing was ever asked counts as under
 * way, and would hold the end up until it times out.
 */
const farewell = 10 * second;
/** Twilio's and Telegram's posts have some KiB. */
const bodyLimit = 256 * 1024;

/** No route has a schema, and what would compile them is a tenth of the modules that a start loads. */
function noSchemas(): never {
  throw new Error("routes have no schemas here");
}

/**
 * Builds the web server; it listens when its caller says so, and `close` lets requests under way end. Webhooks and
 * probes have no hooks: what the pages need is registered with the pages.
 */
export function buildServer(options: ServerOptions): FastifyInstance {
  const { log } = options;
  const app = Fastify({
    logger: false,
    bodyLimit,
    requestTimeout,
    connectionTimeout,
    keepAliveTimeout,
    return503OnClosing: false,
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => void answerFailure(error, reply, log),
    clientErrorHandler: answerMalformed,
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  });
  app.addHook("preClose", (done) => {
    setTimeout(() => app.server.closeAllConnections(), farewell).unref();
    done();
  });
  app.setErrorHandler((error, _request, reply) => answerFailure(error, reply, log));
  app.setNotFoundHandler(createNotFound(app));
  webhookRoutes(app, options.webhooks, options.receive, log);
  probeRoutes(app, options);
  const { playground, receive } = options;
  if (playground !== undefined) {
    const pages: FastifyPluginAsync = async (scope) => {
      const { playgroundRoutes } = await import("./playground/routes.ts");
      await playgroundRoutes(scope, playground, receive);
    };
    app.register(pages);
  }
  return app;
}
