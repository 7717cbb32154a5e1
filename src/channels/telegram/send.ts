import type { RawApi } from "grammy";
import type { Clock, Log } from "../../app/ports.ts";
import type { Inbound, SendOutcome, WebhookAnswer } from "../../app/ports-channel.ts";
import type { Outgoing } from "../../core/nouns/message.ts";
import { type Failure, failureFields, failureOf } from "./failures.ts";
import { createFloodScope } from "./flood.ts";
import { buttonFault, type InlineRows, keyboardOf } from "./keyboard.ts";
import { htmlOf, type Piece, piecesOf, plainOf } from "./pieces.ts";
import { createProgress } from "./progress.ts";

export type Sender = {
  readonly send: (outgoing: Outgoing) => Promise<SendOutcome>;
  /** Answers the tap and takes answered buttons away; gives the call that is to leave as the webhook's answer, if any. */
  readonly settle: (inbound: Inbound) => WebhookAnswer | undefined;
  /** Resolves when nothing runs in the background any more. */
  readonly settled: () => Promise<void>;
};

type Plan = {
  readonly kind: "plan";
  readonly chat: number;
  readonly pieces: readonly Piece[];
  readonly keyboard: InlineRows | undefined;
};

/**
 * Gives what sends messages and answers taps over one client. Neither ever throws. `byWebhook`: whether what arrives is
 * answered over HTTP. One call may be the body of that answer (API, "Making requests when getting updates"); nobody learns
 * what came of it, so it is one of those that nobody waits for.
 */
export function createSender(api: RawApi, log: Log, clock: Clock, byWebhook: boolean): Sender {
  const aside = createAside(api, log);
  const deliver = createDeliver(api, log, clock);
  /** The message whose buttons were answered, by chat, while the next one is on its way; of two on their way, the later one's. */
  const answered = new Map<number, { readonly message: number; isTaken: boolean }>();
  const takeAnswered = (address: string): AsideCall | undefined => {
    const chat = readId(address);
    const open = chat === undefined ? undefined : answered.get(chat);
    if (chat === undefined || open === undefined) return undefined;
    answered.delete(chat);
    open.isTaken = true;
    return withoutButtons(chat, open.message);
  };
  const deliverTidily = async (
    outgoing: Outgoing,
    plan: Plan,
    message: number,
    other: number | undefined,
  ) => {
    // One of its own: the receipt of a deletion belongs to nobody, and may leave beside a question that is still on its way.
    const open = { message, isTaken: false };
    answered.set(plan.chat, open);
    const outcome = await deliver(outgoing, plan);
    if (answered.get(plan.chat) === open) answered.delete(plan.chat);
    // Only now: until the next question is there, the buttons of the last one are all that the person has.
    if (outcome.kind !== "sent") return outcome;
    if (!open.isTaken) aside.start(withoutButtons(plan.chat, message));
    if (other !== undefined) aside.start(withoutButtons(plan.chat, other));
    return outcome;
  };
  return {
    send(outgoing) {
      const plan = planOf(outgoing);
      if (plan.kind !== "plan") return Promise.resolve(plan);
      const open = readId(outgoing.openKeyboard);
      const spent = readId(outgoing.spent);
      if (open !== undefined) return deliverTidily(outgoing, plan, open, spent);
      return spent === undefined ? deliver(outgoing, plan) : deliverTidily(outgoing, plan, spent, undefined);
    },
    settle({ addresses, tapId }) {
      const buttons = byWebhook ? takeAnswered(addresses[0]) : undefined;
      const calls = [buttons, answerTo(tapId)].filter((call) => call !== undefined);
      const carried = byWebhook ? calls.shift() : undefined;
      for (const call of calls) aside.start(call);
      return carried && { contentType: "application/json", body: JSON.stringify(carried) };
    },
    settled: aside.settled,
  };
}

/** A call that no one waits for: that one fails (too old, not modified, gone) changes nothing. */
type AsideCall =
  | { readonly method: "answerCallbackQuery"; readonly callback_query_id: string }
  | { readonly method: "editMessageReplyMarkup"; readonly chat_id: number; readonly message_id: number };

