import { drawMessage } from "./bubble.js";

/** The messages of one phone, as they stand on its screen. `tap(message, button)` and `openList(message)` are told of taps. */
export function openLogView(log, words, { tap, openList }) {
  const messages = new Map();
  const nodeOf = (id) => log.querySelector(`[data-id="${CSS.escape(id)}"]`);
  const draw = (message) =>
    drawMessage(message, words, {
      tap: (button) => tap(message.id, button),
      openList: () => openList(message),
    });
  return {
    isEmpty: () => messages.size === 0,
    /** Adds a message, or draws it anew where it stands. */
    show(message) {
      const old = nodeOf(message.id);
      messages.set(message.id, message);
      if (old !== null) {
        replace(old, draw(message));
        return;
      }
      log.append(draw(message));
      log.scrollTo({ top: log.scrollHeight });
    },
    remove(id) {
      messages.delete(id);
      nodeOf(id)?.remove();
    },
    clear() {
      messages.clear();
      log.replaceChildren();
    },
    /** Draws everything again, in the page's language of now. */
    redraw: () => log.replaceChildren(...[...messages.values()].map(draw)),
    /** The bot has taken note of the tap: its button no longer waits. */
    settle() {
      for (const busy of log.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
    },
  };
}

/** Keeps the keyboard's place where a message is drawn anew. */
function replace(old, fresh) {
  const buttons = [...old.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  old.replaceWith(fresh);
  if (at >= 0) (fresh.querySelectorAll("button")[at] ?? fresh.closest(".log")).focus();
}
