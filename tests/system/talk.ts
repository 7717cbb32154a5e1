import type { BotApi } from "../stand-ins/bot-api.ts";
import type { Person, SeenMessage } from "../stand-ins/telegram/person.ts";
import type { SeenMessage as WhatsAppMessage } from "../stand-ins/twilio/people.ts";
import type { Person as WhatsAppPerson } from "../stand-ins/twilio/person.ts";
import type { Twilio } from "../stand-ins/twilio.ts";

type Talking = Pick<BotApi, "ledger" | "waitFor">;

/** Does something as a Telegram person, and gives the message that the bot sends next. */
export async function answerTo(bot: Talking, person: Person, act: () => unknown): Promise<SeenMessage> {
  const before = bot.ledger.of("sendMessage", person.chatId).length;
  await act();
  return bot.waitFor(
    () => bot.ledger.of("sendMessage", person.chatId).length > before && person.messages().at(-1),
    `an answer to ${person.chatId}`,
  );
}

export const say = (bot: Talking, person: Person, text: string) =>
  answerTo(bot, person, () => person.say(text));

export const tap = (bot: Talking, person: Person, label: string) =>
  answerTo(bot, person, () => person.tap("latest", label));

/** A person's first steps on Telegram, up to the menu in English. */
export async function meet(bot: Talking, person: Person): Promise<SeenMessage> {
  await say(bot, person, "/start");
  return tap(bot, person, "English");
}

/** The labels of a message's buttons. */
export const labelsOf = ({ keyboard }: SeenMessage): readonly string[] =>
  keyboard.flat().map(({ label }) => label);

/** Does something as a WhatsApp person, and gives what has arrived when the bot has said what it had to say. */
export async function whatsappAnswer(
  twilio: Twilio,
  person: WhatsAppPerson,
  act: () => unknown,
  until: (messages: readonly WhatsAppMessage[]) => boolean = (messages) => messages.length > 0,
): Promise<readonly WhatsAppMessage[]> {
  const before = person.messages().length;
  await act();
  return twilio.waitFor(() => {
    const since = person.messages().slice(before);
    return until(since) && since;
  }, `an answer to ${person.address}`);
}
