import { directionOf } from "./direction.js";
import { drawEntities, drawMarks } from "./rich-text.js";

const stateWords = {
  sending: "stateSending",
  sent: "stateSent",
  delivered: "stateDelivered",
  read: "stateRead",
  failed: "stateFailed",
};
const ticks = { sending: "○", sent: "✓", delivered: "✓✓", read: "✓✓", failed: "!" };

/** Draws one message with its buttons. `tap(button)` and `openList()` are told of what is tapped. */
export function drawMessage(message, words, { tap, openList }) {
  const item = make("div", `message ${message.from}`);
  const bubble = make("div", "bubble");
  const sender = make("span", "unseen", `${words.of(message.from === "bot" ? "bot" : "you")}:`);
  bubble.append(sender, ...content(message, words), drawFoot(message, words));
  item.append(bubble);
  item.dataset.id = message.id;
  for (const row of message.rows) item.append(drawRow(row, tap));
  if (message.list !== undefined) {
    const open = make("button", "open-list");
    Object.assign(open, { type: "button" });
    open.append(label(message.list.label));
    open.setAttribute("aria-haspopup", "dialog");
    open.addEventListener("click", openList);
    bubble.append(open);
  }
  return item;
}

function content(message, words) {
  if (message.picture) {
    const picture = make("div", "picture-stand-in");
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", words.of("picture"));
    return [picture];
  }
  return message.entities === undefined
    ? drawMarks(message.text)
    : drawEntities(message.text, message.entities);
}

/** Draws when a message came, and how far it got. */
export function drawFoot({ at, from, state }, words) {
  const node = make("div", "foot");
  const time = make("time", "", new Date(at).toLocaleTimeString(words.locales(), { timeStyle: "short" }));
  time.dateTime = new Date(at).toISOString();
  node.append(time);
  if (from === "person" && state !== undefined) {
    const mark = make("span", `state ${state}`, ticks[state]);
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", words.of(stateWords[state]));
    node.append(mark);
    if (state === "failed") node.append(make("span", "failure", words.of(stateWords.failed)));
  }
  return node;
}

function drawRow(row, tap) {
  const node = make("div", "row");
  for (const button of row) {
    const element = make("button", "choice");
    element.type = "button";
    element.append(label(button.label));
    element.addEventListener("click", () => {
      element.setAttribute("aria-busy", "true");
      tap(button.id);
    });
    node.append(element);
  }
  return node;
}

function label(text) {
  const node = make("span", "", text);
  node.dir = directionOf(text);
  return node;
}

/** Makes an element with a class and a text. */
export function make(name, className, text = "") {
  const node = document.createElement(name);
  if (className !== "") node.className = className;
  node.textContent = text;
  return node;
}
