import { type BotApiOptions, startBotApi } from "./bot-api.ts";
import type { BotApiCommand, BotApiReport } from "./bot-api-process.ts";

/** The child that bot-api-process.ts starts: a stand-in that is told what to do, and reports, over IPC. */
const options: BotApiOptions = JSON.parse(process.argv[2] ?? "{}");
/** Finer than a millisecond, and the same clock in every process of the machine. */
const api = await startBotApi({ ...options, now: () => performance.timeOrigin + performance.now() });

const tell = (report: BotApiReport) => process.send?.(report);

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function obey(command: BotApiCommand): Promise<unknown> {
  switch (command.kind) {
    case "counts":
      return { accepted: api.ledger.calls.length, pending: api.pending().length, cpuMs: cpuMs() };
    case "ledger":
      return api.ledger.calls.map(({ at, method, chat, payload, copies }) => ({
        at,
        method,
        chat,
        text: payload["text"],
        copies,
      }));
    case "wait-for-accepted":
      await api.waitFor(
        () => api.ledger.calls.length >= command.count,
        `${command.count} calls`,
        command.limitMs,
      );
      return undefined;
    case "clear":
      api.ledger.clear();
      return undefined;
    case "say":
      return command.chats.map((chat) => api.person(chat).say(command.text));
    case "tap":
      return api.person(command.chat).tap("latest", command.labelOrData);
    case "block":
      api.person(command.chat).block();
      return undefined;
    case "fault":
      api.faults.push(command.fault);
      return undefined;
  }
}

process.on("message", (message: { readonly id: number; readonly command: BotApiCommand }) => {
  obey(message.command).then(
    (result) => tell({ id: message.id, result }),
    (error: unknown) => tell({ id: message.id, error: String(error) }),
  );
});
process.on("disconnect", () => process.exit(0));
tell({ url: api.url, token: api.token });
