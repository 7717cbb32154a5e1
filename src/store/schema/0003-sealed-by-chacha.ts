import type { Migration } from "./migration.ts";

/**
 * What is personal is sealed by ChaCha20-Poly1305 from here on. No table changes and no row: each value says which cipher sealed
 * it, is read in either, and is sealed anew whenever it is written. As in 0002, what changes is the number: a program that knows
 * only AES-256-GCM refuses the store in one sentence instead of failing at each person.
 */
export const sealedByChacha: Migration = { number: 3, sqlite: "SELECT 1", postgres: "SELECT 1" };
