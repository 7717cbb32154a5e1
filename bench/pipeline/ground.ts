import { join } from "node:path";
import { benchFolder } from "../folder.ts";
import { copyProduct } from "./servers.ts";

// What the benches of the whole path stand on.

export const token = "1000001:a-token-of-the-bench-only";
export const latencyMs = 20;
export const firstChat = 7_000_001;

// What load the pipelines are measured under, and for how long before.
export const connections = 64;
export const conversations = 1_000;
export const seed = 20260105;
/** Under load, until V8 has compiled what runs often: servers are started seldom and run for long. */
export const warmMs = 15_000;
/** Before a phase of another kind, on a server that is warm. */
export const settleMs = 3_000;

/** Where Node writes processor profiles, where they are wanted. */
export function profiling(into: string | undefined): readonly string[] {
  return into === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${into}`];
}

/** A bench's folder with a copy of the product in it, for its caller to remove. */
export function makeGround(): { readonly folder: string; readonly product: string } {
  const folder = benchFolder();
  const product = join(folder, "product");
  copyProduct(product);
  return { folder, product };
}
