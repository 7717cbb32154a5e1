import { type Ms, second } from "../../core/nouns/time.ts";

/**
 * What Telegram bears. Sources: "API" is core.telegram.org/bots/api (Bot API 10.1), "server" the source of the
 * official Bot API server, "FAQ" core.telegram.org/bots/faq.
 */

/** API, sendMessage: 1–4096 characters after entity parsing. The unit is not documented; UTF-16 units are the safe upper bound. */
export const maxTextUnits = 4096;

/** Server, get_formatted_text: more bytes than this are refused before parsing. */
export const maxRawBytes = 32_768;

/** API, InlineKeyboardButton: callback_data has 1–64 bytes. */
export const maxButtonBytes = 64;

/** Ours: two labels up to this length stand side by side on the narrowest phones without being cut. */
export const sharedRowLabelUnits = 16;

/** Ours: ways out that fit side by side. */
export const navPerRow = 3;

/** Ours: nothing reports what became of a message, so that there is nothing to wait for but the connection. */
export const doubtWait: Ms = 2 * second;

/** FAQ: about 30 unasked messages a second over different chats. */
export const bulkPerSecond = 30;

/** API, setWebhook: 1–100 simultaneous deliveries, 40 by default. Different people's updates come side by side. */
export const webhookConnections = 100;

/** API, getUpdates: at most 100 a call. */
export const updatesPerPoll = 100;

/** How long a poll waits for something to happen. The server cuts it at 50 s. */
export const pollSeconds = 30;

/** The only updates that mean something here; setting them keeps the others from being sent at all. */
export const allowedUpdates = ["message", "callback_query", "my_chat_member"] as const;

/** Ours: an answer that has not begun by then counts as lost … */
export const answerTimeout: Ms = 10_000;

/** … and so does one whose next byte does not come by then. */
export const bodyTimeout: Ms = 30_000;
