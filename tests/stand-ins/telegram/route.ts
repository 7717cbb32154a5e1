import { type MethodName, methodNamed } from "./method-table.ts";
import { type Refusal, refused } from "./outcome.ts";

export type Route =
  | { readonly kind: "method"; readonly method: MethodName; readonly query: string }
  | Refusal;

/** Reads `/bot<token>/<method>?query`. Another token is a 401, everything else unknown a 404. */
export function readRoute(url: string, token: string): Route {
  const at = url.indexOf("?");
  const path = at < 0 ? url : url.slice(0, at);
  const [, first = "", name = "", ...rest] = path.split("/");
  if (!first.startsWith("bot") || rest.length > 0) return refused(404, "Not Found");
  if (first.slice("bot".length) !== token) return refused(401, "Unauthorized");
  const method = methodNamed(name);
  if (method === undefined) return refused(404, "Not Found");
  return { kind: "method", method, query: at < 0 ? "" : url.slice(at + 1) };
}
