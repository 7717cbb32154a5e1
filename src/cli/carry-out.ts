import type { AdminRequest } from "../app/admin.ts";
import { problemText } from "../app/errors.ts";
import { type Config, readConfig } from "../config.ts";
import { controlPath } from "../web/control-path.ts";
import { askServer } from "./ask-server.ts";
import { CommandFailed } from "./command-failed.ts";

/** What there is to show, and who did it. */
export type Done = { readonly result: unknown; readonly by: "server" | "alone" };

/**
 * Has the running server carry out a request, so that it takes effect at once; does it itself while none runs.
 * Throws CommandFailed and Problems that say what to do.
 */
export async function haveDone(request: AdminRequest): Promise<Done> {
  const config = await configuration();
  const answer = await askServer(controlPath(config.dataDir), request);
  if (answer.kind === "answered") return { result: answer.result, by: "server" };
  return { result: await doAlone(config, request), by: "alone" };
}

/** What wires the server takes a while to load: it is fetched only where it is needed. */
async function configuration(): Promise<Config> {
  const read = readConfig(process.env);
  return "dataDir" in read ? read : (await import("../wiring/installation.ts")).configFrom(process.env);
}

async function doAlone(config: Config, request: AdminRequest): Promise<unknown> {
  const { carryOut } = await import("../app/admin.ts");
  const { openChannels } = await import("../wiring/channels.ts");
  const { openInstallation, openLog, ownWords } = await import("../wiring/installation.ts");
  try {
    const installation = await openInstallation(config, openLog("warn"));
    try {
      if (installation.keyOrigin === "made") {
        process.stderr.write(`A new master key is in ${config.keyFile}: keep a copy, apart from the data.\n`);
      }
      // So that it is known who can be reached, as far as the last server found out; none of them is started.
      const { all } = await openChannels(config, installation);
      await Promise.all(all.map((channel) => channel.recall?.()));
      installation.addChannels(all);
      // What is queued leaves with the server: this process ends too soon to see its sending through.
      await installation.parts.outbox.stop();
      return await carryOut(installation.parts, request);
    } finally {
      await installation.close();
    }
  } catch (error) {
    throw new CommandFailed(ownWords(error) ?? problemText(error));
  }
}
