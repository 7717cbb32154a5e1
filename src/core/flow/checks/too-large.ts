import { issueAt } from "../source.ts";
import type { Proof } from "./proof.ts";

/** A flow is small enough to be looked over whole. */
export const tooLarge: Proof = ({ source, exploration: { tooMany } }) => {
  const file = tooMany === undefined ? undefined : source.flows.get(tooMany.flow);
  if (tooMany === undefined || file === undefined) return [];
  const { flow, place, remembered, limit } = tooMany;
  const step = place.slice(place.indexOf(":") + 1);
  const answers = remembered.map((one) => `\`${one}\``).join(", ");
  return [
    issueAt(
      file,
      ["steps", step],
      `the flow \`${flow}\` has more than ${limit.toLocaleString("en-US")} states, most of them at \`${step}\`, where ${remembered.length} answers are still remembered (${answers})`,
      `split the flow at \`${step}\`: read these answers before it, and call what follows as a flow of its own that is given only what it needs`,
    ),
  ];
};
