import type { Language } from "../core/nouns/language.ts";
import type { Message } from "../core/nouns/message.ts";
import { withoutBidiControls } from "../core/render/bidi.ts";
import { type Renderer, render } from "../core/render/render.ts";
import { factDay } from "./outbox-body.ts";
import type { BroadcastRow } from "./ports-desk.ts";

/** A broadcast as a message: who says it, the text (in the person's language, else English, else the first there is), and the way to leave in one tap. */
export function broadcastMessage(
  renderer: Renderer,
  broadcast: BroadcastRow,
  organisation: string,
  language: Language,
): Message {
  const own = Object.fromEntries(
    Object.entries(broadcast.texts).map(([tag, text]) => [tag, withoutBidiControls(text)]),
  );
  const { message } = render(
    renderer,
    {
      parts: [
        { style: "heading", words: { key: "conversation:broadcast.from", params: { organisation } } },
        { style: "text", words: { own } },
      ],
      buttons: [{ id: `t:${broadcast.topic}:leave`, words: { key: "conversation:broadcast.leave" } }],
      nav: [],
      lane: "bulk",
    },
    language,
    factDay(broadcast.createdAt),
  );
  return message;
}