const answerTo = (tapId: string | undefined): AsideCall | undefined =>
  tapId === undefined ? undefined : { method: "answerCallbackQuery", callback_query_id: tapId };
const withoutButtons = (chat: number, message: number): AsideCall => ({
  method: "editMessageReplyMarkup",
  chat_id: chat,
  message_id: message,
});

function made(api: RawApi, call: AsideCall): Promise<unknown> {
  if (call.method === "answerCallbackQuery") {
    const { method, ...parameters } = call;
    return api[method](parameters);
  }
  const { method, ...parameters } = call;
  return api[method](parameters);
}

function createAside(api: RawApi, log: Log) {
  const running = new Set<Promise<unknown>>();
  return {
    start(call: AsideCall): void {
      const run = made(api, call)
        .catch((error: unknown) =>
          log.debug("telegram.aside-failed", { call: call.method, ...failureFields(error) }),
        )
        .finally(() => running.delete(run));
      running.add(run);
    },
    async settled(): Promise<void> {
      await Promise.allSettled(running);
    },
  };
}

function planOf({ address, message }: Outgoing): Plan | SendOutcome {
  const chat = readId(address);
  if (chat === undefined) return { kind: "refused", reason: "address" };
  const fault = buttonFault(message);
  if (fault !== undefined) return { kind: "refused", reason: fault };
  const pieces = piecesOf(message.parts);
  if (pieces.length === 0) return { kind: "refused", reason: "text-empty" };
  return { kind: "plan", chat, pieces, keyboard: keyboardOf(message) };
}

function readId(text: string | undefined): number | undefined {
  const id = text === undefined || text === "" ? Number.NaN : Number(text);
  return Number.isSafeInteger(id) ? id : undefined;
}

/** Sends the pieces one after another; the outcome is that of the last, or of the first that failed. */
function createDeliver(api: RawApi, log: Log, clock: Clock) {
  const progress = createProgress();
  const scoped = createFloodScope(clock);
  return async (outgoing: Outgoing, { chat, pieces, keyboard }: Plan): Promise<SendOutcome> => {
    const reached = progress.reached(outgoing.id, pieces);
    let outcome: SendOutcome = { kind: "refused", reason: "text-empty" };
    for (const [index, piece] of pieces.slice(reached).entries()) {
      const at = reached + index;
      const rows = at === pieces.length - 1 ? keyboard : undefined;
      outcome = scoped(await sendPiece(api, log, chat, piece, rows), outgoing);
      if (outcome.kind !== "sent") {
        progress.keep(outgoing.id, pieces, at, outcome);
        return outcome;
      }
    }
    progress.forget(outgoing.id);
    return outcome;
  };
}

async function sendPiece(
  api: RawApi,
  log: Log,
  chat: number,
  piece: Piece,
  rows: InlineRows | undefined,
): Promise<SendOutcome> {
  const first = await trySend(api, chat, { text: htmlOf(piece), parse_mode: "HTML" }, rows);
  if (first.kind !== "resend-plain") return reported(log, first);
  log.error("telegram.markup-refused", { parts: piece.length });
  const again = await trySend(api, chat, { text: plainOf(piece) }, rows);
  return again.kind === "resend-plain" ? { kind: "refused", reason: "markup" } : reported(log, again);
}

function reported(log: Log, outcome: SendOutcome): SendOutcome {
  if (outcome.kind === "retry-later" && outcome.reason === "unauthorized") log.error("telegram.unauthorized");
  return outcome;
}

async function trySend(
  api: RawApi,
  chat: number,
  text: { readonly text: string; readonly parse_mode?: "HTML" },
  rows: InlineRows | undefined,
): Promise<SendOutcome | Failure> {
  try {
    const sent = await api.sendMessage({
      chat_id: chat,
      ...text,
      link_preview_options: { is_disabled: true },
      ...(rows === undefined ? {} : { reply_markup: { inline_keyboard: rows } }),
    });
    return { kind: "sent", providerId: String(sent.message_id), hasKeyboard: rows !== undefined };
  } catch (error) {
    return failureOf(error);
  }
}
