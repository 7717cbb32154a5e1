import type { Clock, Log } from "../../app/ports.ts";
import type { SendOutcome } from "../../app/ports-channel.ts";
import type { OutboxId } from "../../core/nouns/ids.ts";
import type { Lane, Outgoing, Part } from "../../core/nouns/message.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { callbackRetries, maxRecordBodyUnits, windowLength } from "./capabilities.ts";
import type { MessageContent, TwilioApi } from "./client.ts";
import type { ContentBook } from "./content.ts";
import { failureFields, failureOf, isRecordGone } from "./failures.ts";
import { fitsVariable, oneLine, type Step, stepsOf } from "./forms.ts";
import { createLookBack, type Earlier, type Likeness, type LookBack } from "./look-back.ts";
import { createProgress } from "./progress.ts";
import { statusUrl } from "./receive.ts";
import type { Approved, TemplateBook } from "./templates.ts";
import { literal } from "./text.ts";

export type SenderOptions = {
  readonly api: TwilioApi;
  /** Our own address, `whatsapp:+…`. */
  readonly from: string;
  readonly publicUrl: string;
  readonly book: ContentBook;
  readonly templates: TemplateBook;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether Twilio keeps a list of what it has taken (the playground does not). */
  readonly looksBack: boolean;
};

/** Whether free-form messages may go to someone who last wrote then. */
export function isWindowOpen(lastInbound: Ms | undefined, now: Ms): boolean {
  return lastInbound !== undefined && now - lastInbound < windowLength;
}

/** The template that speaks for a lane outside the window. */
export const templateOf: Readonly<Record<Lane, string>> = {
  reply: "nudge",
  nudge: "nudge",
  bulk: "broadcast",
};

type Post = (to: Outgoing, content: MessageContent, isLast: boolean) => Promise<string>;

/** Gives what sends one message. It never throws. */
export function createSend(options: SenderOptions): (outgoing: Outgoing) => Promise<SendOutcome> {
  const { api, from, publicUrl, book, templates, clock, log, looksBack } = options;
  const lookBack = createLookBack(api, from);
  const callback = (id: OutboxId, isLast: boolean) => `${statusUrl(publicUrl, id, isLast)}${callbackRetries}`;
  const post: Post = async ({ address, id }, content, isLast) => {
    const sid = await api.send({ to: address, from, statusCallback: callback(id, isLast) }, content);
    lookBack.known(sid);
    return sid;
  };
  const deliver = createDeliver(post, book);
  const seek = createSeek(lookBack, log);
  return async (outgoing) => {
    if (!outgoing.address.startsWith("whatsapp:")) return { kind: "refused", reason: "address" };
    const sought = await (looksBack ? seek(outgoing) : undefined);
    if (sought !== undefined && "kind" in sought) return sought;
    return isWindowOpen(outgoing.lastInbound, clock.now())
      ? deliver(outgoing, sought)
      : announce(post, templates, outgoing, sought);
  };
}

/**
 * Gives what asks Twilio which of a message in doubt it has taken; undefined where nothing is in doubt. While it can't be asked
 * the message stays in doubt, and does not leave: a copy cannot be taken back.
 */
function createSeek(
  lookBack: LookBack,
  log: Log,
): (outgoing: Outgoing) => Promise<Earlier | SendOutcome | undefined> {
  let isLogged = false;
  return async ({ address, doubtSince }) => {
    if (doubtSince === undefined) return undefined;
    try {
      const earlier = await lookBack.earlier(address, doubtSince);
      isLogged = false;
      return earlier;
    } catch (error) {
      if (!isLogged) log.warn("whatsapp.list-not-read", failureFields(error));
      isLogged = true;
      const failure = failureOf(error);
      return failure.kind === "retry-later" ? failure : { kind: "unknown", reason: "list-not-read" };
    }
  };
}

