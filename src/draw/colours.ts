import type { Tone } from "./picture.ts";

export type Colour = { readonly fill: string; readonly line: string };

/** Red is for what nothing leads to and for what is not there; no other box comes near it. */
export const unreachableColour = "#dc2626";

export const colours: Readonly<Record<Tone, Colour>> = {
  ask: { fill: "#ffffff", line: "#334155" },
  say: { fill: "#f8fafc", line: "#94a3b8" },
  decide: { fill: "#f5f3ff", line: "#7c3aed" },
  flow: { fill: "#ecfeff", line: "#0e7490" },
  act: { fill: "#fdf4ff", line: "#a21caf" },
  turn: { fill: "#334155", line: "#334155" },
  missing: { fill: "#fef2f2", line: unreachableColour },
  "lawyer-first": { fill: "#fef3c7", line: "#b45309" },
  "worth-asking": { fill: "#dcfce7", line: "#15803d" },
  "not-from-here": { fill: "#dbeafe", line: "#1d4ed8" },
  closed: { fill: "#e5e7eb", line: "#4b5563" },
};
