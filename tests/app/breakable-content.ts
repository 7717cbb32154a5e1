import { vi } from "vitest";
import { Content } from "../../src/app/runtime.ts";
import { shipped } from "./app-world.ts";

/** Content whose reading of the word "poison" throws while it is broken. */
export function breakableContent() {
  const state = { broken: false };
  const content = () => {
    const commandWords = new Map(shipped.program.commandWords);
    const get = commandWords.get.bind(commandWords);
    vi.spyOn(commandWords, "get").mockImplementation((word) => {
      if (state.broken && word === "poison") throw new TypeError("what a person wrote: poison");
      return get(word);
    });
    return new Content({ ...shipped.program, commandWords }, shipped.translator);
  };
  return { state, content };
}
