import { parentPort, workerData } from "node:worker_threads";
import { Problem, type ProblemCode } from "../app/errors.ts";
import type { Log, LogFields } from "../app/ports.ts";
import type { Channel, DeliveryStatus, Inbound, WebhookAnswer } from "../app/ports-channel.ts";
import type { Door as TelegramDoor } from "../channels/telegram/receive.ts";
import type { Door as WhatsAppDoor } from "../channels/whatsapp/receive.ts";
import { Slots } from "../core/nouns/slots.ts";
import type { Health } from "../web/probe-routes.ts";
import { buildServer } from "../web/server.ts";
import type { Taken, Webhook } from "../web/webhook-routes.ts";

// The thread that web-apart.ts starts: the web server, which asks the thread that decides for what it can't answer itself.

/** How to read what a platform posts, in what can be handed to a thread. */
export type Door = { readonly paths: readonly string[]; readonly answer: WebhookAnswer } & (
  | { readonly channel: "telegram"; readonly door: TelegramDoor }
  | { readonly channel: "whatsapp"; readonly door: WhatsAppDoor }
);
export type Orders = { readonly host: string; readonly port: number; readonly doors: readonly Door[] };

export type Question =
  | { readonly kind: "receive"; readonly received: Inbound | DeliveryStatus }
  | { readonly kind: "alive" }
  | { readonly kind: "health" }
  | { readonly kind: "metrics" };
export type Answer =
  | { readonly kind: "receive"; readonly taken: Taken }
  | { readonly kind: "alive" }
  | { readonly kind: "health"; readonly health: Health }
  | { readonly kind: "metrics"; readonly text: string }
  | { readonly kind: "failed"; readonly code: ProblemCode | "internal" };
export type Asked = readonly [number: number, question: Question];
export type Answered = readonly [number: number, answer: Answer];

/** What is looked at of the error of a server that can't listen. */
export type NotListening = Readonly<Record<"message" | "code" | "syscall" | "port", unknown>>;
export type FromThread =
  | { readonly kind: "asked"; readonly asked: readonly Asked[] }
  | { readonly kind: "noted"; readonly level: keyof Log; readonly event: string; readonly fields: LogFields }
  | { readonly kind: "listening"; readonly url: string }
  | { readonly kind: "not-listening"; readonly problem: NotListening }
  | { readonly kind: "closed" };
export type ToThread =
  | { readonly kind: "answered"; readonly answered: readonly Answered[] }
  | { readonly kind: "close" };

const { host, port, doors }: Orders = workerData;
const waiting = new Slots<{ readonly resolve: (answer: Answer) => void }>();
let asked: Asked[] = [];

function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}

/** Questions of one moment go over together. */
function ask(question: Question): Promise<Answer> {
  return new Promise((resolve) => {
    if (asked.length === 0) setImmediate(askAll);
    asked.push([waiting.put({ resolve }), question]);
  });
}

function askAll(): void {
  tell({ kind: "asked", asked });
  asked = [];
}

/** Without the words of what failed, which stay where they are. */
function failureOf(answer: Answer): Error {
  const what = "the thread that decides could not answer";
  return answer.kind === "failed" && answer.code !== "internal"
    ? new Problem(answer.code, what)
    : new Error(what);
}

async function receive(received: Inbound | DeliveryStatus): Promise<Taken> {
  const answer = await ask({ kind: "receive", received });
  if (answer.kind !== "receive") throw failureOf(answer);
  return answer.taken;
}

/** Nobody lives whose thoughts stand still: a server that hangs is to be noticed. */
async function alive(): Promise<void> {
  await ask({ kind: "alive" });
}

async function health(): Promise<Health> {
  const answer = await ask({ kind: "health" });
  if (answer.kind !== "health") throw failureOf(answer);
  return answer.health;
}

async function metrics(): Promise<string> {
  const answer = await ask({ kind: "metrics" });
  if (answer.kind !== "metrics") throw failureOf(answer);
  return answer.text;
}

async function reader({ channel, door }: Door): Promise<Channel["receive"]> {
  if (channel === "telegram") {
    const { createReceive } = await import("../channels/telegram/receive.ts");
    return createReceive(channel, door);
  }
  const { createReceive } = await import("../channels/whatsapp/receive.ts");
  return createReceive(door);
}

async function webhookOf(opened: Door): Promise<Webhook> {
  const { channel, answer, paths } = opened;
  return { channel: { id: channel, receive: await reader(opened), answer }, paths };
}

const note =
  (level: keyof Log): Log[keyof Log] =>
  (event, fields = {}) =>
    tell({ kind: "noted", level, event, fields });

const web = buildServer({
  webhooks: await Promise.all(doors.map(webhookOf)),
  receive,
  alive,
  health,
  metrics,
  log: { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") },
});

parentPort?.on("message", (message: ToThread) => {
  if (message.kind === "close") return void web.close().then(() => tell({ kind: "closed" }));
  for (const [number, answer] of message.answered) waiting.take(number)?.resolve(answer);
});

try {
  tell({ kind: "listening", url: await web.listen({ host, port }) });
} catch (error) {
  const { message, code, syscall, port: given }: Partial<NotListening> = Object(error);
  tell({ kind: "not-listening", problem: { message, code, syscall, port: given } });
}
