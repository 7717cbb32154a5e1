import { type FoundText, inWords, type Plant, type Shipped, textsIn } from "./edit.ts";

/** The languages that are translated. */
export const others = ["fa-AF", "ps", "es"];

/** One plant for each text of these languages for which `change` gives another (undefined: removed; null: not here). */
export function inTexts(
  shipped: Shipped,
  languages: readonly string[],
  change: (text: FoundText) => string | undefined | null,
): readonly Plant[] {
  return textsIn(shipped.source, languages).flatMap((text) => {
    const value = change(text);
    if (value === null) return [];
    return [
      {
        where: `${text.language}/${text.file}:${text.path.join(".")}`,
        source: () => inWords(shipped.source, text.language, text.file, text.path, value),
      },
    ];
  });
}

/** Whether a text is what a step of a flow says. */
export const isFlowText = ({ program }: Shipped, { file, path }: FoundText) =>
  program.flows.has(file) && path.length === 2 && path[1] === "text";
