import type { Program } from "../program.ts";
import type { Issue, Source } from "../source.ts";

/** One check of the whole content. Pure; gives what it finds, in no particular order. */
export type Check = (content: { readonly source: Source; readonly program: Program }) => readonly Issue[];
