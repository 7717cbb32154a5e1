import type { Payload } from "../wire/shapes.ts";
import { deleteMessage, editMessageReplyMarkup, editMessageText } from "./edits.ts";
import type { MethodName } from "./method-table.ts";
import { badRequest, done, type Outcome } from "./outcome.ts";
import type { Poller } from "./polling.ts";
import { reachable, sendMessage } from "./sending.ts";
import type { WebhookSender } from "./webhook.ts";
import { seconds, type World } from "./world.ts";

/** What the methods work on. */
export interface Desk {
  readonly world: World;
  readonly poller: Poller;
  readonly webhook: WebhookSender;
}

type Method = (desk: Desk, parameters: Payload) => Outcome;

/** Every method that answers at once; getUpdates waits, and is the poller's. */
export const AT_ONCE: Readonly<Record<Exclude<MethodName, "getUpdates">, Method>> = {
  getMe: ({ world }) => done(world.bot),
  setWebhook,
  deleteWebhook: ({ world, webhook }, parameters) => {
    webhook.set(undefined);
    if (parameters["drop_pending_updates"] === true) world.updates.clear();
    return done(true);
  },
  getWebhookInfo: ({ world, webhook }) => done(webhookInfo(world, webhook)),
  sendMessage: ({ world }, parameters) => sendMessage(world, parameters),
  editMessageText: ({ world }, parameters) => editMessageText(world, parameters),
  editMessageReplyMarkup: ({ world }, parameters) => editMessageReplyMarkup(world, parameters),
  deleteMessage: ({ world }, parameters) => deleteMessage(world, parameters),
  answerCallbackQuery: ({ world }, parameters) => answerCallbackQuery(world, parameters),
  sendChatAction: ({ world }, parameters) => {
    const found = reachable(world, parameters["chat_id"]);
    return found.kind === "chat" ? done(true) : found;
  },
  setMyCommands: ({ world }, parameters) => remember(world, "setMyCommands", parameters),
  setMyDescription: ({ world }, parameters) => remember(world, "setMyDescription", parameters),
  setMyShortDescription: ({ world }, parameters) => remember(world, "setMyShortDescription", parameters),
  setMyName: ({ world }, parameters) => remember(world, "setMyName", parameters),
};

function setWebhook({ world, poller, webhook }: Desk, parameters: Payload): Outcome {
  const { url, secret_token: secret, max_connections: most } = parameters;
  if (typeof url !== "string") return badRequest("bad webhook: URL is expected");
  if (parameters["drop_pending_updates"] === true) world.updates.clear();
  world.updates.allow(parameters["allowed_updates"]);
  if (url === "") {
    webhook.set(undefined);
    return done(true);
  }
  if (!isWebhookUrl(url, world.publicUrl))
    return badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  poller.interrupt("setWebhook request");
  webhook.set({
    url,
    secret: typeof secret === "string" ? secret : undefined,
    maxConnections: typeof most === "number" ? most : 40,
  });
  return done(true);
}

/** Plain HTTP only to this machine, as a server in local mode allows; HTTPS only below the bot's public URL. */
function isWebhookUrl(url: string, publicUrl: string | undefined): boolean {
  if (!URL.canParse(url)) return false;
  if (publicUrl !== undefined && url.startsWith(`${publicUrl}/`)) return true;
  return /^http:\/\/(127\.0\.0\.1|localhost)[:/]/.test(url);
}

function webhookInfo(world: World, webhook: WebhookSender): Payload {
  const settings = webhook.settings();
  const error = webhook.lastError();
  return {
    url: settings?.url ?? "",
    has_custom_certificate: false,
    pending_update_count: world.updates.pending.size,
    ...(settings === undefined ? {} : { max_connections: settings.maxConnections }),
    ...(error === undefined ? {} : { last_error_date: seconds(error.at), last_error_message: error.message }),
    ...(world.updates.allowed().length === 0 ? {} : { allowed_updates: world.updates.allowed() }),
  };
}

/** The platform waits so long for an answer (the time after which it would drop the update as well). */
const QUERY_LIFETIME_MS = 150_000;

function answerCallbackQuery(world: World, parameters: Payload): Outcome {
  const query = world.queries.get(String(parameters["callback_query_id"]));
  const live =
    query !== undefined && query.answer === undefined && world.now() - query.askedAt <= QUERY_LIFETIME_MS;
  if (!live) {
    return badRequest("query is too old and response timeout expired or query ID is invalid");
  }
  query.answer = parameters;
  return done(true);
}

function remember(world: World, method: string, parameters: Payload): Outcome {
  const scope = parameters["scope"] === undefined ? "" : `${JSON.stringify(parameters["scope"])}:`;
  world.profile.set(`${method}:${scope}${parameters["language_code"] ?? ""}`, parameters);
  return done(true);
}
