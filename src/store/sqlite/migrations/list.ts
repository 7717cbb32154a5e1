import type { Migration } from "../migrate.ts";
import { first } from "./0001-first.ts";

/** Every migration, oldest first. A published one is never changed: what it got wrong is put right by the next. */
export const migrations: readonly Migration[] = [first];
