import type { Exchange, Reply } from "../wire/host.ts";
import { isObject, type Payload, parseJson } from "../wire/shapes.ts";
import type { createLedger } from "./ledger.ts";
import { type MethodName, methodNamed } from "./method-table.ts";
import { AT_ONCE, type Desk } from "./methods.ts";
import { answerOf, badRequest, type Outcome, type Refusal, refused } from "./outcome.ts";
import { checkParameters } from "./read-parameters.ts";

/** Carries calls out: checked, kept in the ledger when they are accepted, and told to whoever waits. */
export interface Calls {
  readonly perform: (method: MethodName, parameters: Payload, exchange: Exchange, reply: Reply) => void;
  /** Carries out what the body of a webhook's answer asks for (`{"method": …}`); nobody hears the outcome. */
  readonly performReply: (body: string) => void;
}

export function createCalls(desk: Desk, ledger: ReturnType<typeof createLedger>, notify: () => void): Calls {
  const { world } = desk;
  const now = (method: Exclude<MethodName, "getUpdates">, parameters: Payload): Outcome => {
    const at = world.now();
    const reason = world.strict ? checkParameters(method, parameters) : undefined;
    if (reason !== undefined) return badRequest(reason);
    const outcome = AT_ONCE[method](desk, parameters);
    if (outcome.kind === "done") ledger.add(method, at, parameters, outcome.result);
    return outcome;
  };
  return {
    perform(method, parameters, exchange, reply) {
      if (method === "getUpdates") poll(desk, parameters, exchange, reply);
      else reply(answerOf(now(method, parameters)));
    },
    performReply(body) {
      const parsed = parseJson(body)?.value;
      if (!isObject(parsed) || typeof parsed["method"] !== "string") return;
      const { method: name, ...parameters } = parsed;
      const method = methodNamed(String(name));
      if (method === undefined || method === "getUpdates") return;
      now(method, parameters);
      notify();
    },
  };
}

function poll(desk: Desk, parameters: Payload, exchange: Exchange, reply: Reply): void {
  const refusal = pollRefusal(desk, parameters);
  if (refusal !== undefined) {
    reply(answerOf(refusal));
    return;
  }
  let callOff = () => {};
  const gone = desk.poller.poll(parameters, (outcome) => {
    callOff();
    reply(answerOf(outcome));
  });
  if (desk.poller.waiting()) callOff = exchange.onGone(gone);
}

function pollRefusal({ world, webhook }: Desk, parameters: Payload): Refusal | undefined {
  const reason = world.strict ? checkParameters("getUpdates", parameters) : undefined;
  if (reason !== undefined) return badRequest(reason);
  if (webhook.settings() === undefined) return undefined;
  return refused(
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
  );
}
