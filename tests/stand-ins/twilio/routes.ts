/** The calls that the stand-in knows; also the `method` of a fault. */
export type RouteName =
  | "messages.create"
  | "messages.list"
  | "messages.fetch"
  | "messages.redact"
  | "messages.delete"
  | "content.create"
  | "content.list"
  | "content.list-with-approvals"
  | "content.fetch"
  | "content.delete"
  | "approval.request"
  | "approval.fetch";

export interface Route {
  readonly name: RouteName;
  readonly sid: string;
  readonly query: URLSearchParams;
}

const ACCOUNT = "^/2010-04-01/Accounts/(?<account>[^/]+)";
const ROUTES: readonly (readonly [method: string, path: RegExp, name: RouteName])[] = [
  ["POST", new RegExp(`${ACCOUNT}/Messages\\.json$`), "messages.create"],
  ["GET", new RegExp(`${ACCOUNT}/Messages\\.json$`), "messages.list"],
  ["GET", new RegExp(`${ACCOUNT}/Messages/(?<sid>\\w+)\\.json$`), "messages.fetch"],
  ["POST", new RegExp(`${ACCOUNT}/Messages/(?<sid>\\w+)\\.json$`), "messages.redact"],
  ["DELETE", new RegExp(`${ACCOUNT}/Messages/(?<sid>\\w+)\\.json$`), "messages.delete"],
  ["POST", /^\/v1\/Content$/, "content.create"],
  ["GET", /^\/v1\/Content$/, "content.list"],
  ["GET", /^\/v1\/ContentAndApprovals$/, "content.list-with-approvals"],
  ["GET", /^\/v1\/Content\/(?<sid>\w+)$/, "content.fetch"],
  ["DELETE", /^\/v1\/Content\/(?<sid>\w+)$/, "content.delete"],
  ["POST", /^\/v1\/Content\/(?<sid>\w+)\/ApprovalRequests\/whatsapp$/, "approval.request"],
  ["GET", /^\/v1\/Content\/(?<sid>\w+)\/ApprovalRequests$/, "approval.fetch"],
];

/** Gives the route of a call, or undefined where there is none (or it is another account's). */
export function readRoute(method: string, url: string, accountSid: string): Route | undefined {
  const [path = "", query = ""] = url.split("?", 2);
  const known = ROUTES.find(([routeMethod, pattern]) => routeMethod === method && pattern.test(path));
  if (known === undefined) return undefined;
  const [, pattern, name] = known;
  const { account = accountSid, sid = "" } = pattern.exec(path)?.groups ?? {};
  return account === accountSid ? { name, sid, query: new URLSearchParams(query) } : undefined;
}
