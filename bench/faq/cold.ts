import { indexInSlices } from "../../src/core/faq/faq-index.ts";
import { shippedWords } from "./messages.ts";

// A process of its own, in which nothing has been built before: prints what the index costs there, in milliseconds of
// this thread's time, and how long the longest slice of it keeps others waiting.

const { entries, options } = shippedWords();
const slices = indexInSlices(entries, options);
const costs: number[] = [];
for (let done = false; !done; ) {
  const before = process.threadCpuUsage();
  done = slices.next().done === true;
  const { user, system } = process.threadCpuUsage(before);
  costs.push((user + system) / 1000);
}
const whole = costs.reduce((all, cost) => all + cost, 0);
process.stdout.write(JSON.stringify({ whole, longest: Math.max(...costs) }));
