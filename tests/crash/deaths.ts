import { type Random, shuffled } from "../stand-ins/wire/seeded.ts";
import { type FailPoint, passings } from "./fail-points.ts";

/** How a life is to end. */
export type Plan = {
  readonly end: /** So many acknowledgements after it is ready, and some milliseconds. */
    | { readonly kind: "random"; readonly acknowledgements: number; readonly ms: number }
    /** While it starts: at this share of the time that starts take. */
    | { readonly kind: "starting"; readonly share: number }
    /** By itself, at a fail point. */
    | { readonly kind: "aimed"; readonly at: FailPoint };
  /** What a server is told by its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether the schema gets one more step in this life. */
  readonly addsStep: boolean;
};

/** Every second death is aimed; of the others, one in so many falls while the server starts. */
const oneInStarting = 10;

/** The most acknowledgements before a random end. */
const longestLife = 60;

/**
 * Plans so many deaths, in a random order: every second one is aimed, at each of these fail points in turn. The first is a death in
 * the making of an empty store.
 */
export function deaths(points: readonly FailPoint[], count: number, random: Random): readonly Plan[] {
  const plans = Array.from({ length: count - 1 }, (_, index) => {
    if (index % 2 === 0) return aimedAt(oneOf(points, index / 2), random);
    return unaimed((index + 1) % (2 * oneInStarting) === 0 ? "starting" : "random", random);
  });
  const first: Plan = {
    end: { kind: "aimed", at: "in-migration" },
    environment: { CRASH_AT: "in-migration 1" },
    addsStep: false,
  };
  return [first, ...shuffled(plans, random)];
}

/** Plans so many deaths at nothing but these fail points. */
export function deathsAt(aims: readonly FailPoint[], count: number, random: Random): readonly Plan[] {
  return Array.from({ length: count }, (_, index) => aimedAt(oneOf(aims, index), random));
}

function oneOf(points: readonly FailPoint[], index: number): FailPoint {
  return points[index % points.length] ?? "before-commit";
}

function unaimed(kind: "random" | "starting", random: Random): Plan {
  const end =
    kind === "starting"
      ? { kind, share: random() }
      : { kind, acknowledgements: 1 + Math.floor(random() * longestLife), ms: Math.floor(random() * 10) };
  return { end, environment: calm(random), addsStep: false };
}

function aimedAt(at: FailPoint, random: Random): Plan {
  const passing = 1 + Math.floor(random() * passings[at]);
  const environment = { ...calm(random), CRASH_AT: `${at} ${passing}` };
  const plan: Plan = { end: { kind: "aimed", at }, environment, addsStep: at === "in-migration" };
  return at === "in-checkpoint" ? checkpointed(plan, random) : plan;
}

/** The log file is brought into the database when a server starts, and within a commit once it has grown. */
function checkpointed(plan: Plan, random: Random): Plan {
  const when = random() < 0.5 ? { CRASH_AT: "in-checkpoint 1" } : { CRASH_LOG_PAGES: "1" };
  return { ...plan, environment: { ...plan.environment, ...when } };
}

/** In half of the lives people's turns share transactions, as they do when the last crash is a while ago. */
function calm(random: Random): Readonly<Record<string, string>> {
  return random() < 0.5 ? { CRASH_CALM: "yes" } : {};
}
