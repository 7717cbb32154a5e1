import { type Compared, compare } from "../explore/compare.ts";
import type { State } from "../explore/graph.ts";
import type { Flow, Program } from "../program.ts";
import type { PromiseSource } from "../schema.ts";
import { type Issue, issueAt, type Source } from "../source.ts";
import type { Proof } from "./proof.ts";
import { answerLine, transcriptOf } from "./transcript.ts";

type Monotone = PromiseSource["monotone"];

/** What flows promise is so: more of one thing (danger) never leads to less of another (urgency), all else alike. */
export const promises: Proof = ({ source, program, exploration }) =>
  [...program.flows.values()].flatMap((flow) =>
    flow.promises.flatMap(({ monotone }, at) => [
      ...unknownIn(source, program, flow, monotone, at),
      ...brokenIn({ source, program, states: exploration.states }, flow, monotone, at),
    ]),
  );

function unknownIn(
  source: Source,
  program: Program,
  flow: Flow,
  { of, order }: Monotone,
  at: number,
): readonly Issue[] {
  const step = program.steps.get(`${flow.id}:${of}`);
  const options =
    step?.kind === "ask" ? step.buttons.map(({ id }) => id.slice(id.indexOf(":", 2) + 1)) : undefined;
  if (options === undefined)
    return issuesAt(
      source,
      flow,
      ["promises", at, "monotone", "of"],
      `there is no question \`${of}\` in this flow`,
      "name one",
    );
  return order
    .filter((answer) => !options.includes(answer))
    .flatMap((answer) =>
      issuesAt(
        source,
        flow,
        ["promises", at, "monotone", "order"],
        `the question \`${of}\` has no answer \`${answer}\``,
        `use some of ${options.join(", ")}`,
      ),
    );
}

type Looking = { readonly source: Source; readonly program: Program; readonly states: readonly State[] };

function brokenIn(
  { source, program, states }: Looking,
  flow: Flow,
  { of, order }: Monotone,
  at: number,
): readonly Issue[] {
  const pairs = order.flatMap((less, rank) => order.slice(rank + 1).map((more) => [less, more] as const));
  return pairs.flatMap(([less, more]) => {
    const compared = compare(program, states, `${flow.id}:${of}`, [less, more]);
    return tell(source, flow, at, [less, more], compared);
  });
}

function tell(
  source: Source,
  flow: Flow,
  at: number,
  [less, more]: readonly [string, string],
  compared: Compared,
): readonly Issue[] {
  if (compared.kind === "holds") return [];
  const path = ["promises", at, "monotone"];
  if (compared.kind === "too-many")
    return issuesAt(
      source,
      flow,
      path,
      "this promise is about too many conversations to be proved",
      "promise it of a smaller flow",
    );
  const { ways } = compared;
  const lines = [
    ...transcriptOf(source, compared.at.by),
    ...ways.less.map((edge) => `with \`${less}\`: ${answerLine(source, edge)}`),
    ...ways.more.map((edge) => `with \`${more}\`: ${answerLine(source, edge)}`),
  ];
  return issuesAt(
    source,
    flow,
    path,
    `with \`${more}\` instead of \`${less}\`, and all else answered alike, this person gets a less urgent result`,
    "give those with more the more urgent outcome, or take the promise back",
  ).map((issue) => ({ ...issue, transcript: lines }));
}

function issuesAt(
  source: Source,
  flow: Flow,
  path: readonly (string | number)[],
  what: string,
  mend: string,
): readonly Issue[] {
  const file = source.flows.get(flow.id);
  return file === undefined ? [] : [issueAt(file, path, what, mend)];
}
