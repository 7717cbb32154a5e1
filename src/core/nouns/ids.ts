/** An opaque, time-ordered whole number below 2^53 that names a person we talk with; says nothing about them. */
export type ContactId = number;

/** An opaque, time-ordered whole number below 2^53 that names one row of the outbox. */
export type OutboxId = number;

/** A flow's name: its path below `flows/` without the ending, e.g. `screening/start`. */
export type FlowId = string;

/** A topic people subscribe to: `<organisation>/<topic>`, e.g. `helpline/policy-news`. */
export type TopicId = string;

/** One configured way to talk: `telegram`, `whatsapp`, and each once more for the playground's phones. */
export type ChannelId = "telegram" | "whatsapp" | "playground/telegram" | "playground/whatsapp";
