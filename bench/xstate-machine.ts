import { initialTransition, setup, transition } from "xstate";

/**
 * The flow of `flows.ts` as an XState v5 machine, written as its manual would have it: a state a question, guards that
 * read the answer, prompts as actions that `transition` gives back. It reads answers more simply than the product does
 * (no red flags, no masking, no search for a question in what was not understood), which is to its advantage.
 */

type Context = { readonly answers: Readonly<Record<string, string | number>> };
type AnswerEvent = { readonly type: "answer"; readonly text: string };

const yesNo: ReadonlyMap<string, string> = new Map([
  ["yes", "yes"],
  ["y", "yes"],
  ["no", "no"],
  ["n", "no"],
]);
const colours: ReadonlyMap<string, string> = new Map(["red", "green", "blue"].map((word) => [word, word]));
const counts: ReadonlyMap<string, string> = new Map(["one", "two", "three"].map((word) => [word, word]));

type Read = (text: string) => string | number | undefined;

const word =
  (words: ReadonlyMap<string, string>): Read =>
  (text) =>
    words.get(text.trim().toLowerCase());
const number =
  (least: number, most: number): Read =>
  (text) => {
    const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };
const anyText: Read = (text) => (text.trim() === "" ? undefined : text);

const kit = setup({
  types: {
    context: {} as Context,
    events: {} as AnswerEvent,
  },
  actions: {
    say: (_, _params: { readonly key: string }) => undefined,
  },
});

const say = (key: string) => ({ type: "say", params: { key } }) as const;

/** One guarded way on from a question: taken when the answer is read, and (for a branch) is this one. */
function way(id: string, read: Read, target: string, only?: string) {
  return {
    guard: ({ event }: { event: AnswerEvent }) => {
      const value = read(event.text);
      return only === undefined ? value !== undefined : value === only;
    },
    target,
    actions: kit.assign(({ context, event }) => ({
      answers: { ...context.answers, [id]: read(event.text) ?? "" },
    })),
  };
}

function question(id: string, read: Read, target: string) {
  return {
    entry: say(id),
    on: { answer: [way(id, read, target), { actions: [say("not-understood"), say(id)] }] },
  };
}

const machine = kit.createMachine({
  id: "bench",
  initial: "q1",
  context: { answers: {} },
  states: {
    q1: question("q1", word(yesNo), "q2"),
    q2: question("q2", word(colours), "q3"),
    q3: question("q3", number(0, 120), "q4"),
    q4: {
      entry: say("q4"),
      on: {
        answer: [
          way("q4", word(yesNo), "q5", "yes"),
          way("q4", word(yesNo), "q6", "no"),
          { actions: [say("not-understood"), say("q4")] },
        ],
      },
    },
    q5: question("q5", anyText, "q6"),
    q6: question("q6", word(counts), "q7"),
    q7: question("q7", number(0, 10), "q8"),
    q8: question("q8", word(yesNo), "q9"),
    q9: question("q9", anyText, "q10"),
    q10: question("q10", word(yesNo), "done"),
    done: {
      always: [
        {
          guard: ({ context: { answers } }) => answers["q1"] === "yes" && Number(answers["q3"]) >= 18,
          target: "q1",
          actions: [say("grown"), kit.assign({ answers: {} })],
        },
        { target: "q1", actions: [say("other"), kit.assign({ answers: {} })] },
      ],
    },
  },
});

/** A state of the machine. */
export type MachineState = ReturnType<typeof initialTransition<typeof machine>>[0];

/** The machine at its first question. */
export function begin(): MachineState {
  return initialTransition(machine)[0];
}

/** The state after an answer, and how many things there are to say. */
export function step(
  state: MachineState,
  text: string,
): { readonly state: MachineState; readonly says: number } {
  const [next, actions] = transition(machine, state, { type: "answer", text });
  return { state: next, says: actions.length };
}

/** The leanest text that a state can be had back from. */
export function stored({ value, context }: MachineState): string {
  return JSON.stringify({ value, context });
}

/** The state that was stored as this text. */
export function restored(text: string): MachineState {
  return machine.resolveState(JSON.parse(text));
}
