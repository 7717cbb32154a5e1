import { Problem } from "../../app/errors.ts";

/** Why a store takes nothing more, once its process has begun to end: a Problem `store-unavailable`. */
export const storeClosed = (): Problem =>
  new Problem("store-unavailable", "the store is closed: this process is ending", { trouble: "closed" });
