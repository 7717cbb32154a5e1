import type { Channel } from "../app/ports-channel.ts";
import type { Config } from "../config.ts";
import type { ServerOptions } from "../web/server.ts";
import { doorsOf, webhookPaths } from "./channels.ts";
import { openWebApart, type Web } from "./web-apart.ts";

/**
 * The web server of a server with these channels, which does not listen yet. Where platforms post, it has a thread of its own,
 * unless there are pages.
 */
export async function openWeb(
  config: Config,
  channels: readonly Channel[],
  options: Omit<ServerOptions, "webhooks">,
): Promise<Web> {
  const { host, port } = config;
  const doors = doorsOf(config, channels);
  if (doors.length > 0 && options.playground === undefined) {
    const { receive, health, metrics, log } = options;
    return openWebApart({ host, port, doors, receive, health, metrics, log });
  }
  const { buildServer } = await import("../web/server.ts");
  const paths: Readonly<Record<string, readonly string[]>> = webhookPaths;
  const webhooks = channels.map((channel) => ({ channel, paths: paths[channel.id] ?? [] }));
  const app = buildServer({ ...options, webhooks });
  return { listen: () => app.listen({ host, port }), close: async () => void (await app.close()) };
}
