import type { Publisher } from "./publish.ts";
import type { Parts } from "./runtime.ts";

/** Counts and queue lengths in the Prometheus text format. Labels are our own names only, never anything of a person. */
export async function metricsText(parts: Parts & { readonly publisher?: Publisher }): Promise<string> {
  const [counts, backlog, setAside] = await Promise.all([
    parts.store.desk.counts(),
    parts.store.backlog(),
    parts.store.setAside(),
  ]);
  const lines = [
    "# HELP parwana_events_total Things that happened, counted without identity.",
    "# TYPE parwana_events_total counter",
    ...Object.entries(counts).map(([name, count]) => `parwana_events_total{event="${label(name)}"} ${count}`),
    "# HELP parwana_outbox_queued Messages queued to be sent, by lane.",
    "# TYPE parwana_outbox_queued gauge",
    ...Object.entries(backlog).map(
      ([lane, count]) => `parwana_outbox_queued{lane="${label(lane)}"} ${count}`,
    ),
    "# HELP parwana_inbox_set_aside Inputs set aside because their handling failed too often.",
    "# TYPE parwana_inbox_set_aside gauge",
    `parwana_inbox_set_aside ${setAside.length}`,
    "# HELP parwana_content_refused Whether the flows and words on the disk were refused, and older ones are in use.",
    "# TYPE parwana_content_refused gauge",
    `parwana_content_refused ${parts.publisher?.refused === true ? 1 : 0}`,
  ];
  return `${lines.join("\n")}\n`;
}

function label(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", " ");
}
