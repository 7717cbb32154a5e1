/** "Did you mean": the known name that shares the most with the one written. */
export function nearest(name: string, known: readonly string[]): string {
  const pairs = (text: string) =>
    new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2)));
  const wanted = pairs(name);
  const scored = known
    .map((one) => ({ one, shared: [...pairs(one)].filter((pair) => wanted.has(pair)).length }))
    .sort((a, b) => b.shared - a.shared);
  const [best] = scored;
  if (best === undefined) return "there is none yet: write it first, or remove this";
  return best.shared > 1 ? `did you mean \`${best.one}\`?` : `use one of ${known.slice(0, 24).join(", ")}`;
}
