import type { Clock, SendOutcome } from "../../app/ports.ts";
import type { OutboxId } from "../../core/nouns/ids.ts";
import type { Lane, Outgoing } from "../../core/nouns/message.ts";
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

type Post = (to: Outgoing, content: MessageContent) => Promise<string>;

/** Gives what sends one message. It never throws. */
export function createSend(options: SenderOptions): (outgoing: Outgoing) => Promise<SendOutcome> {
  const { api, from, publicUrl, book, templates, clock } = options;
  const callback = (id: OutboxId) => `${statusUrl(publicUrl, id)}${callbackRetries}`;
  const post: Post = ({ address, id }, content) =>
    api.send({ to: address, from, statusCallback: callback(id) }, content);
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
      providerId: await post(outgoing, { contentSid: template.sid, contentVariables }),
    };
  } catch (error) {
    return failureOf(error);
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
  const deliver = async (outgoing: Outgoing): Promise<SendOutcome> => {
    const { id, message } = outgoing;
    const steps = stepsOf(message, book.sidOf);
    const reached = progress.reached(id, steps);
    let outcome: StepOutcome = { kind: "refused", reason: "text-empty" };
    for (const [index, step] of steps.slice(reached).entries()) {
      outcome = await sendStep(post, outgoing, step);
      if (outcome.kind !== "sent") {
        progress.keep(id, steps, reached + index, outcome.kind);
        break;
      }
    }
    if (outcome.kind === "sent") progress.forget(id);
    if (outcome.kind !== "record-gone") return outcome;
    // Twilio no longer knows the record: what is left goes without it, now.
    book.forget(outcome.record);
    return deliver(outgoing);
  };
  return deliver;
}

type StepOutcome = SendOutcome | { readonly kind: "record-gone"; readonly record: string };

async function sendStep(post: Post, outgoing: Outgoing, step: Step): Promise<StepOutcome> {
  try {
    return {
      kind: "sent",
      providerId: await post(outgoing, contentOf(step)),
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
