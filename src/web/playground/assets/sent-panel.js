import { make } from "./bubble.js";

/** The list of what the bot really sent to the platform, newest last. */
export function openSentPanel(root, toggle) {
  const list = root.querySelector("ol");
  const empty = root.querySelector(".sent-empty");
  const open = (isOpen) => {
    root.hidden = !isOpen;
    toggle.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    root.focus();
    root.scrollTop = root.scrollHeight;
  };
  toggle.addEventListener("click", () => open(root.hidden));
  root.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    open(false);
    toggle.focus();
  });
  const add = (call) => {
    const item = make("li", "");
    const head = make("p", "call", `${call.method} ${call.url}`);
    const body = make("pre", "", pretty(call));
    for (const node of [head, body]) node.dir = "ltr";
    body.tabIndex = 0;
    item.append(head, body);
    list.append(item);
    empty.hidden = true;
  };
  return {
    add(call) {
      add(call);
      root.scrollTop = root.scrollHeight;
    },
    reset(calls) {
      list.replaceChildren();
      empty.hidden = false;
      for (const call of calls) add(call);
    },
  };
}

/** The payload with line breaks for people: JSON indented, a form one parameter a line. */
function pretty({ contentType, body }) {
  if (contentType.includes("json")) return indented(body);
  return [...new URLSearchParams(body)]
    .map(([name, value]) => `${name}: ${name === "ContentVariables" ? indented(value) : value}`)
    .join("\n");
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
