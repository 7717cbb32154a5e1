import type { Clock } from "../../app/ports.ts";
import type { SendOutcome } from "../../app/ports-channel.ts";
import type { OutboxId } from "../../core/nouns/ids.ts";
import type { Lane, Outgoing, Part } from "../../core/nouns/message.ts";
import type { Ms } from "../../core/nouns/time.ts";
import { callbackRetries, maxRecordBodyUnits, windowLength } from "./capabilities.ts";
import type { MessageContent, TwilioApi } from "./client.ts";
import type { ContentBook } from "./content.ts";
import { failureOf, isRecordGone } from "./failures.ts";
import { fitsVariable, oneLine, type Step, stepsOf } from "./forms.ts";
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
  const { api, from, publicUrl, book, templates, clock } = options;
  const callback = (id: OutboxId, isLast: boolean) => `${statusUrl(publicUrl, id, isLast)}${callbackRetries}`;
  const post: Post = ({ address, id }, content, isLast) =>
    api.send({ to: address, from, statusCallback: callback(id, isLast) }, content);
  const deliver = createDeliver(post, book);
  return async (outgoing) => {
    if (!outgoing.address.startsWith("whatsapp:")) return { kind: "refused", reason: "address" };
    return isWindowOpen(outgoing.lastInbound, clock.now())
      ? deliver(outgoing)
      : announce(post, templates, outgoing);
  };
}

async function announce(post: Post, templates: TemplateBook, outgoing: Outgoing): Promise<SendOutcome> {
  const template = templates.approved(templateOf[outgoing.lane], outgoing.message.language);
  if (template === undefined) return { kind: "window-closed", reason: "no-template" };
  const variables = templateVariables(template, outgoing);
  if (variables === undefined) return { kind: "window-closed", reason: "template-variables" };
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

/** Sends the steps one after another; the outcome is that of the last, or of the first that failed. */
function createDeliver(post: Post, book: ContentBook): (outgoing: Outgoing) => Promise<SendOutcome> {
  const progress = createProgress();
  const run = async (outgoing: Outgoing, steps: readonly Step[]): Promise<StepOutcome> => {
    let at = progress.reached(outgoing.id, steps);
    let outcome: StepOutcome = { kind: "refused", reason: "text-empty" };
    for (const step of steps.slice(at)) {
      outcome = await sendStep(post, outgoing, step, at === steps.length - 1);
      if (outcome.kind !== "sent") break;
      at += 1;
    }
    progress.keep(outgoing.id, steps, at, outcome.kind);
    return outcome;
  };

  return async function deliver(outgoing): Promise<SendOutcome> {
    const steps = stepsOf(outgoing.message, book.sidOf);
    const outcome = await run(outgoing, steps);
    if (outcome.kind !== "record-gone") return outcome;
    // Twilio no longer knows the record, which is always the last step: what it was to say goes as text, now.
    book.forget(outcome.record);
    const parts = steps.length > 1 ? lineOf(steps.at(-1)) : outgoing.message.parts;
    return deliver({ ...outgoing, message: { ...outgoing.message, parts } });
  };
}

/** The line that a record was to show above its buttons. */
function lineOf(step: Step | undefined): readonly Part[] {
  return step?.kind === "record" ? [{ style: "text", text: step.variables["1"] ?? "" }] : [];
}

type StepOutcome = SendOutcome | { readonly kind: "record-gone"; readonly record: string };

async function sendStep(post: Post, outgoing: Outgoing, step: Step, isLast: boolean): Promise<StepOutcome> {
  try {
    return {
      kind: "sent",
      providerId: await post(outgoing, contentOf(step), isLast),
      hasButtons: step.kind === "record",
    };
  } catch (error) {
    if (step.kind === "record" && isRecordGone(error)) return { kind: "record-gone", record: step.record };
    return failureOf(error);
  }
}

function contentOf(step: Step): MessageContent {
  if (step.kind === "text") return { body: step.body };
  return { contentSid: step.sid, contentVariables: JSON.stringify(step.variables) };
}
