import { isIP } from "node:net";

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Whether the `Host` that a request was sent to is one of ours: this machine's own names, an IP address, or one of
 * `hosts`. A page of somebody else's that makes its name resolve to this machine (DNS rebinding) still sends its name.
 */
export function isOwnHost(headers: Headers, hosts: readonly string[]): boolean {
  const host = hostOf(headers);
  if (host === undefined) return false;
  const name = host.hostname.replace(/^\[|\]$/g, "");
  return (
    name === "localhost" || isIP(name) !== 0 || hosts.includes(host.hostname) || hosts.includes(host.host)
  );
}

/** Whether a request comes from a page of ours, or from no page at all. */
export function isSameOrigin(headers: Headers): boolean {
  const { origin, "sec-fetch-site": site } = headers;
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  if (origin === undefined) return true;
  if (typeof origin !== "string" || !URL.canParse(origin)) return false;
  return new URL(origin).host === hostOf(headers, new URL(origin).protocol)?.host;
}

function hostOf({ host }: Headers, protocol = "http:"): URL | undefined {
  const url = `${protocol}//${typeof host === "string" ? host : ""}`;
  return typeof host === "string" && /^[\w.:[\]-]+$/.test(host) && URL.canParse(url)
    ? new URL(url)
    : undefined;
}
