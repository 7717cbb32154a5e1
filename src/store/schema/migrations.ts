import { first } from "./0001-first.ts";
import { packedSessions } from "./0002-packed-sessions.ts";
import { sealedByChacha } from "./0003-sealed-by-chacha.ts";
import type { Migration } from "./migration.ts";

/** Every migration, oldest first. A published one is never changed: what it got wrong is put right by the next. */
export const migrations: readonly Migration[] = [first, packedSessions, sealedByChacha];
