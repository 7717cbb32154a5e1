import { isObject, type Payload, parseJson } from "../wire/shapes.ts";
import { METHODS, type MethodName, type Parameter, type Parameters } from "./method-table.ts";
import { CHECKS, JSON_KINDS } from "./parameter-checks.ts";

export type ReadParameters =
  | { readonly kind: "parameters"; readonly parameters: Payload }
  | { readonly kind: "refused"; readonly reason: string };

/** Reads what came in the query and in the body; form values become what their parameter is. */
export function readParameters(
  method: MethodName,
  query: string,
  type: string | undefined,
  body: string,
): ReadParameters {
  const table: Parameters = METHODS[method];
  const fromQuery = query === "" ? {} : fromForm(table, query);
  if (body === "") return { kind: "parameters", parameters: fromQuery };
  if (type?.startsWith("application/x-www-form-urlencoded")) {
    return { kind: "parameters", parameters: { ...fromQuery, ...fromForm(table, body) } };
  }
  if (!type?.startsWith("application/json")) return { kind: "refused", reason: "unsupported content type" };
  const parsed = parseJson(body);
  if (parsed === undefined || !isObject(parsed.value)) {
    return { kind: "refused", reason: "can't parse request body as JSON object" };
  }
  return { kind: "parameters", parameters: query === "" ? parsed.value : { ...fromQuery, ...parsed.value } };
}

function fromForm(table: Parameters, form: string): Payload {
  return Object.fromEntries(
    [...new URLSearchParams(form)].map(([name, value]) => [name, fromText(table[name], value)]),
  );
}

function fromText(parameter: Parameter | undefined, value: string): unknown {
  if (parameter?.kind === "integer" && /^-?\d+$/.test(value)) return Number(value);
  if (parameter?.kind === "boolean" && /^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
  return value;
}

/** Turns JSON texts inside parameters into their values, and a chat id of digits into a number. */
export function unwrapped(method: MethodName, parameters: Payload): Payload {
  const table: Parameters = METHODS[method];
  const entries = Object.entries(parameters);
  if (!entries.some(([, value]) => typeof value === "string")) return parameters;
  return Object.fromEntries(entries.map(([name, value]) => [name, unwrap(table[name], value)]));
}

function unwrap(parameter: Parameter | undefined, value: unknown): unknown {
  if (parameter === undefined || typeof value !== "string") return value;
  if (parameter.kind === "chat" && /^-?\d{1,16}$/.test(value)) return Number(value);
  if (!JSON_KINDS.has(parameter.kind)) return value;
  const parsed = parseJson(value);
  return parsed === undefined ? value : parsed.value;
}

/** Gives why a call is refused before it is carried out, or undefined. Unknown parameters are refused. */
export function checkParameters(method: MethodName, parameters: Payload): string | undefined {
  const table: Parameters = METHODS[method];
  for (const name of Object.keys(parameters)) {
    if (!Object.hasOwn(table, name)) return `unknown parameter "${name}" for ${method}`;
  }
  for (const [name, parameter] of Object.entries(table)) {
    const reason = checkParameter(name, parameter, parameters[name]);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const MISSING: Readonly<Record<string, string>> = {
  chat_id: "chat_id is empty",
  text: "message text is empty",
  message_id: "message identifier is not specified",
};

function checkParameter(name: string, parameter: Parameter, value: unknown): string | undefined {
  if (value === undefined) {
    return parameter.required ? (MISSING[name] ?? `parameter "${name}" is required`) : undefined;
  }
  const reason = CHECKS[parameter.kind](value) ?? checkSize(parameter, value);
  return reason !== undefined && /^(expected|at) /.test(reason) ? `${name}: ${reason}` : reason;
}

function checkSize({ atLeast, atMost }: Parameter, value: unknown): string | undefined {
  const size = typeof value === "string" ? value.length : Number(value);
  if (atLeast !== undefined && size < atLeast) return `at least ${atLeast} is expected, found ${size}`;
  if (atMost !== undefined && size > atMost) return `at most ${atMost} is expected, found ${size}`;
  return undefined;
}
