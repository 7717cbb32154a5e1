// FLOIP's flow-runner on the ten questions, its context read from JSON and written to it at every step. Runs in the
// folder where the package was installed; the flow itself stays outside of what is stored, which is to its advantage.
import { createRequire } from "node:module";

const [conversations = 500, rounds = 3] = process.argv.slice(2).map(Number);
const { answers, textOf } = await import(process.env.PEER_FLOW);
const require = createRequire(import.meta.url);
const { createContextDataObjectFor, FlowRunner } = require("@floip/flow-runner");
console.info = () => undefined;

const idOf = (name) => `${name.padEnd(8, "z")}-0000-0000-0000-000000000000`;
const exit = (from, at, to, test) => ({
  uuid: idOf(`${from}x${at}`),
  label: `exit ${at}`,
  tag: "",
  config: {},
  destination_block: to === undefined ? undefined : idOf(to),
  test,
  default: test === undefined,
});
const block = (name, type, config, ...exits) => ({
  uuid: idOf(name),
  name,
  type,
  config: { prompt: textOf(name), ...config },
  exits: exits.map(([to, test], at) => exit(name, at, to, test)),
});
const choices = (...words) => ({ choices: Object.fromEntries(words.map((word) => [word, word])) });
const one = "MobilePrimitives.SelectOneResponse";
const number = "MobilePrimitives.NumericResponse";
const open = "MobilePrimitives.OpenResponse";
const message = "MobilePrimitives.Message";
const flow = {
  uuid: idOf("flow"),
  name: "bench",
  last_modified: "2026-01-01T00:00:00Z",
  interaction_timeout: 3600,
  supported_modes: ["TEXT"],
  languages: [],
  first_block_id: idOf("q1"),
  blocks: [
    block("q1", one, choices("yes", "no"), ["q2"]),
    block("q2", one, choices("red", "green", "blue"), ["q3"]),
    block("q3", number, { validation_minimum: 0, validation_maximum: 120 }, ["q4"]),
    block("q4", one, choices("yes", "no"), ["q5", 'block.value = "yes"'], ["q6"]),
    block("q5", open, {}, ["q6"]),
    block("q6", one, choices("one", "two", "three"), ["q7"]),
    block("q7", number, { validation_minimum: 0, validation_maximum: 10 }, ["q8"]),
    block("q8", one, choices("yes", "no"), ["q9"]),
    block("q9", open, {}, ["q10"]),
    block("q10", one, choices("yes", "no"), ["done"]),
    block("done", "Core.Case", {}, ["grown", 'AND(flow.q1.value = "yes", flow.q3.value >= 18)'], ["other"]),
    block("grown", message, {}, [undefined]),
    block("other", message, {}, [undefined]),
  ],
};
delete flow.blocks.find(({ name }) => name === "done").config.prompt;

function stored(context) {
  const { flows, resources, ...rest } = context;
  return JSON.stringify(rest);
}

function restored(text) {
  return { ...JSON.parse(text), flows: [flow], resources: [] };
}

async function opened(number) {
  const contact = { id: String(number), name: "P", created_at: "2026-01-01", groups: [] };
  const context = await createContextDataObjectFor(contact, [], "u", "o", [flow], "en", "TEXT", []);
  await new FlowRunner(context).run();
  return stored(context);
}

function typed({ kind }, text) {
  return kind === "Numeric" ? Number(text) : text;
}

async function step(text, answer) {
  const context = restored(text);
  const runner = new FlowRunner(context);
  const { prompt } = runner.hydrateRichCursorFrom(context);
  try {
    prompt.validate(typed(prompt.config, answer));
  } catch {
    return { text, says: 2 };
  }
  prompt.value = typed(prompt.config, answer);
  const cursor = await runner.run();
  if (cursor?.prompt?.config.kind !== "Message") return { text: stored(context), says: 1 };
  // The result is said, and the flow ends; what begins again is not counted.
  const said = cursor.prompt.config.prompt;
  cursor.prompt.value = null;
  await runner.run();
  return { text: stored(context), says: 1, said, over: context.delivery_status };
}

async function lap() {
  const states = [];
  for (let number = 0; number < conversations; number++) states.push(await opened(number));
  const took = [];
  let ended = 0;
  for (const answer of answers) {
    const from = performance.now();
    for (let at = 0; at < states.length; at++) {
      const { text, said } = await step(states[at], answer);
      if (said === textOf("grown")) ended += 1;
      states[at] = text;
    }
    took.push(performance.now() - from);
  }
  if (ended !== conversations) throw new Error("the flow was not walked");
  return took;
}

await lap();
const laps = [];
for (let round = 0; round < rounds; round++) laps.push(await lap());
process.stdout.write(JSON.stringify(laps));
