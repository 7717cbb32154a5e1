import type { Program } from "../../src/core/flow/program.ts";
import {
  isJsonObject,
  type Json,
  type JsonObject,
  type Source,
  type SourceFile,
  valueAt,
} from "../../src/core/flow/source.ts";

export type Path = readonly (string | number)[];

/** A content as it ships, to plant defects in. */
export type Shipped = { readonly source: Source; readonly program: Program };

/** A place where a defect can be planted, and the content with it. */
export type Plant = { readonly where: string; readonly source: () => Source; readonly now?: number };

/** A value with another at a path (undefined: removed). Objects on the way are made where they are missing. */
function withAt(data: Json | undefined, path: Path, value: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return value ?? null;
  if (Array.isArray(data)) return withItem(data, Number(key), rest, value);
  const object = isJsonObject(data) ? data : {};
  const entries = Object.entries(object).filter(([name]) => name !== String(key));
  if (rest.length === 0 && value === undefined) return Object.fromEntries(entries);
  const inner = rest.length === 0 ? (value ?? null) : withAt(object[String(key)], rest, value);
  const order = Object.keys(object).includes(String(key))
    ? Object.keys(object)
    : [...Object.keys(object), String(key)];
  return Object.fromEntries(
    order.map((name) => [name, name === String(key) ? inner : (object[name] ?? null)]),
  );
}

function withItem(list: readonly Json[], at: number, rest: Path, value: Json | undefined): Json {
  if (rest.length === 0 && value === undefined) return list.filter((_, index) => index !== at);
  const inner = rest.length === 0 ? (value ?? null) : withAt(list[at], rest, value);
  return at >= list.length ? [...list, inner] : list.map((one, index) => (index === at ? inner : one));
}

/** The content with something else in a file below `flows/`; a file that is not there is made. */
export function inFlow(source: Source, name: string, path: Path, value: Json | undefined): Source {
  const file = source.flows.get(name) ?? fileOf(`flows/${name}.yaml`, {});
  return {
    ...source,
    flows: new Map(source.flows).set(name, { ...file, data: withAt(file.data, path, value) }),
  };
}

/** The content with something else in a language's file. */
export function inWords(
  source: Source,
  language: string,
  name: string,
  path: Path,
  value: Json | undefined,
): Source {
  const files = source.locales.get(language) ?? new Map<string, SourceFile>();
  const file = files.get(name) ?? fileOf(`locales/${language}/${name}.json`, {});
  const changed = new Map(files).set(name, { ...file, data: withAt(file.data, path, value) });
  return { ...source, locales: new Map(source.locales).set(language, changed) };
}

/** The same in every language. */
export function inAllWords(source: Source, name: string, path: Path, value: Json | undefined): Source {
  return [...source.locales.keys()].reduce(
    (all, language) => inWords(all, language, name, path, value),
    source,
  );
}

export function fileOf(path: string, data: Json): SourceFile {
  return { path, data, lineOf: () => 1 };
}

export type FoundStep = { readonly flow: string; readonly id: string; readonly body: JsonObject };

/** Every step of every flow, as it is written; only those of a kind where one is named. */
export function stepsIn({ source, program }: Shipped, kind?: string): readonly FoundStep[] {
  return [...program.flows.keys()].flatMap((flow) => {
    const steps = valueAt(source.flows.get(flow)?.data, ["steps"]);
    return Object.entries(isJsonObject(steps) ? steps : {}).flatMap(([id, body]) =>
      isJsonObject(body) && (kind === undefined || body["kind"] === kind) ? [{ flow, id, body }] : [],
    );
  });
}

/** The value at a path of a step or file, when it is a text. */
export function textAt(data: Json | undefined, path: Path): string | undefined {
  const value = valueAt(data, path);
  return typeof value === "string" ? value : undefined;
}

export type FoundText = {
  readonly language: string;
  readonly file: string;
  readonly path: Path;
  readonly text: string;
};

/** Every text of the languages, with its place. */
export function textsIn(source: Source, languages: readonly string[]): readonly FoundText[] {
  return languages.flatMap((language) =>
    [...(source.locales.get(language) ?? [])].flatMap(([file, { data }]) =>
      leaves(data, []).map(([path, text]) => ({ language, file, path, text })),
    ),
  );
}

function leaves(data: Json, path: Path): readonly (readonly [Path, string])[] {
  if (typeof data === "string") return [[path, data]];
  if (!isJsonObject(data)) return [];
  return Object.entries(data).flatMap(([key, value]) => leaves(value, [...path, key]));
}
