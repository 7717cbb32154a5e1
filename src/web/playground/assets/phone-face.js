/** What stands around the messages: names, states, what can be done now. Gives what brings it up to date. */
export function openFace(name, find, words) {
  return ({ isEmpty, blocked, connection, failed }) => {
    find(".kind").textContent = words.of(name);
    find(".empty").hidden = !isEmpty;
    find(".empty").textContent = words.of(name === "telegram" ? "emptyTelegram" : "emptyWhatsapp");
    find(".start").hidden = name !== "telegram" || !isEmpty;
    find(".blocked").hidden = !blocked;
    find(".failed-now").textContent = failed && !blocked ? words.of("stateFailed") : "";
    find(".composer").hidden = blocked;
    find(".block").textContent = words.of(blocked ? "unblock" : "block");
    find(".connection").textContent = words.of(connection);
    find(".case").dataset.connection = connection;
  };
}

/** Makes the box and the buttons do their deeds. */
export function setUpControls(find, deeds) {
  const box = find("textarea");
  const form = find(".composer");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (text === "") return;
    box.value = "";
    box.focus();
    void deeds.say(text).then((taken) => {
      // What could not be sent is not lost, unless something else stands there by now.
      if (!taken && box.value === "") box.value = text;
    });
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  find(".start").addEventListener("click", () => {
    box.focus();
    void deeds.say("/start");
  });
  find(".picture").addEventListener("click", () => void deeds.picture());
  find(".block").addEventListener("click", () => void deeds.block());
  find(".restart").addEventListener("click", () => {
    box.focus();
    void deeds.restart();
  });
}
