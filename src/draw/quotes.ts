const isolate = "\u2068";
const pop = "\u2069";

/**
 * Isolates what stands between “ and ” in lines of authors' words: the words of another language, whose direction must
 * not turn what is around them. A quotation may go on over lines; each line is closed in itself.
 */
export function isolatedQuotes(lines: readonly string[]): readonly string[] {
  let isInside = false;
  return lines.map((line) => {
    const beginning = isInside ? isolate : "";
    const opens = line.lastIndexOf("“");
    const closes = line.lastIndexOf("”");
    if (opens >= 0 || closes >= 0) isInside = opens > closes;
    const marked = line.replaceAll("“", `“${isolate}`).replaceAll("”", `${pop}”`);
    return `${beginning}${marked}${isInside ? pop : ""}`;
  });
}
