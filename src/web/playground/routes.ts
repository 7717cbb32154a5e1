import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { Channel, WebhookRequest } from "../../app/ports-channel.ts";
import type { Receive } from "../webhook-routes.ts";
import { createStreams } from "./event-stream.ts";
import { type Deed, type Phone, type PhoneName, phoneNames } from "./phone.ts";
import { isOwnHost, isSameOrigin } from "./same-origin.ts";
import type { PageWords } from "./words.ts";

export type PlaygroundOptions = Readonly<
  Record<
    PhoneName,
    { readonly phone: Phone /** Opened with the phone's transport. */; readonly channel: Channel }
  >
> & {
  readonly words: PageWords;
  /** Names under which the page may be asked for, besides this machine's own and IP addresses. */
  readonly hosts?: readonly string[];
};

const assets = fileURLToPath(new URL("./assets/", import.meta.url));

/** A tap or a text has some KiB at most. */
const bodyLimit = 32 * 1024;

const pageHeaders: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-cache",
};

/**
 * Adds the playground: its page on `/`, its files below `/playground/assets/`, its words below `/playground/words`,
 * and for each phone and session what the person does (`POST …/say`, `tap`, `media`, `block`), what is to be seen
 * (`GET …/events`) and beginning anew (`DELETE …`). What a person does takes the way of a webhook.
 */
export async function playgroundRoutes(
  app: FastifyInstance,
  options: PlaygroundOptions,
  receive: Receive,
): Promise<void> {
  const page = await readFile(new URL("index.html", `file://${assets}`), "utf8");
  app.addHook("onRequest", async ({ headers }, reply) => {
    if (!isOwnHost(headers, options.hosts ?? [])) return reply.code(403).send({ error: "host" });
    reply.headers(pageHeaders);
  });
  app.get("/", async (_request, reply) => reply.type("text/html; charset=utf-8").send(page));
  app.get("/favicon.ico", async (_request, reply) => reply.code(204).send());
  app.get("/playground/words", async () => options.words);
  await app.register(fastifyStatic, {
    root: assets,
    prefix: "/playground/assets/",
    index: false,
    decorateReply: false,
    cacheControl: false,
    dotfiles: "deny",
  });
  await app.register((phones, _options, done) => {
    phoneRoutes(phones, options, receive);
    done();
  });
}

const sessionPattern = /^[A-Za-z0-9_-]{16,64}$/;
const params = z.object({ phone: z.enum(phoneNames), session: z.string().regex(sessionPattern) });

const language = z.string().max(35).optional();
const deeds = {
  say: z.object({ text: z.string().trim().min(1).max(4096), language }),
  tap: z.object({ message: z.string().max(64), button: z.string().min(1).max(256), language }),
  media: z.object({}),
  block: z.object({ blocked: z.boolean() }),
};

function deedOf(kind: string, body: unknown): Deed | undefined {
  switch (kind) {
    case "say": {
      const { data } = deeds.say.safeParse(body);
      return data && { kind, text: data.text, language: data.language };
    }
    case "tap": {
      const { data } = deeds.tap.safeParse(body);
      return data && { kind, message: data.message, button: data.button, language: data.language };
    }
    case "media":
      return deeds.media.safeParse(body).success ? { kind } : undefined;
    case "block": {
      const { data } = deeds.block.safeParse(body);
      return data && { kind, blocked: data.blocked };
    }
    default:
      return undefined;
  }
}

function phoneRoutes(app: FastifyInstance, options: PlaygroundOptions, receive: Receive): void {
  const streams = createStreams();
  for (const name of phoneNames) {
    const way = options[name];
    way.phone.reportTo((request) => void handIn(way, receive, request).catch(() => undefined));
  }
  app.addHook("preClose", async () => streams.closeAll());
  app.addHook("onRequest", async (request, reply) => {
    if (!isSameOrigin(request.headers)) return reply.code(403).send({ error: "origin" });
    if (!params.safeParse(request.params).success) return reply.code(404).send({ error: "not-found" });
  });

  app.get("/playground/:phone/:session/events", async (request, reply) => {
    const { phone, session } = params.parse(request.params);
    if (streams.areFull()) return reply.code(503).send({ error: "busy" });
    reply.hijack();
    streams.open(reply.raw, (tell) => options[phone].phone.watch(session, tell));
  });

  app.post("/playground/:phone/:session/:deed", { bodyLimit }, async (request, reply) => {
    const { phone, session } = params.parse(request.params);
    const kind = z.object({ deed: z.string() }).parse(request.params).deed;
    if (!Object.hasOwn(deeds, kind)) return reply.code(404).send({ error: "not-found" });
    const deed = deedOf(kind, request.body);
    if (deed === undefined) return reply.code(400).send({ error: "bad-request" });
    return answerDeed(options[phone], session, deed, receive, reply);
  });

  app.delete("/playground/:phone/:session", async (request, reply) => {
    const { phone, session } = params.parse(request.params);
    options[phone].phone.restart(session);
    return reply.code(204).send();
  });
}

async function answerDeed(
  way: PlaygroundOptions[PhoneName],
  session: string,
  deed: Deed,
  receive: Receive,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { phone } = way;
  const posted = phone.act(session, deed);
  if (posted === undefined) return reply.code(404).send({ error: "not-there" });
  const { request, shown } = posted;
  const refusal = request === undefined ? undefined : await handIn(way, receive, request);
  if (shown !== undefined) phone.reached(session, shown, refusal === undefined);
  return refusal === undefined ? reply.code(204).send() : reply.code(503).send({ error: refusal });
}

/** Hands a request to the channel and what it reads to the app, as a webhook does; gives why it was not taken. */
async function handIn(
  { phone, channel }: PlaygroundOptions[PhoneName],
  receive: Receive,
  request: WebhookRequest,
): Promise<string | undefined> {
  const received = channel.receive(request);
  if (received.kind === "ignored") return undefined;
  if (received.kind === "refused") return received.reason;
  const taken = await receive(received.kind === "inbound" ? received.inbound : received.status);
  const answer = taken === "done" ? channel.answer : taken;
  if (typeof answer === "string") return answer;
  phone.answered(answer);
  return undefined;
}
