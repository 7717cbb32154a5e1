import type { Message } from "../../core/nouns/message.ts";
import { maxRawBytes, maxTextUnits } from "./capabilities.ts";
import { buttonFault } from "./keyboard.ts";
import { htmlOf, piecesOf, plainOf } from "./pieces.ts";

/** Why Telegram would refuse this message, or show it other than it was meant; one line each. */
export function measure(message: Message): readonly string[] {
  const fault = buttonFault(message);
  const pieces = piecesOf(message.parts);
  const problems = pieces.flatMap((piece) => [
    ...(plainOf(piece).length > maxTextUnits ? [`has more than ${maxTextUnits} characters`] : []),
    ...(Buffer.byteLength(htmlOf(piece)) > maxRawBytes ? [`has more than ${maxRawBytes} bytes`] : []),
  ]);
  return [
    ...(fault === undefined ? [] : [`has a button that can't be sent (${fault})`]),
    ...(pieces.length === 0 ? ["has nothing to see in it"] : []),
    ...(message.parts.some(({ text }) => text.length > maxTextUnits)
      ? [`has a text that is cut, as more than ${maxTextUnits} characters don't fit in one message`]
      : []),
    ...problems,
  ];
}
