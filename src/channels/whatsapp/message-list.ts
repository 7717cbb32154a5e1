import { z } from "zod";
import type { Ms } from "../../core/nouns/time.ts";
import type { TwilioApi } from "./client.ts";

/** One message of Twilio's list, as far as it matters here. */
export type Listed = z.infer<typeof listedMessage>;

const listedMessage = z.object({
  sid: z.string().min(1),
  from: z.string().nullish(),
  body: z.string().nullish(),
  status: z.string().nullish(),
  direction: z.string().nullish(),
  num_media: z.string().nullish(),
  /** RFC 2822, whole seconds. */
  date_created: z.string(),
});

const page = z.object({ messages: z.array(listedMessage), next_page_uri: z.string().nullish() });

/** When (ms) Twilio made the message: the beginning of that second. */
export function createdAt({ date_created }: Listed): Ms {
  return Date.parse(date_created);
}

/**
 * The messages of Twilio's list that fit the filter and were made at `since` or later, the oldest first. The list comes
 * newest first, so that it is read no further than that, and `pages` pages at most. The dates are not asked for in the filter:
 * it knows the date of sending only, which a message that still waits there does not have. Rejects when the list can't be had.
 */
export async function listSince(
  api: Pick<TwilioApi, "messages">,
  filter: Readonly<Record<string, string>>,
  since: Ms,
  pages: number,
): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  let search: string | undefined = new URLSearchParams(filter).toString();
  for (let read = 0; search !== undefined && read < pages; read += 1) {
    const { messages, next_page_uri } = page.parse(await api.messages(search));
    const recent = messages.filter((message) => createdAt(message) >= since);
    found.push(...recent);
    search = recent.length < messages.length ? undefined : searchOf(next_page_uri);
  }
  return found.reverse();
}

function searchOf(uri: string | null | undefined): string | undefined {
  const at = uri?.indexOf("?") ?? -1;
  return typeof uri === "string" && at >= 0 ? uri.slice(at + 1) : undefined;
}
