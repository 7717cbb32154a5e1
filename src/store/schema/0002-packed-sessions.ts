import type { Migration } from "./migration.ts";

/**
 * Sessions are stored in a packed form from here on. No table changes and no row: each session is sealed under its person's
 * own key, is read in either form, and takes the packed one with the person's next turn. What changes is the number: a
 * program that knows only the first schema can't read that form, and by the number it refuses the store in one sentence
 * instead of failing at each person.
 */
export const packedSessions: Migration = { number: 2, sqlite: "SELECT 1", postgres: "SELECT 1" };
