import { ownOptions } from "../core/flow/compile-flow.ts";
import { type FlowSource, outcomeLevels, type StepSource } from "../core/flow/schema.ts";
import type { FlowId } from "../core/nouns/ids.ts";
import type { Language } from "../core/nouns/language.ts";
import type { FlowWords } from "./flow-words.ts";
import type { Arrow, Box, Picture } from "./picture.ts";
import { type FlowAround, lookOf } from "./step-rows.ts";
import { type Way, waysOf } from "./step-ways.ts";

/** The id of the box where a flow begins; no step can be called so. */
const beginning = "(start)";

/**
 * A flow as boxes and arrows. Steps that nothing leads to and names that are not there are part of it, so that even a
 * flow with mistakes in it can be looked at.
 */
export function pictureOf(flow: FlowId, source: FlowSource, words: FlowWords, language: Language): Picture {
  const around = aroundOf(source, words);
  const ways = new Map(Object.entries(source.steps).map(([id, step]) => [id, waysOf(id, step, words)]));
  const reached = reachedFrom(source.start, ways);
  const steps = Object.entries(source.steps).map(([id, step]) => boxOf(id, step, around, reached.has(id)));
  const arrows = thereAndBack([...ways].flatMap(([id, ofStep]) => arrowsOf(id, ofStep, reached.has(id))));
  const start: Arrow = {
    from: beginning,
    to: source.start,
    labels: [],
    kind: "way",
    spoken: false,
    reachable: true,
  };
  return {
    flow,
    language,
    boxes: [startBox(flow, source), ...steps, ...missingBoxes(source, [start, ...arrows])],
    arrows: [start, ...arrows],
    levels: outcomeLevels
      .filter((level) => Object.values(source.outcomes).some((one) => one.level === level))
      .map((level) => ({ level, words: words.ofLevel(level) })),
  };
}

function aroundOf(source: FlowSource, words: FlowWords): FlowAround {
  return {
    words,
    levelOf: (outcome) => source.outcomes[outcome]?.level,
    sayValue: (name, value) => {
      const step = source.steps[name];
      const isOption =
        step?.kind === "ask" && [...ownOptions(step), "dont-know", "rather-not-say"].includes(String(value));
      return isOption ? `“${words.ofAnswer(name, String(value))}”` : String(value);
    },
  };
}

function reachedFrom(start: string, ways: ReadonlyMap<string, readonly Way[]>): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const id of reached) for (const { to } of ways.get(id) ?? []) reached.add(to);
  return reached;
}

function boxOf(id: string, step: StepSource, around: FlowAround, reachable: boolean): Box {
  const { tone, what, rows, level, opens } = lookOf(id, step, around);
  return {
    id,
    tone,
    shape: step.kind === "end" ? "pill" : opens === undefined ? "box" : "flow",
    caption: `${reachable ? "" : "unreachable · "}${what} · ${id}`,
    band: level === undefined ? undefined : around.words.ofLevel(level),
    rows,
    reachable,
    opens,
  };
}

/** Where the flow begins; what its callers give it and get back stands there too. */
function startBox(flow: FlowId, { params, results }: FlowSource): Box {
  const given = Object.entries(params).map(([name, { answer }]) => `given: ${name} (${answer.kind})`);
  const back = results.length === 0 ? [] : [`gives back: ${results.join(", ")}`];
  const rows = [...given, ...back].map((text) => ({ kind: "tech", text }) as const);
  return {
    id: beginning,
    tone: rows.length === 0 ? "turn" : "say",
    shape: rows.length === 0 ? "pill" : "box",
    caption: flow,
    band: undefined,
    rows,
    reachable: true,
    opens: undefined,
  };
}

/** Ways to the same step are one arrow with all their labels. */
function arrowsOf(from: string, ways: readonly Way[], reachable: boolean): readonly Arrow[] {
  const groups = Map.groupBy(ways, ({ to, late }) => `${late === true} ${to}`);
  return [...groups.values()].flatMap(([first, ...others]): readonly Arrow[] =>
    first === undefined
      ? []
      : [
          {
            from,
            to: first.to,
            labels: [first, ...others].flatMap(({ labels }) => labels),
            kind: first.late === true ? "late" : "way",
            spoken: first.spoken,
            reachable,
          },
        ],
  );
}

/** A step that is gone through and left for where one came from needs no arrow of its own for the way back. */
function thereAndBack(arrows: readonly Arrow[]): readonly Arrow[] {
  const isBack = (arrow: Arrow) => arrow.kind === "way" && arrow.labels.length === 0;
  const backOf = ({ from, to }: Arrow) =>
    arrows.find((one) => one.from === to && one.to === from && isBack(one));
  const answered = arrows.filter(
    ({ kind, labels, from, to }) => kind === "way" && labels.length > 0 && from !== to,
  );
  const merged = new Map(
    answered.flatMap((arrow) => {
      const back = backOf(arrow);
      return back === undefined ? [] : [[arrow, back] as const];
    }),
  );
  const dropped = new Set(merged.values());
  return arrows
    .filter((arrow) => !dropped.has(arrow))
    .map((arrow) => (merged.has(arrow) ? { ...arrow, kind: "both" } : arrow));
}

function missingBoxes({ steps }: FlowSource, arrows: readonly Arrow[]): readonly Box[] {
  const missing = new Set(arrows.map(({ to }) => to).filter((to) => !Object.hasOwn(steps, to)));
  return [...missing].map((id) => ({
    id,
    tone: "missing",
    shape: "box",
    caption: `there is no step ${id}`,
    band: undefined,
    rows: [],
    reachable: false,
    opens: undefined,
  }));
}
