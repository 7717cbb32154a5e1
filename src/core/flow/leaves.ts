import { isJsonObject, type Json } from "./source.ts";

/** What stands at the end of a path of names. */
type Leaf<Value> = readonly [path: readonly string[], value: Value];

/** Everything in a file that holds nothing under names of its own: texts, lists, numbers. A list is one leaf. */
export function leavesOf(data: Json, path: readonly string[] = []): readonly Leaf<Json>[] {
  if (!isJsonObject(data)) return [[path, data]];
  return Object.entries(data).flatMap(([key, value]) => leavesOf(value, [...path, key]));
}

/** The texts that have a name of their own; those in lists are left out. */
export function namedTexts(data: Json): readonly Leaf<string>[] {
  return leavesOf(data).filter((leaf): leaf is Leaf<string> => typeof leaf[1] === "string");
}

/** Every text, those in lists too, by their place there. */
export function allTexts(data: Json, path: readonly string[] = []): readonly Leaf<string>[] {
  if (typeof data === "string") return [[path, data]];
  if (typeof data !== "object" || data === null) return [];
  return Object.entries(data).flatMap(([key, value]: [string, Json]) => allTexts(value, [...path, key]));
}
