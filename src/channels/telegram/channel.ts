import { setTimeout } from "node:timers/promises";
import type { Clock, Log } from "../../app/ports.ts";
import type { Channel, Intake } from "../../app/ports-channel.ts";
import { type Ms, second } from "../../core/nouns/time.ts";
import { openApi, openPollingApi } from "./api.ts";
import { allowedUpdates, bulkPerSecond, doubtWait, webhookConnections } from "./capabilities.ts";
import { failureFields } from "./failures.ts";
import { pollUpdates, type Wait } from "./polling.ts";
import { registerProfile, type TelegramProfile } from "./profile.ts";
import { createReceive, type Door, readUpdate } from "./receive.ts";
import { createSender } from "./send.ts";
import type { Transport } from "./transport.ts";

export type TelegramOptions = {
  readonly id: "telegram" | "playground/telegram";
  readonly token: string;
  /** Where the Bot API is; default: Telegram's own. */
  readonly apiRoot?: string;
  /** Where Telegram is to post updates, and the secret that it sends along. Without it they are fetched. */
  readonly webhook?: { readonly url: string; readonly secret: string };
  /** Takes the place of the network: is handed every call as it would leave. */
  readonly transport?: Transport;
  readonly profile: TelegramProfile;
  readonly log: Log;
  readonly clock: Clock;
  /** Calls under way at once; more wait. */
  readonly connections?: number;
  /** How pauses after failures are made. */
  readonly wait?: Wait;
};

/** At 50–100 ms a call, some thousand messages a second; Telegram's own limits are far below. */
const defaultConnections = 256;
const webhookPause: Ms = 30 * second;

/**
 * Opens the Telegram channel. Nothing runs before `start`: it sets the webhook, or begins to poll where there is
 * none (the playground's has neither), and registers commands and descriptions.
 */
export function openTelegram(options: TelegramOptions): Channel {
  const { id, log, clock, token, apiRoot, transport } = options;
  const connections = options.connections ?? defaultConnections;
  const client = openApi({ token, apiRoot, transport, connections });
  const sender = createSender(client.api, log, clock, options.webhook !== undefined);
  const stopping = new AbortController();
  const { signal } = stopping;
  const wait = options.wait ?? pauseFor;
  const work: Promise<void>[] = [];
  /** None of it may bring the server down; each already says what it can be expected to meet. */
  const begin = (what: string, run: Promise<void>) => {
    work.push(run.catch((error: unknown) => log.error("telegram.ended", { what, ...failureFields(error) })));
  };

  const poll = async (intake: Intake) => {
    const polling = openPollingApi({ token, apiRoot, transport }, signal);
    const read = (update: unknown) => readUpdate(id, update);
    const { settle } = sender;
    await pollUpdates({ pollingApi: polling.api, api: client.api, signal, read, intake, settle, log, wait });
    await polling.close();
  };

  const setWebhook = async ({ url, secret }: { readonly url: string; readonly secret: string }) => {
    const settings = {
      url,
      secret_token: secret,
      max_connections: webhookConnections,
      allowed_updates: allowedUpdates,
    };
    while (!signal.aborted) {
      try {
        await client.api.setWebhook(settings);
        return;
      } catch (error) {
        log.error("telegram.webhook-not-set", { pauseMs: webhookPause, ...failureFields(error) });
        await wait(webhookPause, signal);
      }
    }
  };

  const stopped = async () => {
    stopping.abort();
    await Promise.allSettled(work);
    await sender.settled();
    await client.close();
  };
  let stop: Promise<void> | undefined;

  return {
    id,
    receive: createReceive(id, doorOf(options)),
    answer: { contentType: "text/plain", body: "" },
    send: sender.send,
    settle: sender.settle,
    reach: () => "now",
    doubtWait,
    bulkPerSecond,
    async start(intake) {
      begin("profile", registerProfile(client.api, options.profile, log, signal));
      if (options.webhook !== undefined) begin("webhook", setWebhook(options.webhook));
      else if (id === "telegram") begin("polling", poll(intake));
    },
    stop() {
      stop ??= stopped();
      return stop;
    },
  };
}

/** The playground posts from inside the process; a bot that polls has no webhook that anyone may post to. */
function doorOf({ id, webhook }: TelegramOptions): Door {
  if (webhook !== undefined) return { kind: "secret", secret: webhook.secret };
  return { kind: id === "playground/telegram" ? "open" : "closed" };
}

async function pauseFor(ms: Ms, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
