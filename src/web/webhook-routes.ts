import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Log } from "../app/ports.ts";
import type {
  Channel,
  DeliveryStatus,
  Inbound,
  Received,
  WebhookAnswer,
  WebhookRequest,
} from "../app/ports-channel.ts";
import type { ChannelId } from "../core/nouns/ids.ts";
import { type Ms, minute } from "../core/nouns/time.ts";
import { Overdue } from "./overdue.ts";

/**
 * What became of a thing that was handed in: durable, and to be answered as the channel always does or with this; held back
 * for now; not storable.
 */
export type Taken = "done" | WebhookAnswer | "busy" | "unavailable";
export type Receive = (received: Inbound | DeliveryStatus) => Promise<Taken>;

/** What reads a channel's posts, and the paths that its platform posts to. */
export type Webhook = {
  readonly channel: Pick<Channel, "id" | "receive" | "answer">;
  readonly paths: readonly string[];
};

/** Any; what the platforms send is named because what stands for all the others is looked up anew with every request. */
const contentTypes = ["application/json", "application/x-www-form-urlencoded", "*"];
/** Seconds after which a platform may try again. */
const retryAfter = "1";

/**
 * Adds a POST route for each path. A request is acknowledged only after what it brought is durable; where that takes too long
 * its platform is told to come again, whatever becomes of it: a delivery that comes twice is known by its id.
 */
export function webhookRoutes(
  app: FastifyInstance,
  webhooks: readonly Webhook[],
  receive: Receive,
  log: Log,
): void {
  app.register((scope, _options, done) => {
    // The bytes as text, whatever they call themselves: signatures cover them untouched.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(contentTypes, { parseAs: "string" }, (_request, body, parsed) =>
      parsed(null, body),
    );
    const overdue = new Overdue(app, (reply) => void answered(reply, "unavailable"), log);
    for (const { channel, paths } of webhooks) {
      const handle = createHandler(channel, receive, overdue, log);
      for (const path of paths) scope.post(path, handle);
    }
    done();
  });
}

function createHandler(channel: Webhook["channel"], receive: Receive, overdue: Overdue, log: Log) {
  const refused = noteRefusals(channel.id, log);
  const handIn = async (reply: FastifyReply, content: Inbound | DeliveryStatus) => {
    let taken: Taken;
    let isAnswered = false;
    overdue.begin(reply);
    try {
      taken = await receive(content);
    } finally {
      isAnswered = !overdue.end(reply);
    }
    return isAnswered ? reply : answered(reply, taken === "done" ? channel.answer : taken);
  };
  return (request: FastifyRequest, reply: FastifyReply) => {
    const posted = requestOf(request);
    if (posted === undefined) return reply.code(400).send({ error: "headers" });
    const received = channel.receive(posted);
    if (received.kind === "refused") {
      refused(received.reason);
      return reply.code(received.httpStatus).send({ error: received.reason });
    }
    if (received.kind === "ignored") return answered(reply, channel.answer);
    return handIn(reply, contentOf(received));
  };
}

function answered(reply: FastifyReply, answer: Exclude<Taken, "done">): FastifyReply {
  if (typeof answer === "string")
    return reply.code(503).header("retry-after", retryAfter).send({ error: answer });
  return reply.type(answer.contentType).send(answer.body);
}

/** How often the same refusal is worth a line: strangers post, too. */
const noteEvery: Ms = minute;

/**
 * Notes what is refused, and how often since the last line of its kind: a wrong address, token or secret in the settings shows
 * nowhere else here, as everything that people write is refused then.
 */
function noteRefusals(channel: ChannelId, log: Log): (reason: string) => void {
  const seen = new Map<string, { readonly notedAt: Ms; readonly since: number }>();
  return (reason) => {
    const now = performance.now();
    const { notedAt, since } = seen.get(reason) ?? { notedAt: Number.NEGATIVE_INFINITY, since: 0 };
    const isDue = now - notedAt >= noteEvery;
    if (isDue) log.warn("web.refused", { channel, reason, count: since + 1 });
    seen.set(reason, isDue ? { notedAt: now, since: 0 } : { notedAt, since: since + 1 });
  };
}

function contentOf(received: Extract<Received, { kind: "inbound" | "status" }>): Inbound | DeliveryStatus {
  return received.kind === "inbound" ? received.inbound : received.status;
}

function requestOf({ raw, body }: FastifyRequest): WebhookRequest | undefined {
  const { headers, url = "/" } = raw;
  if (!isSingle(headers)) return undefined;
  const mark = url.indexOf("?");
  const [path, query] = mark < 0 ? [url, ""] : [url.slice(0, mark), url.slice(mark + 1)];
  return { path, query, headers, body: typeof body === "string" ? body : "" };
}

/** Node joins every repeated header into one text, but keeps this one, which no platform sends, as a list. */
function isSingle(headers: IncomingHttpHeaders): headers is Record<string, string | undefined> {
  return headers["set-cookie"] === undefined;
}
