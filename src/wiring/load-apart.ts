import { Problem } from "../app/errors.ts";
import type { Candidate, LoadCandidate } from "../app/publish.ts";
import { builtBetweenTurns } from "./between-turns.ts";
import type { Checked, Order } from "./check-apart.ts";
import { inThread } from "./in-thread.ts";
import { restored } from "./kept-content.ts";
import type { ServerContent } from "./server-content.ts";

/** How often files that are written to while they are checked are read again. */
const mostTries = 5;

/**
 * Loads content as a publish needs it: another thread reads, compiles and checks all of it, so that nobody waits for that.
 * `inUse`: what is used now; its index for questions stays where nothing that it is made from has changed.
 */
export function loaderApart(
  root: string,
  inUse: Pick<ServerContent, "questions" | "program">,
): LoadCandidate {
  let known = { print: inUse.questions, index: inUse.program.faq.index };
  return async (other) => {
    const checked = await checkApart({ root: other ?? root, whole: other === undefined });
    if (checked.kind === "refused") return checked;
    const { program, translator, questions } = restored(checked.content);
    const index = questions === known.print ? known.index : program.faq.index;
    const warm = async () => {
      await builtBetweenTurns(index);
      known = { print: questions, index };
    };
    const ready: Candidate = {
      kind: "loaded",
      program: { ...program, faq: { ...program.faq, index } },
      translator,
      warm,
    };
    return ready;
  };
}

async function checkApart(order: Order): Promise<Exclude<Checked, { kind: "changing" }>> {
  for (let tries = 0; tries < mostTries; tries++) {
    const checked = await inThread<Checked>(new URL("./check-apart.ts", import.meta.url), order);
    if (checked.kind !== "changing") return checked;
  }
  throw new Problem(
    "busy",
    "the flows and words were written to all the time: publish again when that is over",
  );
}
