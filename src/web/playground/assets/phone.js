import { openConnection } from "./connection.js";
import { openListSheet } from "./list-sheet.js";
import { openLogView } from "./log-view.js";
import { openFace, setUpControls } from "./phone-face.js";
import { openSentPanel } from "./sent-panel.js";

/** Opens one of the two phones in its place on the page. */
export function openPhone(name, words) {
  const root = document.querySelector(`#${name}`);
  root.append(document.querySelector("#phone").content.cloneNode(true));
  const find = (selector) => root.querySelector(selector);
  const sheet = openListSheet(find(".sheet"), find(".case"));
  const sent = openSentPanel(find(".sent"), find(".show-sent"));
  const drawFace = openFace(name, find, words);
  const phone = { blocked: false, connection: "connecting", failed: false, spoken: undefined };

  const post = async (deed, content) => {
    const taken = await connection.post(deed, content);
    phone.failed = !taken;
    refresh();
    return taken;
  };
  const tap = (message, button) =>
    void post("tap", { message, button, language: words.language }).then(log.settle);
  const log = openLogView(find(".log"), words, {
    tap,
    openList: ({ id, list }) => sheet.show(list, (row) => tap(id, row)),
  });
  const refresh = () => drawFace({ isEmpty: log.isEmpty(), ...phone });
  const hear = listeners({ phone, log, sent, refresh, tap });
  const connection = openConnection(name, {
    heard: (event) => hear[event.kind]?.(event),
    changed(now) {
      phone.connection = now;
      refresh();
    },
  });
  const say = (text) => {
    phone.spoken = undefined;
    return post("say", { text, language: words.language });
  };
  setUpControls(find, {
    say,
    picture: () => post("media"),
    block: () => post("block", { blocked: !phone.blocked }),
    restart() {
      phone.failed = false;
      return connection.restart();
    },
  });

  return {
    name,
    redraw() {
      log.redraw();
      refresh();
    },
    /** Says a language's name, and chooses it where the bot then offers it. */
    speak(language) {
      void say(language);
      phone.spoken = language;
    },
  };
}

/** What each event of the server changes. */
function listeners({ phone, log, sent, refresh, tap }) {
  return {
    screen({ screen }) {
      log.clear();
      phone.blocked = screen.blocked;
      sent.reset(screen.calls);
      for (const message of screen.messages) log.show(message);
      refresh();
    },
    shown({ message }) {
      log.show(message);
      refresh();
      chooseSpoken(phone, message, tap);
    },
    gone({ id }) {
      log.remove(id);
      refresh();
    },
    called: ({ call }) => sent.add(call),
    settled: () => log.settle(),
    blocked({ blocked }) {
      phone.blocked = blocked;
      refresh();
    },
  };
}

function chooseSpoken(phone, { from, id, rows, list }, tap) {
  if (phone.spoken === undefined || from !== "bot") return;
  const button = [...rows.flat(), ...(list?.rows ?? [])].find(({ label }) => label === phone.spoken);
  if (button === undefined) return;
  phone.spoken = undefined;
  tap(id, button.id);
}
