import type { Message } from "../../core/nouns/message.ts";
import { maxBodyUnits, maxQuickReplies, maxRows, maxRowUnits } from "./capabilities.ts";
import { stepsOf } from "./forms.ts";

/** Why WhatsApp would refuse this message, or show it other than it was meant; one line each. */
export function measure(message: Message): readonly string[] {
  const steps = stepsOf(message, (record) => record);
  const all = [...message.buttons, ...message.nav];
  const tappable = steps.some(({ kind }) => kind === "record");
  const texts = steps.flatMap((step) => (step.kind === "text" ? [step.body] : []));
  return [
    ...(steps.length === 0 ? ["has nothing to see in it"] : []),
    ...texts.flatMap((body) =>
      body.length > maxBodyUnits ? [`has more than ${maxBodyUnits} characters`] : [],
    ),
    ...(all.length > 0 && !tappable ? [whyNotTappable(message)] : []),
  ];
}

function whyNotTappable({ buttons, nav }: Message): string {
  const labels = [...buttons, ...nav].map(({ label }) => label);
  const long = labels.find((label) => label.length > maxRowUnits);
  const twice = labels.find((label, at) => labels.indexOf(label) < at);
  if (long !== undefined)
    return `has the label “${long}” of ${long.length} characters; ${maxRowUnits} fit in a list`;
  if (twice !== undefined) return `has two buttons with the label “${twice}”`;
  return buttons.length > maxRows
    ? `has ${buttons.length} answers; a list has ${maxRows} rows`
    : `has buttons that fit neither ${maxQuickReplies} quick replies nor a list`;
}
