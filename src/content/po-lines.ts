const quoted = /^\s*"(.*)"\s*$/;

/** The lines of a PO file (1-based) on which the entry of each context begins; the parser itself does not tell them. */
export function linesByContext(text: string): ReadonlyMap<string, readonly number[]> {
  const lines = text.split(/\r?\n/);
  const found = new Map<string, number[]>();
  for (const [index, line] of lines.entries()) {
    if (!/^\s*msgctxt\s/.test(line)) continue;
    const context = [line.replace(/^\s*msgctxt\s/, ""), ...continued(lines, index + 1)]
      .map(unquoted)
      .join("");
    const before = found.get(context) ?? [];
    found.set(context, [...before, index + 1]);
  }
  return found;
}

/** A long string goes on in quoted lines of its own. */
function continued(lines: readonly string[], from: number): readonly string[] {
  const end = lines.findIndex((line, index) => index >= from && !quoted.test(line));
  return lines.slice(from, end === -1 ? undefined : end);
}

function unquoted(line: string): string {
  return (quoted.exec(line)?.[1] ?? "").replaceAll('\\"', '"').replaceAll("\\\\", "\\");
}
