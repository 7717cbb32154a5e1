import { z } from "zod";

/**
 * The part of an Update that is read here. The Bot API gains fields and kinds without notice, so unknown ones are
 * left out instead of refused; what is read has to have the documented type.
 */

const chat = z.object({ id: z.int(), type: z.string() });
const user = z.object({ id: z.int(), language_code: z.string().optional() });

const message = z.object({
  from: user.optional(),
  chat,
  text: z.string().optional(),
});

const callbackQuery = z.object({
  id: z.string(),
  from: user,
  /** Absent for inline messages; an InaccessibleMessage has these two fields as well. */
  message: z.object({ message_id: z.int(), chat }).optional(),
  data: z.string().optional(),
});

const memberChange = z.object({
  chat,
  from: user,
  new_chat_member: z.object({ status: z.string() }),
});

export const updateSchema = z.object({
  update_id: z.int(),
  message: message.optional(),
  callback_query: callbackQuery.optional(),
  my_chat_member: memberChange.optional(),
});

export type Update = z.infer<typeof updateSchema>;
export type TelegramMessage = z.infer<typeof message>;
export type CallbackQuery = z.infer<typeof callbackQuery>;
export type MemberChange = z.infer<typeof memberChange>;
