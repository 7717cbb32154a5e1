import { fileURLToPath } from "node:url";
import { Option } from "commander";

/** The project's own folder, which holds `flows/` and `locales/`. */
export const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

export type ContentOptions = { readonly content: string };

/** The option that points a command at another copy of the content. */
export function contentOption(): Option {
  return new Option("--content <folder>", "the folder that holds flows/ and locales/").default(
    projectRoot,
    "this project's",
  );
}
