/** How long to wait after the server turned the line away, in milliseconds. */
const pause = 3000;

/** A phone's line to the server, for one session at a time. The session is a random id that only this page knows. */
export function openConnection(name, { heard, changed }) {
  const memory = `parwana.${name}`;
  let session = sessionStorage.getItem(memory) ?? newSession(memory);
  let events;
  let again;

  const listen = () => {
    changed("connecting");
    events = new EventSource(`/playground/${name}/${session}/events`);
    events.addEventListener("open", () => changed("connected"));
    events.addEventListener("error", () => {
      changed("lost");
      // The browser asks again by itself where the line broke, not where the server turned it away.
      if (events.readyState === EventSource.CLOSED) again = setTimeout(listen, pause);
    });
    events.addEventListener("message", ({ data }) => heard(JSON.parse(data)));
  };

  listen();
  return {
    /** Does something on the phone; gives whether it was taken. */
    async post(deed, content = {}) {
      const answer = await fetch(`/playground/${name}/${session}/${deed}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(content),
      }).catch(() => undefined);
      return answer?.ok ?? false;
    },
    /** Goes on as somebody whom the bot has never met. */
    async restart() {
      clearTimeout(again);
      events.close();
      await fetch(`/playground/${name}/${session}`, { method: "DELETE" }).catch(() => undefined);
      session = newSession(memory);
      listen();
    },
  };
}

function newSession(memory) {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  const session = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  sessionStorage.setItem(memory, session);
  return session;
}
