import { hour, type Ms, minute, second } from "../../core/nouns/time.ts";

/**
 * What WhatsApp through Twilio bears. Sources: "OpenAPI" is Twilio's public OpenAPI description, "docs" the pages
 * below twilio.com/docs, "Meta" developers.facebook.com/documentation/business-messaging/whatsapp.
 */

/** OpenAPI, CreateMessage.Body: up to 1,600 characters. The unit is not documented; UTF-16 units are the safe bound. */
export const maxBodyUnits = 1600;

/** Docs, content/twilio-quick-reply and content/twilio-list-picker: the body with its variables filled in; error 63021. */
export const maxRecordBodyUnits = 1024;

/** Docs, content/twilio-quick-reply: what is not an approved template may have three buttons. */
export const maxQuickReplies = 3;

/** Meta, reply buttons: 20 characters, not empty, no two alike in one message. */
export const maxQuickReplyUnits = 20;

/** Docs, content/twilio-list-picker: 1–10 items. */
export const maxRows = 10;

/** Docs, content/twilio-list-picker: an item's display value. */
export const maxRowUnits = 24;

/** Meta, list messages: the button that opens the list. */
export const maxListLabelUnits = 20;

/** Docs, content/twilio-list-picker: an item's id; Meta allows quick replies more. */
export const maxIdUnits = 200;

/** Docs, errors/63013: more than four white spaces on end in a variable are refused. */
export const maxSpacesOnEnd = 4;

/**
 * Meta closes the window 24 h after the person's last message, by Meta's clock and when Meta gets our message: the
 * ten minutes are for a slow queue and a clock that is off, because beyond the window the failure comes late (63016).
 */
export const windowLength: Ms = 23 * hour + 50 * minute;

/** Ours: a delivery report, which carries the number of our row, mostly comes within seconds. */
export const doubtWait: Ms = minute;

/**
 * Docs, whatsapp: a sender has 80 messages a second. Half of them, because a message with buttons may be two, and
 * answers share the same sender and must not wait behind a broadcast.
 */
export const bulkPerSecond = 40;

/** Ours: how long a connection and then an answer may take; a message whose answer is late may still have been sent. */
export const connectTimeout: Ms = 10 * second;
export const answerTimeout: Ms = 30 * second;

/** Docs, usage/webhooks/webhooks-connection-overrides: three more tries on a 5xx, a failed connection or a late answer. */
export const callbackRetries = "#rc=3&rp=5xx,ct,rt";

/** The same: all tries of a post end within 15 s of the first; the rest is for the answer to the last of them. */
export const callbackTries: Ms = 20 * second;
