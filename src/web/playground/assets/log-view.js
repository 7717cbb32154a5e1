import { drawFoot, drawMessage } from "./bubble.js";

/** The messages of one phone, as they stand on its screen. `tap(message, button)` and `openList(message)` are told of taps. */
export function openLogView(log, words, { tap, openList }) {
  const messages = new Map();
  const keepEnd = stickToEnd(log);
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
      const before = messages.get(message.id);
      messages.set(message.id, message);
      if (before === undefined) {
        log.append(draw(message));
        keepEnd(true);
        return;
      }
      const old = nodeOf(message.id);
      // Only what changed is touched: what is drawn anew would be read out again.
      if (isSame(before, message)) old.querySelector(".foot").replaceWith(drawFoot(message, words));
      else replace(old, draw(message));
      keepEnd();
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
    redraw() {
      log.replaceChildren(...[...messages.values()].map(draw));
      keepEnd();
    },
    /** The bot has taken note of the tap: its button no longer waits. */
    settle() {
      for (const busy of log.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
    },
  };
}

/** Keeps the newest message in view as long as no one has scrolled away from it; gives what sees to it. */
function stickToEnd(log) {
  let isAtEnd = true;
  const keepEnd = (always = false) => {
    if (always || isAtEnd) log.scrollTop = log.scrollHeight;
  };
  log.addEventListener("scroll", () => {
    isAtEnd = log.scrollHeight - log.clientHeight - log.scrollTop < 40;
  });
  new ResizeObserver(() => keepEnd()).observe(log);
  document.fonts.addEventListener("loadingdone", () => keepEnd());
  return keepEnd;
}

/** Whether two messages differ in nothing but how far they got. */
function isSame(one, other) {
  return JSON.stringify({ ...one, state: "" }) === JSON.stringify({ ...other, state: "" });
}

/** Keeps the keyboard's place where a message is drawn anew. */
function replace(old, fresh) {
  const buttons = [...old.querySelectorAll("button")];
  const at = buttons.indexOf(document.activeElement);
  old.replaceWith(fresh);
  if (at >= 0) (fresh.querySelectorAll("button")[at] ?? fresh.closest(".log")).focus({ preventScroll: true });
}
