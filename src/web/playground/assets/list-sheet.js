import { make } from "./bubble.js";
import { directionOf } from "./direction.js";

/** The sheet that a list opens as, over the lower part of its phone. */
export function openListSheet(dialog, phone) {
  dialog.querySelector(".close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });
  return {
    close: () => dialog.close(),
    show(list, choose) {
      dialog.querySelector("h3").textContent = list.label;
      dialog.setAttribute("aria-label", list.label);
      dialog.dir = directionOf(list.label);
      dialog.querySelector("ul").replaceChildren(...list.rows.map((row) => drawRow(row, dialog, choose)));
      place(dialog, phone.getBoundingClientRect());
      dialog.showModal();
    },
  };
}

function drawRow(row, dialog, choose) {
  const button = make("button", "list-row");
  button.type = "button";
  for (const [className, text] of [
    ["", row.label],
    ["description", row.description],
  ]) {
    if (text === "") continue;
    const line = make("span", className, text);
    line.dir = directionOf(text);
    button.append(line);
  }
  button.addEventListener("click", () => {
    dialog.close();
    choose(row.id);
  });
  const item = make("li", "");
  item.append(button);
  return item;
}

function place(dialog, { left, width, bottom, height }) {
  const { style } = dialog;
  style.left = `${left}px`;
  style.width = `${width}px`;
  style.bottom = `${Math.max(0, window.innerHeight - bottom)}px`;
  style.maxHeight = `${height * 0.8}px`;
}
