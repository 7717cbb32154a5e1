import { first } from "./0001-first.ts";
import type { Migration } from "./migration.ts";

/** Every migration, oldest first. A published one is never changed: what it got wrong is put right by the next. */
export const migrations: readonly Migration[] = [first];