async function announce(
  post: Post,
  templates: TemplateBook,
  outgoing: Outgoing,
  earlier: Earlier | undefined,
): Promise<SendOutcome> {
  // A broadcast that was let go once is an answer since; who speaks stays the same.
  const lane = outgoing.organisation === undefined ? outgoing.lane : "bulk";
  const template = templates.approved(templateOf[lane], outgoing.message.language);
  if (template === undefined) return { kind: "window-closed", reason: "no-template" };
  const variables = templateVariables(template, outgoing);
  if (variables === undefined) return { kind: "window-closed", reason: "template-variables" };
  const taken = earlier?.take({ text: filled(template.body, variables), mayGoOn: false });
  if (taken !== undefined) return { kind: "announced", providerId: taken };
  try {
    const contentVariables = JSON.stringify(variables);
    return {
      kind: "announced",
      providerId: await post(outgoing, { contentSid: template.sid, contentVariables }, true),
    };
  } catch (error) {
    // The message itself is as good as before: it waits for the person, or for the template to be made anew.
    return isRecordGone(error) ? { kind: "window-closed", reason: "template-gone" } : failureOf(error);
  }
}

function filled(body: string, variables: Readonly<Record<string, string>>): string {
  return body.replace(/\{\{(\d+)\}\}/g, (all, name: string) => variables[name] ?? all);
}

/** What a template's variables can be: so far, who speaks. */
function templateVariables(
  { variables }: Approved,
  { organisation }: Outgoing,
): Readonly<Record<string, string>> | undefined {
  const values = variables.map((name) =>
    name === "organisation" ? literal(oneLine(organisation ?? "")) : "",
  );
  if (!values.every((value) => fitsVariable(value, maxRecordBodyUnits))) return undefined;
  return Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
}

/**
 * Sends the steps one after another, but those that an earlier try has sent; the outcome is that of the last, or of the first
 * that failed.
 */
function createDeliver(
  post: Post,
  book: ContentBook,
): (outgoing: Outgoing, earlier: Earlier | undefined) => Promise<SendOutcome> {
  const progress = createProgress();
  const run = async (
    outgoing: Outgoing,
    steps: readonly Step[],
    earlier: Earlier | undefined,
  ): Promise<StepOutcome> => {
    let at = progress.reached(outgoing.id, steps);
    let outcome: StepOutcome = { kind: "refused", reason: "text-empty" };
    for (const step of steps.slice(at)) {
      const taken = earlier?.take(likenessOf(step));
      outcome =
        taken === undefined ? await sendStep(post, outgoing, step, at === steps.length - 1) : sentAs(taken);
      if (outcome.kind !== "sent") break;
      at += 1;
    }
    progress.keep(outgoing.id, steps, at, outcome.kind);
    return outcome;
  };

  return async function deliver(outgoing, earlier): Promise<SendOutcome> {
    const steps = stepsOf(outgoing.message, book.sidOf);
    const outcome = await run(outgoing, steps, earlier);
    if (outcome.kind !== "record-gone") return outcome;
    // Twilio no longer knows the record, which is always the last step: what it was to say goes as text, now.
    book.forget(outcome.record);
    const parts = steps.length > 1 ? lineOf(steps.at(-1)) : outgoing.message.parts;
    return deliver({ ...outgoing, message: { ...outgoing.message, parts } }, undefined);
  };
}

function likenessOf(step: Step): Likeness {
  if (step.kind === "text") return { text: step.body, mayGoOn: false };
  return { text: step.variables["1"] ?? "", mayGoOn: true };
}

/** WhatsApp's buttons stay where they are. */
function sentAs(providerId: string): StepOutcome {
  return { kind: "sent", providerId, hasKeyboard: false };
}

/** The line that a record was to show above its buttons. */
function lineOf(step: Step | undefined): readonly Part[] {
  return step?.kind === "record" ? [{ style: "text", text: step.variables["1"] ?? "" }] : [];
}

type StepOutcome = SendOutcome | { readonly kind: "record-gone"; readonly record: string };

async function sendStep(post: Post, outgoing: Outgoing, step: Step, isLast: boolean): Promise<StepOutcome> {
  try {
    return sentAs(await post(outgoing, contentOf(step), isLast));
  } catch (error) {
    if (step.kind === "record" && isRecordGone(error)) return { kind: "record-gone", record: step.record };
    return failureOf(error);
  }
}

function contentOf(step: Step): MessageContent {
  if (step.kind === "text") return { body: step.body };
  return { contentSid: step.sid, contentVariables: JSON.stringify(step.variables) };
}
